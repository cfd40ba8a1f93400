import {
  appendSections,
  isSameConfig,
  isSameEntry,
  quote,
  toConfig,
  type ConfigEntry,
} from "../../git/gitConfigText";
import type { OpenGit } from "../../git/openGit";
import { readConfigText } from "../../git/readConfigText";
import { hasChanged } from "./configChange";

/** `from` becomes `to`, where it stands if the key stays the same; without `from` it is added, without `to` taken out. */
export interface EntryChange {
  readonly from?: ConfigEntry;
  readonly to?: ConfigEntry;
}

/**
 * The text with its entries changed. A key may hold a token, so no key and no value is an argument of git: the text is
 * changed here, and git only says what it means, before and after. Throws where one of them is no longer there.
 */
export async function changeEntries(
  openGit: OpenGit,
  dir: string,
  text: string,
  changes: readonly EntryChange[],
): Promise<string> {
  const entries = await readConfigText(openGit, dir, text);
  if (changes.some(({ from }) => from && !entries.some((one) => isSameEntry(one, from)))) throw hasChanged();
  const after = append(cut(text, entries, changes), changes);
  const wanted = toConfig([
    ...entries.flatMap((entry) => (isMoved(entry, changes) ? [] : [replaced(entry, changes)])),
    ...added(changes),
  ]);
  if (!isSameConfig(toConfig(await readConfigText(openGit, dir, after)), wanted))
    throw new Error("git reads the config otherwise than expected");
  return after;
}

function cut(text: string, entries: readonly ConfigEntry[], changes: readonly EntryChange[]): string {
  const sections = scan(text);
  const spans = sections.flatMap(({ variables }) => variables);
  if (spans.length !== entries.length) throw new Error("git reads the config otherwise than expected");
  const edits: { span: Span; to: string }[] = [];
  const gone = new Set<Span>();
  for (const [index, entry] of entries.entries()) {
    const span = spans[index] ?? { start: 0, end: 0 };
    const next = replaced(entry, changes);
    if (isMoved(entry, changes)) {
      gone.add(span);
      edits.push({ span: wholeLine(text, span), to: "" });
    } else if (next !== entry) {
      const name = /^[\w-]+/.exec(text.slice(span.start))?.[0] ?? "";
      edits.push({ span, to: `${name} = ${quote(next.value)}` });
    }
  }
  // A section's name may hold the token too, so an empty one goes.
  for (const { header, variables } of sections) {
    if (variables.length > 0 && variables.every((span) => gone.has(span)))
      edits.push({ span: wholeLine(text, header), to: "" });
  }
  const fromTheEnd = edits.sort((a, b) => b.span.start - a.span.start);
  return fromTheEnd.reduce((all, { span, to }) => all.slice(0, span.start) + to + all.slice(span.end), text);
}

/** In sections of their own at the end; git joins those of one name. */
function append(text: string, changes: readonly EntryChange[]): string {
  const byKey = toConfig(added(changes));
  const edits = [...byKey].map(([key, after]) => ({ key, before: [], after }));
  return appendSections(text, new Map(), edits).text;
}

function added(changes: readonly EntryChange[]): readonly ConfigEntry[] {
  return changes.flatMap(({ from, to }) => (to && to.key !== from?.key ? [to] : []));
}

function isMoved(entry: ConfigEntry, changes: readonly EntryChange[]): boolean {
  return changes.some(({ from, to }) => from && isSameEntry(from, entry) && to?.key !== from.key);
}

function replaced(entry: ConfigEntry, changes: readonly EntryChange[]): ConfigEntry {
  const change = changes.find(({ from, to }) => from && isSameEntry(from, entry) && to?.key === from.key);
  return change?.to ?? entry;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Section {
  readonly header: Span;
  readonly variables: Span[];
}

const blank = /\uFEFF|\s+|[#;][^\n]*/y;
const header = /\[(?:[^\]"\n]|"(?:[^"\\\n]|\\.)*")*\]/y;
/** A name, and a value that may be quoted and may go on in the next line, with the comment behind it. */
const variable =
  /[a-z][a-z0-9-]*[ \t]*(?:=(?:[^"\\#;\n]|\\(?:\r?\n|.)|"(?:[^"\\\n]|\\(?:\r?\n|.))*")*)?(?:[#;][^\n]*)?/iy;

/** https://git-scm.com/docs/git-config#_syntax */
function scan(text: string): readonly Section[] {
  const sections: Section[] = [];
  for (let at = 0; at < text.length;) {
    const [kind, end] = readToken(text, at);
    if (kind === header) sections.push({ header: { start: at, end }, variables: [] });
    if (kind === variable) sections.at(-1)?.variables.push({ start: at, end });
    at = end;
  }
  return sections;
}

function readToken(text: string, at: number): readonly [kind: RegExp, end: number] {
  for (const kind of [blank, header, variable]) {
    kind.lastIndex = at;
    if (kind.test(text)) return [kind, kind.lastIndex];
  }
  throw new Error("git reads the config otherwise than expected");
}

/** With its line, where nothing else stands on that. */
function wholeLine(text: string, { start, end }: Span): Span {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end))?.[0].length;
  const isAlone = text.slice(lineStart, start).trim() === "" && lineEnd !== undefined;
  return isAlone ? { start: lineStart, end: end + lineEnd } : { start, end };
}

/**
 * Lines of ours in a config file that is the person's own. What taking them out needs to know stands in their first
 * line, so the file alone tells it, whoever has changed other lines since.
 */

const begin = "# Connect for Bitbucket added these lines (Set up Git)";
const end = "# End of the lines of Connect for Bitbucket";

const notes = {
  none: "",
  newFile: " to a new file",
  one: " after a line end of its own",
  two: " after two line ends of its own",
} as const;
type Lead = keyof typeof notes;

interface Found {
  readonly start: number;
  readonly stop: number;
  readonly lead: Lead;
  readonly body: string;
}

/** The text with our lines as its last; `undefined` is a file that isn't there. */
export function withOwnLines(text: string | undefined, lines: readonly string[]): string {
  const before = text ?? "";
  const eol = /\r\n/.test(before) ? "\r\n" : "\n";
  // A last line that ends in a backslash goes on in the next, which has to be an empty one.
  const isEnded = before === "" || before.endsWith("\n");
  const goesOn = /\\\r?\n?$/.test(before);
  const missing = (isEnded ? 0 : 1) + (goesOn ? 1 : 0);
  const lead: Lead = text === undefined ? "newFile" : ((["none", "one", "two"] as const)[missing] ?? "none");
  return before + eol.repeat(missing) + [begin + notes[lead], ...lines, end, ""].join(eol);
}

/**
 * The text as it was before our lines: byte for byte where nobody changed anything, and otherwise with every other line
 * as it stands. `isOurs` knows our lines from those of another editor's. The file itself goes where we made it and nothing
 * else is in it.
 */
export function withoutOwnLines(
  text: string,
  lines: readonly string[],
  isOurs: (body: string) => boolean,
): string | undefined {
  const found = find(text, isOurs);
  if (!found) return text;
  const after = text.slice(found.stop);
  const kept = strangersIn(found.body, lines);
  const isLast = after === "" && kept === "";
  const before = isLast ? withoutLead(text.slice(0, found.start), found.lead) : text.slice(0, found.start);
  const left = before + kept + after;
  return left === "" && found.lead === "newFile" ? undefined : left;
}

function find(text: string, isOurs: (body: string) => boolean): Found | undefined {
  for (let start = text.indexOf(begin); start >= 0; start = text.indexOf(begin, start + 1)) {
    const stop = text.indexOf(end, start);
    if (stop < 0) return undefined;
    const next = text.indexOf(begin, start + 1);
    if (next >= 0 && next < stop) continue;
    const lineEnd = text.indexOf("\n", start) + 1;
    const body = text.slice(lineEnd, stop);
    if (!isOurs(body)) continue;
    const said = text.slice(start + begin.length, lineEnd).replace(/\r?\n$/, "");
    const lead = (Object.keys(notes) as Lead[]).find((one) => notes[one] === said) ?? "none";
    const rest = /^\r?\n/.exec(text.slice(stop + end.length, stop + end.length + 2))?.[0] ?? "";
    return { start, stop: stop + end.length + rest.length, lead, body };
  }
  return undefined;
}

/** What somebody else has put between our lines, with the section's header that it needs. */
function strangersIn(body: string, lines: readonly string[]): string {
  const [header = "", ...ours] = lines;
  const found = body.split(/(?<=\n)/);
  const others = found.filter((line) => ![header, ...ours].includes(line.replace(/\r?\n$/, "")));
  if (others.every((line) => line.trim() === "")) return "";
  const hasHeader = others[0]?.trimStart().startsWith("[") ?? false;
  return (hasHeader ? "" : (found.find((line) => line.startsWith(header)) ?? "")) + others.join("");
}

function withoutLead(text: string, lead: Lead): string {
  const count = lead === "one" ? 1 : lead === "two" ? 2 : 0;
  return count === 0 ? text : text.replace(new RegExp(`(?:\\r?\\n){${count}}$`), "");
}

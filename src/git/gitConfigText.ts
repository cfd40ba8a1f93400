/** All values of each key, in order. Keys as git lists them: section and name in lower case. */
export type GitConfig = ReadonlyMap<string, readonly string[]>;

/** One value as git lists it. */
export interface ConfigEntry {
  /** Section and name in lower case. */
  readonly key: string;
  readonly value: string;
}

/** One key's values, before and after. An empty list: the key isn't there. */
export interface ConfigEdit {
  readonly key: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The output of `git config -z --list`. */
export function parseEntries(output: string): readonly ConfigEntry[] {
  return output
    .split("\0")
    .filter((entry) => entry !== "")
    .map(parseEntry);
}

/** `key LF value`, or a key without `=`, which is one that is on. */
export function parseEntry(entry: string): ConfigEntry {
  const end = entry.indexOf("\n");
  return end < 0 ? { key: entry, value: "true" } : { key: entry.slice(0, end), value: entry.slice(end + 1) };
}

export function toConfig(entries: readonly ConfigEntry[]): GitConfig {
  const config = new Map<string, string[]>();
  for (const { key, value } of entries) config.set(key, [...(config.get(key) ?? []), value]);
  return config;
}

export function isSameEntry(one: ConfigEntry, other: ConfigEntry): boolean {
  return one.key === other.key && one.value === other.value;
}

export function isSameConfig(one: GitConfig, other: GitConfig): boolean {
  return one.size === other.size && [...one].every(([key, values]) => isSameList(other.get(key), values));
}

export function isSameList(one: readonly string[] | undefined, other: readonly string[]): boolean {
  return one?.length === other.length && other.every((value, i) => value === one[i]);
}

/**
 * The text with new sections at its end, for the edits whose section isn't there yet, and what it says then: git takes
 * a process and a pause for each value that it adds.
 */
export function appendSections(
  text: string,
  config: GitConfig,
  edits: readonly ConfigEdit[],
): { readonly text: string; readonly config: GitConfig } {
  const known = new Set([...config.keys()].map(sectionOf));
  const added = edits.filter(({ key, after }) => after.length > 0 && !known.has(sectionOf(key)));
  const sections = new Map<string, string>();
  for (const { key, after } of added) {
    const section = sectionOf(key);
    const lines = after.map((value) => `\t${nameOf(key)} = ${quote(value)}\n`).join("");
    sections.set(section, (sections.get(section) ?? `${headerOf(section)}\n`) + lines);
  }
  // A last line that ends in a backslash goes on in the next, which has to be an empty one.
  const end = (text === "" || text.endsWith("\n") ? "" : "\n") + (/\\\n?$/.test(text) ? "\n" : "");
  return {
    text: sections.size === 0 ? text : text + end + [...sections.values()].join(""),
    config: new Map([...config, ...added.map(({ key, after }) => [key, after] as const)]),
  };
}

/** `remote.origin` of `remote.origin.url`; a subsection may have dots of its own. */
function sectionOf(key: string): string {
  return key.slice(0, key.lastIndexOf("."));
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf(".") + 1);
}

/** https://git-scm.com/docs/git-config#_syntax */
function headerOf(section: string): string {
  const dot = section.indexOf(".");
  return dot < 0 ? `[${section}]` : `[${section.slice(0, dot)} "${escape(section.slice(dot + 1))}"]`;
}

/** A value as the file has it: in quotes where it has more than plain letters. */
export function quote(value: string): string {
  if (/^[\w@:/.+*-]*$/.test(value)) return value;
  return `"${escape(value).replaceAll("\n", "\\n").replaceAll("\t", "\\t")}"`;
}

function escape(text: string): string {
  return text.replace(/[\\"]/g, "\\$&");
}

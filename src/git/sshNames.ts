import { readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import { lowerCaseHost } from "../bitbucket/gitUrl";

const longestBytes = 256 * 1024;
const longestLine = 4096;
const deepest = 3;
const mostFiles = 50;

/**
 * The names that a person's `~/.ssh/config` has for a host: `Host work` with `HostName bitbucket.org`. Nothing is run, so
 * what only a `Match exec` would tell stays unknown. https://man.openbsd.org/ssh_config
 */
export function readSshNames(
  host: string,
  file = path.join(homedir(), ".ssh", "config"),
): ReadonlySet<string> {
  const hosts = [host, `altssh.${host}`];
  const names = linesOf(file, 0).reduce<{ current: readonly string[]; found: readonly string[] }>(
    ({ current, found }, [keyword, value]) => {
      if (keyword === "host") return { current: lowerCaseHost(value).split(/\s+/), found };
      if (keyword === "match") return { current: [], found };
      const isOurs = keyword === "hostname" && hosts.includes(lowerCaseHost(value));
      return { current, found: isOurs ? [...found, ...current] : found };
    },
    { current: [], found: [] },
  );
  return new Set(names.found.filter((name) => !/[*?!]/.test(name)));
}

type Line = readonly [keyword: string, value: string];

/** With those of the files that it includes, in their place. */
function linesOf(file: string, depth: number): readonly Line[] {
  return readLines(file).flatMap((line): readonly Line[] => {
    const [, keyword = "", value = ""] = /^\s*([a-z]+)\s*(?:=|\s)\s*"?([^"]*?)"?\s*$/i.exec(line) ?? [];
    if (keyword.toLowerCase() !== "include") return keyword === "" ? [] : [[keyword.toLowerCase(), value]];
    if (depth >= deepest) return [];
    return value.split(/\s+/).flatMap((name) => filesLike(name).flatMap((one) => linesOf(one, depth + 1)));
  });
}

/** A path below `~/.ssh`, whose last part may have `*` in it. */
function filesLike(name: string): readonly string[] {
  const whole = path.resolve(
    homedir(),
    ".ssh",
    name.replace(/^~(?=[/\\])/, () => homedir()),
  );
  const [folder, last] = [path.dirname(whole), path.basename(whole)];
  if (!last.includes("*")) return [whole];
  const [start, end] = [last.slice(0, last.indexOf("*")), last.slice(last.lastIndexOf("*") + 1)];
  const files = attempt(() => readdirSync(folder)) ?? [];
  const fitting = files.filter((one) => one.startsWith(start) && one.endsWith(end)).sort();
  return fitting.slice(0, mostFiles).map((one) => path.join(folder, one));
}

const known = new Map<string, { readonly version: string; readonly lines: readonly string[] }>();

/** Read again only when it has changed: the button asks at each of its changes. */
function readLines(file: string): readonly string[] {
  const stat = attempt(() => statSync(file));
  if (!stat?.isFile() || stat.size > longestBytes) return [];
  const version = `${stat.mtimeMs}:${stat.size}:${stat.ino}`;
  const before = known.get(file);
  if (before?.version === version) return before.lines;
  const lines = (attempt(() => readFileSync(file, "utf8")) ?? "")
    .split(/\r?\n/)
    .filter((line) => line.length < longestLine);
  known.set(file, { version, lines });
  return lines;
}

/** Undefined where it can't be read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

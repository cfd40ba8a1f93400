/** What a pasted git command names, whatever it would do. */
export interface GitCommand {
  /** The words after `git`, without their quotes. */
  readonly words: readonly string[];
  /** The first word that is a remote's URL. */
  readonly address: string | undefined;
  /** The branch of `clone --branch` or `push <remote> <branch>`. */
  readonly branch: string | undefined;
}

/** Undefined where the line is no git command. A prompt or a label before it is fine. */
export function parseGitCommand(line: string): GitCommand | undefined {
  const all = splitWords(line);
  const start = all.findIndex((word, index) => isGit(word) && mayStart(all.slice(0, index)));
  if (start < 0) return undefined;
  const words = all.slice(start + 1);
  return { words, address: words.find(isRemoteUrl), branch: namedBranch(words) };
}

/** By its path too, as in `"C:\\Program Files\\Git\\bin\\git.exe"`. */
function isGit(word: string): boolean {
  return /(?:^|[\\/])git(?:\.exe)?$/i.test(word);
}

/** After a prompt, a label, another command, or what starts one with a changed environment. */
function mayStart(before: readonly string[]): boolean {
  const last = before.at(-1);
  if (last === undefined || /[$%#>:;&|❯➜»]$/.test(last)) return true;
  if (/^(?:sudo|env|time|exec|command|nohup)$/.test(last)) return true;
  return /^\w+=/.test(last) && mayStart(before.slice(0, -1));
}

/** Splits as a shell would, quotes removed; the curly quotes of word processors count as quotes. */
export function splitWords(line: string): readonly string[] {
  const straight = line.replace(/[“”]/g, '"').replace(/[‘’]/g, "'");
  const words = straight.match(/(?:"[^"]*"|'[^']*'|[^\s"']+)+/g) ?? [];
  return words.map((word) => word.replace(/["']/g, ""));
}

function isRemoteUrl(word: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(word) || /^[^\s/:@-][^\s/:@]*@[^\s/:@]+:/.test(word);
}

function namedBranch(words: readonly string[]): string | undefined {
  if (words.includes("clone")) {
    const joined = words.find((word) => word.startsWith("--branch="))?.slice("--branch=".length);
    const option = words.findIndex((word) => word === "-b" || word === "--branch");
    return joined ?? (option < 0 ? undefined : words[option + 1]);
  }
  if (words[0] !== "push") return undefined;
  const named = words.slice(1).filter((word) => !word.startsWith("-"))[1];
  // A refspec names two refs, of which neither need be a branch.
  return named === undefined || /[:+*]|^HEAD$/.test(named) ? undefined : named.replace(/^refs\/heads\//, "");
}

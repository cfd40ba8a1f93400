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
  const start = all.indexOf("git");
  const isAfterPrompt = start === 0 || /[$%#>:]$/.test(all[start - 1] ?? "");
  if (start < 0 || !isAfterPrompt) return undefined;
  const words = all.slice(start + 1);
  return { words, address: words.find(isRemoteUrl), branch: namedBranch(words) };
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
  return words.slice(1).filter((word) => !word.startsWith("-"))[1];
}

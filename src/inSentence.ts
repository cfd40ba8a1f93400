import * as l10n from "@vscode/l10n";

/** Names as a sentence lists them in the editor's language: “a”, “a and b”, “a, b and c”. */
export function inSentence(names: readonly string[]): string {
  const [last = "", ...others] = [...names].reverse();
  if (others.length === 0) return last;
  return l10n.t("{0} and {1}", others.reverse().join(l10n.t(", ")), last);
}

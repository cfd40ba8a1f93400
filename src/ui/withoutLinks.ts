/**
 * Words for a notification, which makes a link of `[text](command:…)` whoever wrote it: Bitbucket, a hook, a remote's
 * URL, a file's name. None of ours means one, so a space of no width keeps it text.
 * https://github.com/microsoft/vscode/blob/1.100.0/src/vs/base/common/linkedText.ts
 */
export function withoutLinks(words: string): string {
  return words.replaceAll("](", "]\u200b(");
}

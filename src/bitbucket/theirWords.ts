/** Somebody else's sentence, to be quoted in one of ours: a full stop follows the quotation, so its own goes. */
export function toQuotation(words: string): string {
  return words.replace(/(?<!\.)[.。]$/, "");
}

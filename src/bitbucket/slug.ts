import * as l10n from "@vscode/l10n";

/** https://support.atlassian.com/bitbucket-cloud/docs/what-is-a-slug/ */
export const longestSlug = 62;

/** Latin letters that no decomposition brings to ASCII; Atlassian's own example is “føøbar”, which becomes `foobar`. */
const latin: Readonly<Record<string, string>> = {
  æ: "ae",
  ð: "d",
  đ: "d",
  ħ: "h",
  ı: "i",
  ł: "l",
  ø: "o",
  œ: "oe",
  ß: "ss",
  þ: "th",
  ŧ: "t",
};

/**
 * A repository's name as it stands in its address, the way Bitbucket makes it: lower case; letters, digits, `_`, `.`
 * and `-` alone, whatever else stands between as one `-`, none at either end; cut before the word that passes 62.
 * Empty where nothing is left. https://github.com/DrFaust92/terraform-provider-bitbucket/pull/147 has cases tried there.
 */
export function toSlug(name: string): string {
  const words = toAscii(name)
    .replace(/[^a-z0-9_.]+/g, "-")
    .replace(/^-|-$/g, "");
  if (words.length <= longestSlug) return words;
  const cut = words.slice(0, longestSlug);
  const end = words[longestSlug] === "-" ? -1 : cut.lastIndexOf("-");
  return (end > 0 ? cut.slice(0, end) : cut).replace(/-$/, "");
}

function toAscii(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\0-\x7f]/g, (letter) => latin[letter] ?? letter);
}

/** `noLetters`: nothing of it can stand in an address; `dots`: `..` is no name in one; `git`: git drops that ending. */
export type NameFault = "empty" | "noLetters" | "dots" | "git";

/** Why a repository can't have this name; undefined where it can. */
export function nameFault(name: string): NameFault | undefined {
  if (name.trim() === "") return "empty";
  const slug = toSlug(name);
  if (slug === "") return "noLetters";
  if (/^\.+$/.test(slug)) return "dots";
  return slug.endsWith(".git") ? "git" : undefined;
}

export function nameFaultMessage(fault: NameFault): string {
  switch (fault) {
    case "empty":
      return l10n.t("Enter a name for the repository.");
    case "noLetters":
      return l10n.t("This name can't be used in a URL. Add Latin letters or digits.");
    case "dots":
      return l10n.t("A URL can't consist of only dots. Add letters or digits.");
    case "git":
      return l10n.t("Git drops “.git” at the end of a URL. Remove it.");
  }
}

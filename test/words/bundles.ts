import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The words of one language by the English ones, or by the manifest's `%key%`. */
export type Words = Readonly<Record<string, string>>;

/** Display languages of the editor that we speak besides English. */
export const languages = ["de", "ja"] as const;
export type Language = (typeof languages)[number];

/** `undefined`: English. */
export function bundleFile(language?: Language): string {
  return join("l10n", language ? `bundle.l10n.${language}.json` : "bundle.l10n.json");
}

export function manifestFile(language?: Language): string {
  return language ? `package.nls.${language}.json` : "package.nls.json";
}

export function readWords(root: string, file: string): Words {
  return JSON.parse(readFileSync(join(root, file), "utf8")) as Words;
}

export interface Gaps {
  readonly lacks: readonly string[];
  readonly hasTooMuch: readonly string[];
}

export function compare(keys: readonly string[], words: Words): Gaps {
  const wanted = new Set(keys);
  return {
    lacks: keys.filter((key) => !words[key]?.trim()),
    hasTooMuch: Object.keys(words).filter((key) => !wanted.has(key)),
  };
}

/** As the keys have it, so that languages can be laid side by side; what has no key comes last. */
export function inOrder(keys: readonly string[], words: Words): Words {
  const known = keys.flatMap((key) => (words[key] === undefined ? [] : [[key, words[key]] as const]));
  return { ...Object.fromEntries(known), ...words };
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleFile, compare, inOrder, languages, manifestFile, readWords, type Words } from "./bundles";
import { readSourceWords } from "./sourceWords";

/**
 * Writes the English words anew from the sources and lays those of the other languages in the same order.
 * @returns what is to be done by hand, a line each
 */
export function updateWords(root: string): readonly string[] {
  const { words, faults } = readSourceWords(root);
  write(root, bundleFile(), Object.fromEntries(words.map((word) => [word, word])));
  const keys = Object.keys(readWords(root, manifestFile()));
  return [
    ...faults,
    ...languages.flatMap((language) => [
      ...updateFile(root, bundleFile(language), words),
      ...updateFile(root, manifestFile(language), keys),
    ]),
  ];
}

function updateFile(root: string, file: string, keys: readonly string[]): readonly string[] {
  const words = readWords(root, file);
  write(root, file, inOrder(keys, words));
  const { lacks, hasTooMuch } = compare(keys, words);
  return [
    ...lacks.map((key) => `${file} lacks “${key}”`),
    ...hasTooMuch.map((key) => `${file} has too much: “${key}”`),
  ];
}

function write(root: string, file: string, words: Words): void {
  writeFileSync(join(root, file), `${JSON.stringify(words, undefined, 2)}\n`);
}

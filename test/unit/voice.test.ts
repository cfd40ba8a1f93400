import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../host/places.mjs";
import { sourceFiles } from "../sources/readSources";
import { bundleFile, manifestFile, readWords } from "../words/bundles";

/** What made readers stumble, and what to write in its place. */
const forbidden: readonly (readonly [RegExp, string])[] = [
  [/\bkept\b/i, "stored"],
  [/\b(takes|is) no\b(?! longer)/i, "can't, isn't"],
  [/\bmend/i, "fix"],
  [/\balone\b/i, "only"],
  [/\bmighty\b/i, "broad"],
  [/e-mail/i, "email"],
  [/\bholds?\b/i, "contains"],
  [/\bwants\b/i, "requires"],
  [/\b(does|do|did|is|are|can) ?not\b/i, "a contraction"],
  [/\btak(e|en|es) (it |the \w+ )?(out|away)\b/i, "remove"],
  [/\bforg(et|ot|otten)\b/i, "remove"],
  [/\b(?<!email |IP |browser's )address\b/i, "URL"],
  [/\borganis/i, "organize"],
  // As a command, a setting's name, a file's or an icon's it stays.
  [/(?<![\w$(.@/-])git\b(?! (clone|config)\b|[-.:]\w)/, "Git"],
];

/** The form's field has this name for people's scripts and screen readers. */
const fixedNames = ["Commit e-mail"];

const lettersOfButton = 24;
const wordsOfMessage = 25;

/** Longer because a person decides there, in a modal dialog, or because several places are to be cleaned. */
const mayBeLong = [
  "Restores the remote {0}",
  "Submodules, terminals and other tools",
  "A submodule's URL contains a token",
];

describe("the voice of the texts", () => {
  const bundle = Object.values(readWords(projectRoot, bundleFile()));
  const manifest = Object.values(readWords(projectRoot, manifestFile()));
  const texts = [...bundle, ...manifest].filter((text) => !fixedNames.includes(text));

  for (const [pattern, better] of forbidden) {
    it(`says “${better}” and never ${String(pattern)}`, () => {
      assert.deepEqual(
        texts.filter((text) => pattern.test(prose(text))),
        [],
      );
    });
  }

  it("keeps messages short", () => {
    const long = bundle.filter((text) => countWords(text) > wordsOfMessage);
    assert.deepEqual(
      long.filter((text) => !mayBeLong.some((start) => text.startsWith(start))),
      [],
    );
  });

  it("keeps buttons short", () => {
    const titles = sourceFiles(projectRoot, ["src"]).flatMap((file) =>
      [...readFileSync(join(projectRoot, file), "utf8").matchAll(/title: l10n\.t\(\s*"([^"]+)"/g)].map(
        ([, title = ""]) => title,
      ),
    );
    assert.ok(titles.length > 30, `${titles.length} buttons`);
    assert.deepEqual(
      titles.filter((title) => title.replace(/ ?\{\d\}/g, "").length > lettersOfButton),
      [],
    );
  });
});

/** Without what is code and without a command's link. */
function prose(text: string): string {
  return text.replace(/`[^`]*`/g, "").replace(/\(command:[^)]*\)/g, "");
}

function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => /\w/.test(word)).length;
}

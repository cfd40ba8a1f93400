import assert from "node:assert/strict";
import { scopes } from "../../src/bitbucket/scopes";
import { projectRoot } from "../host/places.mjs";
import { bundleFile, compare, languages, manifestFile, readWords, type Language } from "../words/bundles";
import { placeholders, readSourceWords, wordsOf } from "../words/sourceWords";
import { parseSource } from "../sources/readSources";

/** Words that are the same in another language. A person has to find those of scopes on Bitbucket's page. */
const sameWords: Readonly<Record<Language, readonly string[]>> = {
  de: [
    ", ",
    "API",
    "Bitbucket",
    "Bitbucket: Push",
    "Branch",
    "Commits",
    "Git",
    "Commits: {0}. Remote: {1}.",
    "Push",
    "Remote",
    "Remotes",
    "Repository",
    "Scopes: {0}.",
    "{0} Tags: {1}.",
    "System",
    "Token",
    "Workspaces: {0}.",
    "URL",
    "VS Code",
    "git.defaultCloneDirectory",
  ],
  ja: ["API", "Bitbucket", "Git", "URL", "VS Code", "git.defaultCloneDirectory"],
};

const quotes: Readonly<Record<Language, readonly [string, string]>> = { de: ["„", "“"], ja: ["「", "」"] };
const allQuotes = "„“”「」";

describe("the words of other languages", () => {
  const source = readSourceWords(projectRoot);
  const english = readWords(projectRoot, bundleFile());
  const manifest = readWords(projectRoot, manifestFile());

  it("come from calls that each take one literal and a value for each of its places", () => {
    assert.deepEqual(source.faults, []);
    assert.ok(source.words.length > 600, `${source.words.length} words`);
  });

  it("have an English bundle that is taken from the sources as they are", () => {
    assert.deepEqual(Object.keys(english), source.words, "run `npm run words`");
    assert.deepEqual(Object.values(english), source.words);
  });

  for (const language of languages) {
    const files = [
      [bundleFile(language), english],
      [manifestFile(language), manifest],
    ] as const;
    for (const [file, originals] of files) {
      const words = readWords(projectRoot, file);
      const pairs = Object.entries(originals).map(([key, original]) => [original, words[key] ?? ""] as const);

      it(`${file} has every word and none too much`, () => {
        assert.deepEqual(compare(Object.keys(originals), words), { lacks: [], hasTooMuch: [] });
      });

      it(`${file} keeps every place for a value, icon, command, setting and code`, () => {
        for (const [original, translated] of pairs)
          assert.deepEqual(marks(translated), marks(original), translated);
      });

      it(`${file} leaves nothing in English but what is the same word`, () => {
        const same = new Set([...sameWords[language], ...scopes.map(({ label }) => label())]);
        const left = pairs.filter(([original, translated]) => original === translated && !same.has(original));
        assert.deepEqual(left, []);
      });

      it(`${file} quotes as its language does`, () => {
        const [open, close] = quotes[language];
        const quoted = new RegExp(`^[^${allQuotes}]*(${open}[^${allQuotes}]*${close}[^${allQuotes}]*)*$`);
        for (const [, translated] of pairs) assert.match(translated, quoted);
      });

      it(`${file} ends a sentence where the English does`, () => {
        const sentences = pairs.filter(([original]) => /\w \w.*[.?]$/.test(original));
        // A list at its end needs no full stop in Japanese.
        const cut = sentences.filter(([, text]) => !/([.?。]|: .*)$/.test(text));
        assert.deepEqual(cut, []);
      });
    }
  }
});

describe("the words' extraction", () => {
  const read = (text: string) =>
    wordsOf(parseSource("a.ts", `import * as l10n from "@vscode/l10n";\n${text}`));

  it("takes literals, once broken over lines or nested in another", () => {
    const { words, faults } = read('l10n.t("One {0}", l10n.t(\n  "two",\n));');
    assert.deepEqual([words, faults], [["One {0}", "two"], []]);
  });

  for (const [name, text] of [
    ["a template", "l10n.t(`Hello ${name}`)"],
    ["a concatenation", 'l10n.t("Hello " + name)'],
    ["a name", "l10n.t(title)"],
    ["a choice", 'l10n.t(isOne ? "one" : "two")'],
    ["no words", 'l10n.t(" ")'],
    ["a place without a value", 'l10n.t("{0} of {1}", one)'],
    ["a value without a place", 'l10n.t("{0}", one, two)'],
    ["the editor's own t", 'vscode.l10n.t("one")'],
    ["a t of its own", 'import { t } from "@vscode/l10n";'],
  ] as const) {
    it(`reports ${name}, with its line`, () => {
      const { faults } = read(text);
      assert.equal(faults.length, 1);
      assert.match(faults[0] ?? "", /^a\.ts:2: /);
    });
  }
});

/** What must be the same in every language: `{0}`, `$(icon)`, `(command:…)`, `code`, settings and straight quotes. */
function marks(text: string): readonly string[] {
  const others = text.match(/\$\([\w-]+\)|\(command:[\w.]+\)|`[^`]+`|\b[a-z]+\.[a-z]+[A-Z]\w*/g) ?? [];
  return [...placeholders(text), ...new Set(others), ...(text.match(/"/g) ?? [])].sort();
}

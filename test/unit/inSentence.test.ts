import assert from "node:assert/strict";
import * as l10n from "@vscode/l10n";
import { inSentence } from "../../src/inSentence";
import { read } from "./packageFiles";

describe("names in a sentence", () => {
  afterEach(() => {
    l10n.config({ contents: {} });
  });

  for (const [language, expected] of [
    [undefined, ["", "a", "a and b", "a, b and c"]],
    ["de", ["", "a", "a und b", "a, b und c"]],
    ["ja", ["", "a", "a、b", "a、b、c"]],
  ] as const) {
    it(`are listed as ${language ?? "English"} does`, () => {
      if (language) l10n.config({ contents: read(`l10n/bundle.l10n.${language}.json`) });
      const lists = [[], ["a"], ["a", "b"], ["a", "b", "c"]].map(inSentence);
      assert.deepEqual(lists, expected);
    });
  }
});

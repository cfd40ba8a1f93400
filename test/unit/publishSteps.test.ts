import assert from "node:assert/strict";
import type { FolderFile } from "../../src/flows/publish/prepareFolderFiles";
import { describeName, isEmail, isPersonName, toFileItems } from "../../src/ui/publish/publishItems";
import { runSteps, type Step, type StepAnswer } from "../../src/ui/publish/publishSteps";

interface Answers {
  readonly a: string;
  readonly b: string;
  readonly c: string;
}

describe("the questions of publishing", () => {
  let shown: string[];
  beforeEach(() => {
    shown = [];
  });

  /** Answers as told, one word after the other; “<” goes back, “esc” goes away. */
  function steps(
    script: string[],
    isNeeded: Partial<Record<keyof Answers, (answers: Answers) => boolean>> = {},
  ) {
    return (["a", "b", "c"] as const).map((key): Step<Answers> => ({
      isNeeded: isNeeded[key] ?? (() => true),
      ask: (answers, { step, total }) => {
        shown.push(`${key} ${step}/${total} ${answers[key]}`.trim());
        const said = script.shift() ?? "esc";
        const answer: StepAnswer<Answers> =
          said === "esc"
            ? undefined
            : said === "<"
              ? { kind: "back" }
              : { kind: "next", answers: { ...answers, [key]: said } };
        return Promise.resolve(answer);
      },
    }));
  }

  const none: Answers = { a: "", b: "", c: "" };

  it("come one after the other, each with its number", async () => {
    assert.deepEqual(await runSteps(steps(["1", "2", "3"]), none), { a: "1", b: "2", c: "3" });
    assert.deepEqual(shown, ["a 1/3", "b 2/3", "c 3/3"]);
  });

  it("can be gone back through, with what was answered still there", async () => {
    assert.deepEqual(await runSteps(steps(["1", "2", "<", "<", "x", "y", "z"]), none), {
      a: "x",
      b: "y",
      c: "z",
    });
    assert.deepEqual(shown, ["a 1/3", "b 2/3", "c 3/3", "b 2/3 2", "a 1/3 1", "b 2/3 2", "c 3/3"]);
  });

  it("leave out what is answered, and what an answer makes needless, also on the way back", async () => {
    const isNeeded = { b: () => false, c: ({ a }: Answers) => a !== "no" };
    assert.deepEqual(await runSteps(steps(["yes", "<", "no"], isNeeded), none), { a: "no", b: "", c: "" });
    assert.deepEqual(shown, ["a 1/2", "c 2/2", "a 1/2 yes"]);
  });

  it("give nothing when the person goes away, at any of them", async () => {
    for (const script of [["esc"], ["1", "esc"], ["1", "2", "<", "esc"]]) {
      assert.equal(await runSteps(steps(script), none), undefined);
    }
  });

  it("are none where all is answered", async () => {
    const isNeeded = { a: () => false, b: () => false, c: () => false };
    assert.deepEqual(await runSteps(steps([], isNeeded), none), none);
  });

  describe("the name", () => {
    for (const [name, place, kind, text] of [
      ["payments", "free", "hint", "Its URL: acme/payments"],
      ["Payments API", "unknown", "hint", "Bitbucket's URL for it: acme/payments-api"],
      ["Payments API", "taken", "problem", "acme/payments-api already exists. Choose another name."],
      ["payments", "empty", "warning", "acme/payments exists and is empty. It will be used."],
      ["", "free", "problem", "Enter a name for the repository."],
    ] as const) {
      it(`“${name}”, ${place}: ${text}`, () => {
        assert.deepEqual(describeName(name, "acme", place), { text, kind });
      });
    }
  });

  describe("the files", () => {
    const files: FolderFile[] = [
      { path: "a.txt", sizeBytes: 1 },
      { path: "b.bin", sizeBytes: 73 * 1024 * 1024, warning: "big" },
      { path: "c/.env", sizeBytes: 1, warning: "secret" },
      { path: "lib/", sizeBytes: 0, warning: "repository" },
    ];

    it("are ticked but for those that should be looked at, which come first and say why", () => {
      assert.deepEqual(
        toFileItems(files, undefined).map(({ path, description, picked }) => [path, description, picked]),
        [
          ["b.bin", "large: 73 MB", false],
          ["c/.env", "looks like a secret", false],
          ["lib/", "its own repository: Git stores a link to it, not its files", false],
          ["a.txt", "", true],
        ],
      );
    });

    it("are ticked as they were left when the person comes back", () => {
      const picked = toFileItems(files, ["c/.env"]).filter((item) => item.picked);
      assert.deepEqual(
        picked.map((item) => item.path),
        ["c/.env"],
      );
    });
  });

  it("take a name and an e-mail that git takes", () => {
    assert.deepEqual(["Ada", "Ada L.", "", ".", "A <b>"].map(isPersonName), [
      true,
      true,
      false,
      false,
      false,
    ]);
    assert.deepEqual(["a@b", "a@b.c", "a", "a b@c", "<a@b>"].map(isEmail), [true, true, false, false, false]);
  });
});

import assert from "node:assert/strict";
import { readPushFailure } from "../../src/failures/gitFailure";
import { pushFailureReports } from "./support/pushFailureReports";

describe("why a push failed", () => {
  for (const { source, stderr, kind } of pushFailureReports) {
    it(`${kind}: ${source}`, () => {
      assert.equal(readPushFailure(stderr).kind, kind);
    });
  }

  it("has thirty reports and more to go by, each from another place", () => {
    assert.ok(pushFailureReports.length >= 30, String(pushFailureReports.length));
    assert.equal(new Set(pushFailureReports.map((one) => one.source)).size, pushFailureReports.length);
  });

  it("keeps a hook's words as they are, without git's “remote:” and terminal colours", () => {
    const failure = readPushFailure(
      [
        "remote: Resolving deltas: 100% (2/2)        ",
        "remote: \u001b[31mCommit <b>1f2</b> names no **issue**\u001b[0m        ",
        "remote:   see the wiki        ",
        " ! [remote rejected] main -> main (pre-receive hook declined)",
      ].join("\n"),
    );
    assert.deepEqual(failure, {
      kind: "hookDeclined",
      words: "Commit <b>1f2</b> names no **issue**\n  see the wiki",
    });
  });

  it("shows no sign-in out of a URL, nor text that runs backwards, nor more than a screenful", () => {
    const failure = readPushFailure(
      `x https://x-token-auth:s3cret@bitbucket.org/a/b \u202ereversed ${"y".repeat(5000)}`,
    );
    assert.ok("words" in failure);
    assert.doesNotMatch(failure.words, /s3cret|\u202e/);
    assert.ok(failure.words.length <= 1000);
  });

  it("believes git over what a hook of the repository printed before", () => {
    const failure = readPushFailure(
      "husky - pre-push: returned error: 500\n ! [rejected] main -> main (fetch first)\nerror: failed to push some refs to 'x'",
    );
    assert.equal(failure.kind, "notFastForward");
  });

  it("names the reason in brackets where the server said nothing else", () => {
    const failure = readPushFailure(" ! [remote rejected] main -> main (shallow update not allowed)\n");
    assert.deepEqual(failure, { kind: "hookDeclined", words: "shallow update not allowed" });
  });
});

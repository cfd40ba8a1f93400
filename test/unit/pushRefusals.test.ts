import assert from "node:assert/strict";
import type { Fix } from "../../src/errors";
import type { PushFailure } from "../../src/failures/gitFailure";
import { explainPushFailure, type PushContext } from "../../src/failures/push";

const replaceToken: Fix = { kind: "runCommand", title: "Replace token", command: "x" };
const newBranch: Fix = { kind: "retry", title: "Push to a new branch", change: { first: "newBranch" } };
const context: PushContext = {
  site: { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" },
  repository: { workspace: "acme", slug: "payments" },
  kind: "repository",
  branch: "main",
  replaceToken,
  newBranch,
};
const said = "Name an issue.";

const expected: readonly [PushFailure, code: string, words: RegExp, buttons: readonly string[]][] = [
  [
    { kind: "tokenRejected" },
    "TokenRejected",
    /rejected the token for acme\/payments/,
    ["Replace token", "Open token page"],
  ],
  [{ kind: "signInAsked" }, "TokenRejected", /found no token for/, ["Connect repository", "Try again"]],
  [
    { kind: "forbidden", words: "" },
    "TokenLacksScope",
    /can't push.*\(403\).*repository:write/,
    ["Replace token", "Open token page"],
  ],
  [
    { kind: "forbidden", words: said },
    "TokenLacksScope",
    /Bitbucket says: “Name an issue\.”/,
    ["Replace token", "Open token page"],
  ],
  [{ kind: "notFound" }, "RepositoryNotFound", /a repository named acme\/payments/, ["Open on Bitbucket"]],
  [{ kind: "appPassword" }, "TokenRejected", /App passwords.*\(410\)/, ["Replace token", "Open token page"]],
  [{ kind: "planForbids" }, "PushRejected", /plan of the workspace acme.*\(402\)/, ["Open plan"]],
  [
    { kind: "notSupported", words: said },
    "PushRejected",
    /signed pushes or push options/,
    ["Push without them"],
  ],
  [{ kind: "cannotSign", words: said }, "PushRejected", /can't sign/, ["Try again", "Learn more"]],
  [{ kind: "tooLarge", words: "" }, "PushRejected", /larger than Bitbucket accepts/, ["Learn more"]],
  [{ kind: "rateLimited" }, "RateLimited", /rate limit/, ["Try again"]],
  [{ kind: "serverProblem", status: "503" }, "BadAnswer", /status 503/, ["Try again"]],
  [{ kind: "untrustedCertificate" }, "Offline", /certificate of bitbucket\.org/, ["Try again"]],
  [{ kind: "tlsFailed" }, "Offline", /TLS/, ["Try again"]],
  [{ kind: "proxyRefused" }, "Offline", /proxy didn't let Git connect/, ["Try again"]],
  [{ kind: "offline" }, "Offline", /can't reach bitbucket\.org/, ["Try again"]],
  [{ kind: "notFastForward" }, "PushRejected", /you don't have/, ["Pull"]],
  [{ kind: "tagExists" }, "PushRejected", /same tag on another commit/, ["Push without tags"]],
  [{ kind: "noSuchBranch" }, "BranchNotFound", /have the branch main/, []],
  [
    { kind: "branchRestricted", words: said },
    "PushRejected",
    /“Name an issue”\. .*pull request/,
    ["Push to a new branch"],
  ],
  [
    { kind: "hookDeclined", words: said },
    "PushRejected",
    /rejected the push: “Name an issue”\. /,
    ["Try again"],
  ],
  [
    { kind: "localHook", words: said },
    "PushRejected",
    /local hook rejected.*“Name an issue”\. /,
    ["Try again"],
  ],
  [{ kind: "largeFileStorage", words: said }, "PushRejected", /Git LFS.*“Name an issue”\. /, ["Try again"]],
  [
    { kind: "sshRefused", words: said },
    "TokenRejected",
    /rejected your SSH key/,
    ["Learn more", "Connect repository"],
  ],
  [{ kind: "other", words: said }, "PushRejected", /couldn't push: “Name an issue”\. /, ["Try again"]],
];

describe("the words for a failed push", () => {
  for (const [failure, code, words, buttons] of expected) {
    it(`${failure.kind}: ${code}, with ${buttons.join(" and ") || "no button"}`, () => {
      const error = explainPushFailure(failure, context);
      assert.equal(error.code, code);
      assert.match(error.message, words);
      assert.deepEqual(
        error.fixes.map((fix) => fix.title),
        buttons,
      );
    });
  }

  it("differ from failure to failure", () => {
    const messages = expected.map(([failure]) => explainPushFailure(failure, context).message);
    assert.equal(new Set(messages).size, messages.length);
  });

  it("never say please, never shout, never offer force", () => {
    for (const [failure] of expected) {
      const { message, fixes } = explainPushFailure(failure, context);
      assert.doesNotMatch(`${message} ${JSON.stringify(fixes)}`, /please|!|force/i);
    }
  });

  it("lead an API token's owner to the API tokens' page", () => {
    const { fixes } = explainPushFailure({ kind: "tokenRejected" }, { ...context, kind: "api" });
    assert.ok(fixes.some((fix) => fix.kind === "openUrl" && fix.url.startsWith("https://id.atlassian.com/")));
  });
});

import assert from "node:assert/strict";
import { URI } from "vscode-uri";
import { readRemoteUrl } from "../../src/bitbucket/address";
import type { GitApiRepository } from "../../src/git/vscodeGitApi";
import { VscodePushErrorHandler, type FailedPush } from "../../src/git/vscodePushErrorHandler";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
const repository = { rootUri: URI.file("/work/payments") } as unknown as GitApiRepository;

describe("a failed push of the editor's own", () => {
  let told: FailedPush[];
  /** What Git pushes to by the remote, whatever the editor says of it. */
  let pushUrl: string;
  let handler: VscodePushErrorHandler;

  beforeEach(() => {
    told = [];
    handler = new VscodePushErrorHandler(
      () => Promise.resolve(readRemoteUrl(pushUrl, site).repository),
      (failed) => {
        told.push(failed);
        return Promise.resolve(true);
      },
    );
  });

  const handle = (url: string, refspec = "main:main") => {
    pushUrl = url;
    return handler.handlePushError(
      repository,
      { name: "origin", fetchUrl: "bb:acme/payments", pushUrl: "bb:acme/payments" },
      refspec,
      Object.assign(new Error("Failed to execute git"), { stderr: "returned error: 403" }),
    );
  };

  for (const url of ["https://github.com/a/b.git", "https://bitbucket.org.evil.tld/a/b.git", "/srv/a.git"]) {
    it(`is left to the editor where it went to ${url}`, async () => {
      assert.equal(await handle(url), false);
      assert.deepEqual(told, []);
    });
  }

  it("is told with branch, target and all that git said where it went to Bitbucket", async () => {
    assert.equal(await handle("https://bitbucket.org/acme/payments.git", "trunk:refs/heads/main"), true);
    const [failed] = told;
    assert.deepEqual(failed?.pushed, {
      remote: "origin",
      repository: { workspace: "acme", slug: "payments" },
      branch: "trunk",
      target: "main",
    });
    assert.match(failed.error.message, /returned error: 403/);
  });

  it("takes a branch without a target for one of the same name", async () => {
    await handle("git@bitbucket.org:acme/payments.git", "feature/x");
    assert.deepEqual([told[0]?.pushed.branch, told[0]?.pushed.target], ["feature/x", "feature/x"]);
  });
});

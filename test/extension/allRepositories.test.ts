import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandIds } from "../../src/commands/ids";
import { configText, ConnectStage, git, gitOnline, run, write } from "./support/connectStage";

interface AllResult {
  readonly connected: readonly { readonly folder: string; readonly repository: string }[];
  readonly left: readonly { readonly folder: string; readonly code: string; readonly message: string }[];
}

describe("many repositories at once, in the editor", () => {
  let stage: ConnectStage;

  before(async () => {
    stage = await ConnectStage.open();
  });
  after(() => stage.close());

  it("are connected by bitbucketConnect.connectAll, where a bad folder costs only itself (P41)", async () => {
    const appPassword = "ATBBx3JkUq9ZtYw8mNvB5cRd7eLh2pSgKf0A1B2C3D4";
    const all = [stage.prepare(), stage.prepare(), stage.prepare()];
    for (const { folder, url } of all)
      git(folder, "remote", "add", "origin", url.replace("://", `://ada:${appPassword}@`));
    const scopes = [...write];
    const token = stage.bitbucket.addToken({ kind: "workspace", workspace: "acme", scopes, name: "for all" });
    await run(commandIds.addToken, { token: token.secret });
    const bad = stage.newFolder();
    const folders = [...all.map(({ folder }) => folder), bad];
    const result = await run<AllResult>(commandIds.connectAll, { folders });
    assert.deepEqual(
      result.connected,
      all.map(({ folder, repository }) => ({ folder, repository })),
    );
    assert.deepEqual(
      result.left.map(({ folder, code }) => [folder, code]),
      [[bad, "NotARepository"]],
    );
    for (const { folder } of all) {
      assert.ok(!configText(folder).includes(appPassword));
      await gitOnline(folder, "fetch", "-q");
    }
  });

  it("clone in any terminal once bitbucketConnect.setUpGit has set up Git, and no more after (P40)", async () => {
    const { folder, repository, url, token } = stage.prepare();
    await run(commandIds.connectRepository, { folder, repository, token });
    const work = stage.newFolder();
    writeFileSync(join(work, "README"), "");
    await assert.rejects(gitOnline(work, "clone", "-q", url, "before"));
    assert.deepEqual(await run(commandIds.setUpGit, { enable: true }), { enabled: true });
    try {
      await gitOnline(work, "clone", "-q", url, "there");
    } finally {
      assert.deepEqual(await run(commandIds.setUpGit, { enable: false }), { enabled: false });
    }
    await assert.rejects(gitOnline(work, "clone", "-q", url, "after"));
  });
});

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { commandIds } from "../../src/commands/ids";
import { assertFails, connect, ConnectStage, git, gitOnline, write } from "./support/connectStage";

describe("bitbucketConnect.replaceToken, with a token and nothing else", () => {
  let stage: ConnectStage;

  before(async () => {
    // A token of a Bitbucket that the settings name no more is kept too.
    const former = await ConnectStage.open();
    const { folder, repository, token } = former.prepare();
    await connect({ folder, repository, token, push: false });
    await former.close();
    stage = await ConnectStage.open();
  });
  after(() => stage.close());

  const replace = (argument: object) => vscode.commands.executeCommand(commandIds.replaceToken, argument);

  it("says that none is stored for this Bitbucket, and leads to Add token", async () => {
    const { token } = stage.prepare();
    const { fixes, message } = await assertFails(Promise.resolve(replace({ token })), "InvalidToken", token);
    assert.match(message, /No token is stored yet/);
    assert.deepEqual(
      fixes.map(({ title }) => title),
      ["Add token"],
    );
  });

  it("replaces the one of the repository whose file is open, though others are kept", async () => {
    const [one, other] = [stage.prepare(), stage.prepare()];
    for (const { folder, repository, token } of [one, other]) await connect({ folder, repository, token });
    await vscode.window.showTextDocument(vscode.Uri.joinPath(vscode.Uri.file(other.folder), "README.md"));
    const { repository } = other;
    const { secret } = stage.bitbucket.addToken({
      kind: "repository",
      repository,
      scopes: write,
      name: "new",
    });
    assert.deepEqual(await replace({ token: secret }), { replaced: [repository], left: [] });
    stage.bitbucket.revoke(other.tokenName);
    git(other.folder, "commit", "-q", "--allow-empty", "-m", "With the new one");
    await gitOnline(other.folder, "push", "-q");
    assert.equal(
      (await stage.bitbucket.refs(repository)).get("refs/heads/main"),
      git(other.folder, "rev-parse", "main"),
    );
  });
});

import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fullName } from "../../src/bitbucket/site";
import { disconnectRepository } from "../../src/flows/connect/disconnectRepository";
import { forgetToken } from "../../src/flows/tokens/forgetToken";
import { replaceToken } from "../../src/flows/tokens/replaceToken";
import { forgetQuestion, forgottenMessage } from "../../src/ui/tokens/tokenManagerWords";
import { startBitbucket, type Bitbucket } from "../bitbucket/startBitbucket";
import { addOwnHelper, configText, filesHolding, git, gitOnline } from "./support/connectStage";
import { GitRepository } from "./support/gitRepository";
import { TokenDesk } from "./support/tokenDesk";

const signal = new AbortController().signal;

describe("forgetting a token", () => {
  let bitbucket: Bitbucket;
  let desk: TokenDesk;

  before(async () => {
    bitbucket = await startBitbucket();
  });
  after(() => bitbucket.close());
  beforeEach(() => {
    desk = new TokenDesk(bitbucket);
  });
  afterEach(() => desk.close());

  for (const mode of ["vscode", "credentialHelper", "remoteUrl"] as const) {
    it(`forgets it and what hands it to git, and others go on (P12, ${mode})`, async () => {
      const own = addOwnHelper(desk.stage);
      const other = await desk.connected(mode);
      const { token, local, slug, repository, before } = await desk.connected(mode);
      const outcome = await desk.forget(token.secret);
      assert.deepEqual(outcome, {
        isForgotten: true,
        repositories: [repository],
        leftIn: [],
        notReached: [],
      });
      assert.ok(!JSON.stringify(desk.open.secrets.all()).includes(token.secret));
      assert.deepEqual(filesHolding(local.root, token.secret), []);
      assert.deepEqual(filesHolding(desk.stage.home, token.secret), []);
      if (mode === "credentialHelper") assert.match(own.calls(), /erase/);
      await assert.rejects(gitOnline(local.root, "fetch", "-q"), /could not read|terminal prompts disabled/);
      await commitAndPush(other.local.root);
      const next = desk.addToken("repository", slug);
      await replaceToken(desk.open.ports, { repository, token: next, expires: undefined }, signal);
      await commitAndPush(local.root); // the connection was still there
      await desk.forget(next.secret);
      await disconnect(local.root);
      assert.equal(configText(local), before);
    });
  }

  it("forgets one whose folder is gone, in the person's own helper too", async () => {
    const own = addOwnHelper(desk.stage);
    const { token, local } = await desk.connected("credentialHelper");
    rmSync(local.root, { recursive: true });
    assert.deepEqual((await desk.forget(token.secret)).notReached, []);
    assert.equal(readFileSync(own.file, "utf8"), "");
    assert.deepEqual(await desk.describeAll(), []);
  });

  it("says where a folder that is gone had it in plain text", async () => {
    const { secret } = desk.addToken("repository", "plain");
    await desk.kept("plain", secret);
    const folder = await desk.recorded("plain", "remoteUrl");
    rmSync(folder, { recursive: true });
    const outcome = await desk.forget(secret);
    assert.deepEqual(outcome.notReached, [folder]);
    assert.match(forgottenMessage(outcome), /doesn't exist now/);
    assert.deepEqual(await desk.describeAll(), []);
  });

  it("forgets it for all the repositories that it serves, which are named before", async () => {
    const { secret } = desk.addToken("workspace", "shared");
    await desk.kept("one", secret);
    await desk.kept("two", secret);
    const question = forgetQuestion(await desk.described(secret), false);
    assert.match(question.detail, /asks for a password, for: acme\/one and acme\/two\./);
    assert.match(question.detail, /stays valid on Bitbucket/);
    const { repositories } = await desk.forget(secret);
    assert.deepEqual(repositories.map(fullName), ["acme/one", "acme/two"]);
    assert.deepEqual(await desk.describeAll(), []);
  });

  it("tells of an address of the person's own that still holds it", async () => {
    const { secret } = desk.addToken("repository", "mine");
    await desk.kept("mine", secret);
    const folder = await desk.recorded("mine");
    const url = `https://x-token-auth:${encodeURIComponent(secret)}@bitbucket.org/acme/mine.git`;
    git(folder, "remote", "add", "mine", url);
    const outcome = await desk.forget(secret);
    assert.deepEqual(outcome.leftIn, [folder]);
    assert.ok(forgottenMessage(outcome).includes(folder));
    assert.equal(git(folder, "remote", "get-url", "mine"), url);
  });

  it("forgets nothing where another token has taken its place meanwhile", async () => {
    const [old, next] = [desk.addToken("workspace", "old"), desk.addToken("workspace", "next")];
    await desk.kept("one", old.secret);
    const one = await desk.described(old.secret);
    await desk.kept("one", next.secret);
    const outcome = await forgetToken(desk.open.ports, one, signal);
    assert.deepEqual(outcome.repositories, []);
    assert.match(forgottenMessage(outcome), /Nothing was removed/);
    assert.ok(await desk.described(next.secret));
  });

  it("goes no further once the person cancels", async () => {
    const { secret } = desk.addToken("workspace", "shared");
    await desk.kept("one", secret);
    await forgetToken(desk.open.ports, await desk.described(secret), AbortSignal.abort());
    assert.ok(await desk.described(secret));
  });

  it("forgets it for the others too where taking one back fails, which can be tried again", async () => {
    const shared = desk.addToken("workspace", "shared");
    const first = await desk.connected("remoteUrl", { secret: shared.secret });
    const second = await desk.connected("remoteUrl", { secret: shared.secret });
    let failures = 1;
    desk.at = (action) => {
      if (/--replace-all remote\.origin\.url/.test(action) && failures-- > 0) throw new Error("disk full");
    };
    await assert.rejects(desk.forget(shared.secret), /disk full/);
    assert.deepEqual((await desk.described(shared.secret)).repositories, [first.repository]);
    assert.deepEqual(filesHolding(second.local.root, shared.secret), []);
    await desk.forget(shared.secret);
    assert.deepEqual(filesHolding(first.local.root, shared.secret), []);
    assert.deepEqual(await desk.describeAll(), []);
  });

  async function commitAndPush(root: string): Promise<void> {
    git(root, "commit", "-q", "--allow-empty", "-m", "Goes on");
    await gitOnline(root, "push", "-q");
  }

  async function disconnect(root: string): Promise<void> {
    const [connection] = await desk.open.ports.connections.get(join(root, ".git"));
    assert.ok(connection);
    await disconnectRepository(desk.open.ports, new GitRepository(root), connection, false);
  }
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../src/errors";
import { checkConnection } from "../../src/flows/check/checkConnection";
import { planPush } from "../../src/flows/push/planPush";
import { pushRepository } from "../../src/flows/push/pushRepository";
import { startBitbucket, type Bitbucket } from "../bitbucket/startBitbucket";
import { filesHolding, git, gitOnline } from "./support/connectStage";
import type { GitRepository } from "./support/gitRepository";
import { TokenDesk } from "./support/tokenDesk";

const signal = new AbortController().signal;

describe("a refused push where git has a token of its own", () => {
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

  async function refusal(local: GitRepository): Promise<UserError> {
    git(local.root, "commit", "-q", "--allow-empty", "-m", "More");
    const plan = await planPush(desk.open.ports, local, {});
    const error: unknown = await pushRepository(desk.open.ports, local, plan, () => undefined, signal).catch(
      (one: unknown) => one,
    );
    assert.ok(error instanceof UserError && error.code === "TokenRejected", String(error));
    return error;
  }

  const titles = ({ fixes }: UserError) => fixes.map(({ title }) => title);

  function withPasted(slug: string, local: GitRepository) {
    const pasted = desk.addToken("repository", slug);
    const url = `${bitbucket.webUrl}/acme/${slug}.git`;
    const signIn = `x-token-auth:${encodeURIComponent(pasted.secret)}`;
    git(local.root, "remote", "set-url", "origin", url.replace("://", `://${signIn}@`));
    return pasted;
  }

  it("leads to the check, after whose fix the kept token pushes", async () => {
    const { slug, local } = await desk.connected("vscode");
    const pasted = withPasted(slug, local);
    bitbucket.revoke(pasted.name);
    const error = await refusal(local);
    assert.deepEqual(titles(error), ["Check connection", "Replace token", "Open token page"]);
    assert.match(error.message, /in plain text.*“Replace token” can't change it/);
    assert.ok(!error.message.includes(pasted.secret.slice(0, 30)));
    const [first] = error.fixes;
    assert.ok(first?.kind === "runCommand" && first.command === "bitbucketConnect.checkConnection");
    assert.deepEqual(first.args, [{ folder: local.root }]);
    const options = { reminderDays: 14, clock: Date.now, signal };
    const { findings } = await checkConnection(desk.open.ports, local, options);
    const fix = findings.find(({ id }) => id === "token-in-url")?.fix;
    assert.ok(fix?.kind === "repair");
    await fix.apply(signal);
    assert.deepEqual(filesHolding(join(local.root, ".git"), pasted.secret), []);
    await gitOnline(local.root, "push", "-q");
  });

  it("leads there for a header too, and where no token is kept", async () => {
    const { secret, name } = desk.addToken("workspace", "any");
    const { local } = await desk.connected("vscode", { secret });
    const header = Buffer.from(`x-token-auth:${secret}`).toString("base64");
    git(local.root, "config", "http.extraHeader", `Authorization: Basic ${header}`);
    await desk.forget(secret);
    bitbucket.revoke(name);
    assert.deepEqual(titles(await refusal(local)), ["Check connection", "Add token", "Connect repository"]);
  });

  for (const gitAccess of ["vscode", "remoteUrl"] as const) {
    it(`does not where replacing reaches what git has (${gitAccess})`, async () => {
      const { secret, name } = desk.addToken("workspace", "any");
      const { local } = await desk.connected(gitAccess, { secret });
      bitbucket.revoke(name);
      assert.deepEqual(titles(await refusal(local)), ["Replace token", "Open token page"]);
    });
  }
});

import assert from "node:assert/strict";
import type { TokenKind } from "../../src/bitbucket/token";
import { RepositoryLister } from "../../src/flows/clone/listRepositories";
import { readReaches } from "../../src/flows/clone/listRepositoriesReach";
import { findServingToken } from "../../src/flows/tokens/findServingToken";
import { proveAccess } from "../../src/flows/tokens/proveAccess";
import { startBitbucket, type Bitbucket } from "../bitbucket/startBitbucket";
import { createStage, openPorts, removeStage, useHome, type ConnectStage } from "./support/connectStage";

const { signal } = new AbortController();
const account = "ada@example.com";
const scopes = ["read:repository:bitbucket", "write:repository:bitbucket"];
const payments = { workspace: "acme", slug: "payments" };
const shop = { workspace: "globex", slug: "shop" };

describe("the stored token that serves a repository", () => {
  let bitbucket: Bitbucket;
  let stage: ConnectStage;
  let open: ReturnType<typeof openPorts>;

  beforeEach(async () => {
    bitbucket = await startBitbucket();
    stage = createStage({ webUrl: bitbucket.webUrl, apiUrl: bitbucket.apiUrl });
    useHome(stage);
    open = openPorts(stage);
    for (const name of ["acme/payments", "acme/ledger", "globex/shop"]) bitbucket.addRepository(name);
  });
  afterEach(async () => {
    await open.close();
    removeStage(stage);
    await bitbucket.close();
  });

  const find = (repository: typeof payments) =>
    findServingToken(open.ports, repository, (token) =>
      proveAccess(open.ports, { repository, token, needs: ["repository:write"] }, signal),
    );
  const calls = () => bitbucket.requests.filter(({ path }) => path.startsWith("/2.0/")).length;
  const stored = (secret: string, kind: TokenKind, given = {}) => ({
    ...{ secret, kind, scopes: [], savedAt: "", ...given },
  });

  it("is never one that is limited to another workspace, and Bitbucket refuses that once (W10)", async () => {
    const limited = { kind: "api", account, workspace: "acme", scopes, name: "limited" } as const;
    const { secret } = bitbucket.addToken(limited);
    await open.ports.tokens.save(stage.site, payments, stored(secret, "api", { account }));
    assert.equal(await find(shop), undefined);
    const asked = calls();
    assert.ok(asked > 0);
    assert.equal(await find(shop), undefined);
    assert.equal(calls(), asked, "asked no more");
    assert.equal((await find({ workspace: "acme", slug: "ledger" }))?.candidate.token.secret, secret);
  });

  it("is not asked about where Bitbucket has listed the workspaces it may see (W10)", async () => {
    const all = ["read:workspace:bitbucket", ...scopes];
    const { secret } = bitbucket.addToken({
      kind: "api",
      account,
      workspace: "acme",
      scopes: all,
      name: "one",
    });
    await open.ports.tokens.add(stage.site, stored(secret, "api", { account }));
    const [reach] = await readReaches(open.ports);
    assert.ok(reach);
    const found: string[] = [];
    const sink = { add: (list: readonly { slug: string }[]) => found.push(...list.map(({ slug }) => slug)) };
    await new RepositoryLister(
      [reach],
      { ...sink, fail: ({ error }: { error: Error }) => assert.fail(error) },
      signal,
    ).listAll();
    assert.deepEqual(found.sort(), ["ledger", "payments"]);
    bitbucket.clearRequests();
    assert.equal(await find(shop), undefined);
    assert.equal(calls(), 0);
    assert.equal((await find(payments))?.candidate.isSure, true);
  });

  it("is a project's where the repository is in that project", async () => {
    bitbucket.addProject("acme", "PAY");
    bitbucket.addRepository("acme/billing", { project: "PAY" });
    const access = ["repository", "repository:write"];
    const { secret } = bitbucket.addToken({
      kind: "project",
      project: "acme/PAY",
      scopes: access,
      name: "pay",
    });
    await open.ports.tokens.add(stage.site, stored(secret, "project"));
    assert.equal(await find(payments), undefined);
    const billing = { workspace: "acme", slug: "billing" };
    assert.equal((await find(billing))?.candidate.isSure, false);
    assert.equal((await find(billing))?.candidate.isSure, true);
  });

  it("is another where the likeliest may not push, which is no refusal", async () => {
    const readOnly = bitbucket.addToken({
      ...{ kind: "repository", repository: "acme/payments", scopes: ["repository"], name: "reads" },
    });
    const { secret } = bitbucket.addToken({
      ...{ kind: "workspace", workspace: "acme", scopes: ["repository:write"], name: "pushes" },
    });
    await open.ports.tokens.save(stage.site, payments, stored(readOnly.secret, "repository"));
    await open.ports.tokens.add(stage.site, stored(secret, "workspace"));
    assert.equal((await find(payments))?.candidate.token.secret, secret);
    const candidates = await open.ports.tokens.candidates(stage.site, payments);
    assert.deepEqual(
      candidates.map(({ token }) => token.secret),
      [readOnly.secret, secret],
    );
  });

  it("is the same after Bitbucket could not be asked", async () => {
    const { secret } = bitbucket.addToken({ kind: "api", account, scopes, name: "person" });
    await open.ports.tokens.add(stage.site, stored(secret, "api", { account }));
    bitbucket.faults.add({ kind: "status", status: 503, times: 20 });
    await assert.rejects(find(payments));
    bitbucket.faults.clear();
    assert.equal((await find(payments))?.candidate.token.secret, secret);
  });
});

import assert from "node:assert/strict";
import { fullName } from "../../src/bitbucket/site";
import type { TokenPlace } from "../../src/bitbucket/tokenProbe";
import type { PresentedToken } from "../../src/bitbucket/client";
import { RefusedTokens } from "../../src/credentials/refusedTokens";
import { addToken, gitsEmail } from "../../src/flows/tokens/addToken";
import { checkKeptToken } from "../../src/flows/tokens/checkKeptToken";
import { describeTokens } from "../../src/flows/tokens/describeTokens";
import { forgetToken } from "../../src/flows/tokens/forgetToken";
import { replaceToken } from "../../src/flows/tokens/replaceToken";
import { setExpiry } from "../../src/flows/tokens/setExpiry";
import { addedMessage } from "../../src/ui/tokens/tokenManagerWords";
import { toTokenRow } from "../../src/ui/tokens/tokenManagerRows";
import { startBitbucket, type Bitbucket } from "../bitbucket/startBitbucket";
import { createStage, openPorts, removeStage, useHome, type ConnectStage } from "./support/connectStage";

const { signal } = new AbortController();
const account = "ada@example.com";
const apiScopes = ["read:workspace:bitbucket", "read:repository:bitbucket", "write:repository:bitbucket"];
const accessScopes = ["repository", "repository:write"];
const payments = { workspace: "acme", slug: "payments" };

describe("adding a token that no repository needs to be connected for", () => {
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

  const add = (token: PresentedToken, places: readonly TokenPlace[] = [], isPlaceOptional = false) =>
    addToken(open.ports, { token, places, expires: undefined, isPlaceOptional }, signal);
  const candidates = async (repository: typeof payments) =>
    (await open.ports.tokens.candidates(stage.site, repository)).map(({ isSure }) => isSure);
  const rejects = (work: Promise<unknown>, code: string, field: string) =>
    assert.rejects(work, (error: object) => {
      assert.deepEqual([Reflect.get(error, "code"), Reflect.get(error, "field")], [code, field]);
      return true;
    });
  const nothingIsStored = async () => {
    assert.deepEqual(await open.ports.tokens.list(), []);
    assert.deepEqual(open.secrets.all(), {});
  };
  const ofWorkspace = (workspace = "acme", scopes = accessScopes) =>
    bitbucket.addToken({ kind: "workspace", workspace, scopes, name: workspace });

  it("tells a person's workspaces and scopes, and serves these from then on", async () => {
    bitbucket.addAccount(account, { workspaces: ["acme"] });
    const { secret } = bitbucket.addToken({ kind: "api", account, scopes: apiScopes, name: "person" });
    const added = await add({ secret, account });
    assert.deepEqual([added.kind, added.account, added.workspaces], ["api", account, ["acme"]]);
    assert.deepEqual(added.scopes, apiScopes);
    assert.deepEqual(await candidates(payments), [true]);
    assert.deepEqual(await candidates({ workspace: "globex", slug: "shop" }), []);
    assert.equal(await open.ports.tokens.get(stage.site, payments), undefined, "Git gets what it got before");
    const words = addedMessage(added);
    assert.match(
      words,
      /^Stored: API token of ada@example\.com\. Scopes: .*Repositories: Write.* Workspaces: acme\.$/,
    );
    assert.ok(!words.includes(secret.slice(0, 12)));
  });

  it("takes a person's token without the scope for workspaces for what it reads", async () => {
    const { secret } = bitbucket.addToken({
      kind: "api",
      account,
      scopes: apiScopes.slice(1),
      name: "person",
    });
    await rejects(add({ secret, account }), "RepositoryNotFound", "repository");
    await nothingIsStored();
    const unplaced = await add({ secret, account }, [], true);
    assert.deepEqual([unplaced.workspaces, unplaced.scopes], [[], apiScopes.slice(1)]);
    assert.deepEqual((await add({ secret, account }, [payments])).workspaces, ["acme"]);
    assert.deepEqual(await candidates({ ...payments, slug: "ledger" }), [true]);
  });

  it("knows Git's email for the account only where Bitbucket takes the token with it", async () => {
    const mine = bitbucket.addToken({ kind: "api", account, scopes: apiScopes, name: "mine" });
    const other = bitbucket.addToken({
      kind: "api",
      account: "bob@example.com",
      scopes: apiScopes,
      name: "bob",
    });
    const email = await gitsEmail(open.ports);
    assert.equal(email, account);
    assert.equal((await add({ ...mine, account })).account, account);
    await rejects(add({ ...other, account }), "TokenRejected", "account");
    assert.deepEqual(
      (await add({ secret: other.secret })).account,
      undefined,
      "Bearer may do, and proves no email",
    );
  });

  it("stores nothing of a token that Bitbucket rejects, and says what to check", async () => {
    const { secret } = bitbucket.addToken({ kind: "api", account, scopes: apiScopes, name: "gone" });
    bitbucket.revoke("gone");
    await rejects(add({ secret, account }), "TokenRejected", "account");
    const access = ofWorkspace();
    bitbucket.revoke("acme");
    await rejects(add(access, [payments]), "TokenRejected", "token");
    await nothingIsStored();
  });

  it("finds where an access token works among the places that are known", async () => {
    const workspace = await add(ofWorkspace(), [payments]);
    assert.deepEqual(
      [workspace.kind, workspace.workspaces, workspace.scopes],
      ["workspace", ["acme"], accessScopes],
    );
    const token = bitbucket.addToken({
      ...{ kind: "repository", repository: "acme/ledger", scopes: accessScopes, name: "ledger" },
    });
    const repository = await add(token, [{ workspace: "globex" }]);
    assert.deepEqual(
      [repository.kind, repository.repositories.map(fullName)],
      ["repository", ["acme/ledger"]],
    );
    assert.match(addedMessage(repository), /^Stored: Repository access token for acme\/ledger\. /);
  });

  it("asks where an access token works that works at none of them, and is told", async () => {
    const token = ofWorkspace("globex");
    await rejects(add(token, [payments]), "RepositoryNotFound", "repository");
    await nothingIsStored();
    assert.deepEqual((await add(token, [{ workspace: "globex", isTold: true }])).workspaces, ["globex"]);
    bitbucket.addWorkspace("initech");
    const ofNothingYet = ofWorkspace("initech");
    assert.deepEqual((await add(ofNothingYet, [{ workspace: "initech", isTold: true }])).workspaces, [
      "initech",
    ]);
  });

  it("takes a good access token whose place nobody knows, and Bitbucket is asked when it is needed", async () => {
    const added = await add(ofWorkspace(), [], true);
    assert.deepEqual([added.kind, added.workspaces, added.scopes], ["workspace", [], accessScopes]);
    assert.deepEqual(await candidates(payments), [false]);
  });

  it("ends with a cancel before anything is stored (P2)", async () => {
    const abort = new AbortController();
    bitbucket.onRequest(() => {
      abort.abort();
    });
    const request = { token: ofWorkspace(), places: [payments], expires: undefined, isPlaceOptional: true };
    await assert.rejects(addToken(open.ports, request, abort.signal));
    await nothingIsStored();
  });

  describe("lets it be managed:", () => {
    const refused = new RefusedTokens();
    const context = { checks: new Map(), reminderDays: 14, language: "en" };
    const described = async () => {
      const [token, ...others] = await describeTokens(open.ports, refused, Date.parse("2026-11-27"));
      assert.ok(token);
      assert.deepEqual(others, []);
      return token;
    };

    it("it is listed by its kind and where it works", async () => {
      await add(ofWorkspace(), [payments]);
      const row = toTokenRow(await described(), context);
      assert.equal(row.label, "Workspace access token for acme");
      assert.equal(row.detail, "acme · Repositories: Read, Repositories: Write");
    });

    it("its last day is written down, it is checked, and it goes", async () => {
      await add(ofWorkspace(), [payments]);
      await setExpiry(open.ports, await described(), "2026-12-24");
      assert.equal((await described()).daysLeft, 28);
      const { checks } = await checkKeptToken(open.ports, refused, await described(), signal);
      assert.deepEqual(
        checks.map((one) => [fullName(one.repository), one.outcome]),
        [["acme/*", "pushes"]],
      );
      assert.equal((await described()).expires, "2026-12-24");
      bitbucket.revoke("acme");
      const again = await checkKeptToken(open.ports, refused, await described(), signal);
      assert.deepEqual(
        again.checks.map(({ outcome }) => outcome),
        ["refused"],
      );
      assert.equal((await described()).isRefused, true);
      assert.equal((await forgetToken(open.ports, await described(), signal)).isForgotten, true);
      await nothingIsStored();
    });

    it("with a repository's token that is the same it is replaced", async () => {
      const old = ofWorkspace();
      const { stored } = await add(old, [payments]);
      await open.ports.tokens.save(stage.site, payments, stored);
      const token = bitbucket.rotate("acme", "new");
      await replaceToken(open.ports, { repository: payments, token, expires: undefined }, signal);
      assert.deepEqual(await described().then(({ isAdded, workspaces }) => [isAdded, workspaces]), [
        true,
        ["acme"],
      ]);
      assert.ok(!JSON.stringify(open.secrets.all()).includes(old.secret));
    });
  });
});

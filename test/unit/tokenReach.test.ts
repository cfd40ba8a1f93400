import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TokenKind } from "../../src/bitbucket/token";
import { FolderIndex } from "../../src/credentials/folderIndex";
import { withReached, withRefused, withWorkspaces } from "../../src/credentials/tokenReach";
import { TokenStore, type StoredToken } from "../../src/credentials/tokenStore";
import { FileSecrets } from "./support/fileSecrets";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
const toToken = (kind: TokenKind, secret: string): StoredToken => ({ kind, secret, scopes: [], savedAt: "" });
const payments = { workspace: "acme", slug: "payments" };
const ledger = { workspace: "acme", slug: "ledger" };
const shop = { workspace: "globex", slug: "shop" };

describe("which token serves a repository", () => {
  let root: string;
  let secrets: FileSecrets;
  let tokens: TokenStore;
  let fallback: StoredToken | undefined;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "token-reach-"));
    secrets = new FileSecrets(join(root, "secrets"));
    fallback = undefined;
    const index = new FolderIndex(join(root, "tokens"));
    tokens = new TokenStore(secrets, index, () => Promise.resolve(fallback));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  async function candidates(repository: typeof payments) {
    const found = await tokens.candidates(site, repository);
    return found.map(({ token, isSure }) => `${token.secret}${isSure ? "" : "?"}`);
  }

  async function add(kind: TokenKind, secret: string, change?: Parameters<TokenStore["learn"]>[1]) {
    await tokens.add(site, toToken(kind, secret));
    if (change) await tokens.learn(secret, change);
  }

  it("is the connected one, then the one that read it, a project's, a workspace's and a person's", async () => {
    await add("api", "person", (reach) => withWorkspaces(reach, ["acme"], true));
    await add("workspace", "workspace", (reach) => withWorkspaces(reach, ["Acme"], false));
    await add("project", "project", (reach) => withReached(reach, ledger));
    await add("repository", "reader", (reach) => withReached(reach, payments));
    await tokens.save(site, payments, toToken("repository", "connected"));
    fallback = toToken("repository", "environment");
    const all = ["connected", "reader", "project?", "workspace", "person", "environment?"];
    assert.deepEqual(await candidates(payments), all);
    assert.deepEqual(await candidates(shop), ["environment?"]);
  });

  it("is none that Bitbucket has refused for it, until Bitbucket takes it there", async () => {
    await add("api", "person", (reach) => withWorkspaces(reach, ["acme"], true));
    await tokens.learn("person", (reach) => withRefused(reach, payments));
    assert.deepEqual(await candidates({ ...payments, slug: "Payments" }), []);
    assert.deepEqual(await candidates(ledger), ["person"]);
    await tokens.learn("person", (reach) => withReached(reach, payments));
    assert.deepEqual(await candidates(payments), ["person"]);
  });

  it("is no person's token of other workspaces, whatever its kind could reach (W10)", async () => {
    await tokens.save(site, payments, toToken("api", "person"));
    assert.deepEqual(await candidates(ledger), ["person"]);
    assert.deepEqual(await candidates(shop), ["person?"], "nobody knows yet");
    await tokens.learn("person", (reach) => withWorkspaces(reach, ["acme"], true));
    assert.deepEqual(await candidates(shop), []);
    assert.deepEqual(await candidates(ledger), ["person"]);
  });

  it("is perhaps an access token of which nothing is known", async () => {
    await add("workspace", "wide");
    await add("repository", "own");
    assert.deepEqual(await candidates(payments), ["own?", "wide?"]);
    await tokens.learn("own", (reach) => withReached(reach, shop));
    await tokens.learn("wide", (reach) => withWorkspaces(reach, ["globex"], false));
    assert.deepEqual(await candidates(payments), []);
  });

  it("knows an added token as one, whatever repositories have it, and forgets its reach with the last", async () => {
    await add("workspace", "wide", (reach) => withWorkspaces(reach, ["acme"], false));
    await tokens.save(site, payments, toToken("workspace", "wide"));
    const [known, ...others] = await tokens.all(site);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [known?.isAdded, known?.repositories, known?.reach.workspaces],
      [true, [payments], ["acme"]],
    );
    assert.deepEqual(await tokens.repositories(site), [payments]);
    assert.deepEqual(await tokens.all({ ...site, webUrl: "https://bitbucket.example" }), []);
    await tokens.removeAdded(site, "wide");
    assert.deepEqual(await candidates(ledger), ["wide"]);
    await tokens.release(site, payments);
    assert.deepEqual(secrets.all(), {});
    assert.deepEqual(await tokens.list(), []);
  });

  it("reads what earlier versions stored, and takes an unreadable reach for none", async () => {
    const old = { version: 1, ...toToken("workspace", "old") };
    await tokens.save(site, payments, toToken("workspace", "old"));
    await secrets.store("token:https://bitbucket.org/acme/payments", JSON.stringify(old));
    await tokens.learn("old", (reach) => withRefused(reach, ledger));
    assert.deepEqual(await candidates(ledger), []);
    const [key = ""] = Object.keys(secrets.all()).filter((name) => name.startsWith("token-reach:"));
    await secrets.store(key, "{");
    assert.deepEqual(await candidates(ledger), ["old"]);
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TokenKind } from "../../src/bitbucket/token";
import { FolderIndex } from "../../src/credentials/folderIndex";
import { findHostCredential } from "../../src/credentials/hostSignIn";
import type { KnownToken } from "../../src/credentials/tokenReach";
import { TokenStore, type StoredToken } from "../../src/credentials/tokenStore";
import { hasOwnHelper, readSettings } from "../../src/git/gitSettings";
import { createOpenGit } from "../../src/git/openGit";
import { toHostTokenItems } from "../../src/ui/tokens/hostTokenItems";
import { FileSecrets } from "./support/fileSecrets";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
const toToken = (kind: TokenKind, secret: string): StoredToken => ({ kind, secret, scopes: [], savedAt: "" });
const ofEnvironment = toToken("repository", "from-the-environment");

/** git asks for a user name on Bitbucket's host, and nothing tells for which repository. */
describe("a sign-in that git asks of the editor", () => {
  let root: string;
  let fallback: StoredToken | undefined;
  let hasHelper: boolean;
  let tokens: TokenStore;
  let asked: readonly string[][];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "host-sign-in-"));
    fallback = undefined;
    hasHelper = false;
    asked = [];
    const index = new FolderIndex(join(root, "tokens"));
    tokens = new TokenStore(new FileSecrets(join(root, "secrets")), index, () => Promise.resolve(fallback));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const keep = (slug: string, kind: TokenKind, secret = `of-${slug}`) =>
    tokens.save(site, { workspace: "acme", slug }, toToken(kind, secret));

  /** What git gets when the person presses the row of this name; without one, Escape. */
  async function signIn(row?: string, host = "https://bitbucket.org"): Promise<string | undefined> {
    const choose = (candidates: readonly KnownToken[]) => {
      const items = toHostTokenItems(candidates);
      asked = [...asked, items.map(({ label }) => label)];
      return Promise.resolve(items.find(({ label }) => label === row)?.candidate);
    };
    const isKeptElsewhere = () => Promise.resolve(hasHelper);
    const found = await findHostCredential(tokens, site, { host, isKeptElsewhere, choose });
    return found && `${found.username}:${found.password}`;
  }

  for (const kind of ["api", "workspace", "project"] as const)
    it(`gets the one token there is unasked, where it reaches more than a repository: ${kind}`, async () => {
      await keep("a", kind, "wide");
      await keep("b", kind, "wide");
      assert.equal(await signIn(), `${kind === "api" ? "x-bitbucket-api-token-auth" : "x-token-auth"}:wide`);
      assert.deepEqual(asked, []);
    });

  it("gets the environment's where nothing is kept", async () => {
    assert.equal(await signIn(), undefined);
    fallback = ofEnvironment;
    assert.equal(await signIn(), "x-token-auth:from-the-environment");
    assert.deepEqual(asked, []);
  });

  it("gets none unasked where git would hand it to a helper that keeps it", async () => {
    hasHelper = true;
    await keep("a", "workspace", "wide");
    assert.equal(await signIn(), undefined);
    assert.equal(await signIn("acme/a"), "x-token-auth:wide");
    assert.deepEqual(asked, Array(2).fill(["acme/a", "Sign in another way"]));
  });

  it("gets one repository's token only from the person, who may sign in otherwise", async () => {
    await keep("a", "repository");
    assert.equal(await signIn("acme/a"), "x-token-auth:of-a");
    assert.equal(await signIn("Sign in another way"), undefined);
    assert.equal(await signIn(), undefined);
    assert.deepEqual(asked, Array(3).fill(["acme/a", "Sign in another way"]));
  });

  it("gets of several the one that is chosen", async () => {
    await keep("a", "repository");
    await keep("b", "workspace");
    fallback = ofEnvironment;
    assert.equal(await signIn("acme/b"), "x-token-auth:of-b");
    assert.equal(await signIn("Access token from the environment"), "x-token-auth:from-the-environment");
    const rows = ["acme/a", "acme/b", "Access token from the environment", "Sign in another way"];
    assert.deepEqual(asked[0]?.sort(), rows.sort());
  });

  it("gets nothing on another host, and nobody is asked (P16)", async () => {
    await keep("a", "repository");
    for (const host of [
      "https://github.com",
      "http://bitbucket.org",
      "https://bitbucket.org.evil.tld",
      "evil",
    ])
      assert.equal(await signIn("acme/a", host), undefined);
    assert.deepEqual(asked, []);
  });
});

describe("a helper that git hands a host's sign-in to", () => {
  let home: string;
  const personsHome = process.env["HOME"];

  beforeEach(() => {
    process.env["HOME"] = home = mkdtempSync(join(tmpdir(), "host-helper-"));
  });
  afterEach(() => {
    process.env["HOME"] = personsHome;
    rmSync(home, { recursive: true });
  });

  for (const [config, isThere] of [
    ["", false],
    ["[credential]\n\thelper = store", true],
    ['[credential]\n\thelper = store\n[credential "https://bitbucket.org"]\n\thelper =', false],
    ['[credential "https://github.com"]\n\thelper = store', false],
  ] as const)
    it(`is ${isThere ? "there" : "not there"} with ${JSON.stringify(config)}`, async () => {
      writeFileSync(join(home, ".gitconfig"), config);
      const settings = await readSettings(createOpenGit("git"), home);
      assert.equal(hasOwnHelper(settings, "https://bitbucket.org"), isThere);
    });
});

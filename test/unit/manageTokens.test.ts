import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { BitbucketClient } from "../../src/bitbucket/client";
import type { HttpAnswer, HttpRequest } from "../../src/bitbucket/http";
import { fullName } from "../../src/bitbucket/site";
import { ConnectionStore } from "../../src/credentials/connectionStore";
import { FolderIndex } from "../../src/credentials/folderIndex";
import { RefusedTokens } from "../../src/credentials/refusedTokens";
import { TokenStore, type Secrets, type StoredToken } from "../../src/credentials/tokenStore";
import { checkKeptToken, type TokenCheck } from "../../src/flows/tokens/checkKeptToken";
import { describeTokens, tokenId, type TokenDescription } from "../../src/flows/tokens/describeTokens";
import { forgetToken } from "../../src/flows/tokens/forgetToken";
import type { Ports } from "../../src/flows/ports";
import { replaceToken } from "../../src/flows/tokens/replaceToken";
import { setExpiry } from "../../src/flows/tokens/setExpiry";
import { createOpenGit } from "../../src/git/openGit";
import { createReadRepository } from "../../src/git/repository";
import { whereIsIt } from "../../src/ui/tokens/tokenManagerPlaces";
import { toActionRows, toCheckRow, toTokenRow, type RowContext } from "../../src/ui/tokens/tokenManagerRows";
import { forgetQuestion, forgottenMessage } from "../../src/ui/tokens/tokenManagerWords";
import { startBitbucket, type Bitbucket } from "../bitbucket/startBitbucket";
import { addOwnHelper, git } from "./support/connectStage";
import { TokenDesk } from "./support/tokenDesk";

const signal = new AbortController().signal;

describe("managing the kept tokens", () => {
  let bitbucket: Bitbucket;
  let desk: TokenDesk;
  const restCalls = () => bitbucket.requests.filter(({ path }) => path.startsWith("/2.0/"));

  before(async () => {
    bitbucket = await startBitbucket();
  });
  after(() => bitbucket.close());
  beforeEach(() => {
    desk = new TokenDesk(bitbucket);
  });
  afterEach(async () => {
    delete process.env["BITBUCKET_TOKEN"];
    delete process.env["BITBUCKET_TOKEN_FILE"];
    bitbucket.faults.clear();
    await desk.close();
  });

  const outcomes = ({ checks }: TokenCheck) => checks.map((one) => one.outcome);
  const rowContext = (checks = new Map<string, TokenCheck>()): RowContext => ({
    checks,
    reminderDays: 14,
    language: "en",
  });

  describe("lists", () => {
    it("each token once, with what it may do, what uses it, its last day and when it was saved", async () => {
      const own = desk.addToken("repository", "own");
      const shared = desk.addToken("workspace", "shared");
      const savedAt = "2026-11-19T12:00:00.000Z";
      const repository = await desk.kept("own", own.secret, {
        kind: "repository",
        expires: "2026-12-04",
        savedAt,
      });
      const folder = await desk.recorded("own");
      await desk.kept("one", shared.secret);
      await desk.kept("two", shared.secret, { savedAt, expires: "2027-01-01" });
      const all = await desk.describeAll(Date.parse("2026-11-24T12:00:00Z"));
      assert.equal(all.length, 2);
      const [first, both] = [own, shared].map((token) => all.find((one) => one.id === tokenId(token)));
      assert.deepEqual(first?.scopes, ["Repositories: Read", "Repositories: Write"]);
      assert.deepEqual([first.kind, first.expires, first.daysLeft], ["repository", "2026-12-04", 10]);
      assert.equal(first.savedAt?.toISOString(), savedAt);
      assert.deepEqual(first.folders, [{ folder, repository, gitAccess: "vscode", isGone: false }]);
      assert.deepEqual(both?.repositories.map(fullName), ["acme/one", "acme/two"]);
      // The earliest of what is known of its copies.
      assert.deepEqual([both.expires, both.savedAt?.toISOString()], ["2027-01-01", savedAt]);
    });

    for (const mode of ["vscode", "credentialHelper", "remoteUrl"] as const) {
      it(`where it is kept, in plain words, and no part of it (P15, ${mode})`, async () => {
        addOwnHelper(desk.stage);
        const { token, local } = await desk.connected(mode);
        const one = await desk.described(token.secret);
        const words = whereIsIt(one, rowContext()).detail;
        switch (mode) {
          case "vscode":
            assert.deepEqual(one.places, [{ kind: "secretStorage" }]);
            assert.match(words, /Stored only in VS Code's secret storage\./);
            break;
          case "credentialHelper":
            assert.deepEqual(one.places, [{ kind: "secretStorage" }, { kind: "ownHelper" }]);
            assert.match(words, /stored by Git's own credential helper/);
            break;
          case "remoteUrl":
            assert.deepEqual(one.places[1], { kind: "configFile", folder: local.root });
            assert.ok(words.includes(`in plain text in .git/config of ${local.root}`));
        }
        await assertHidden(token.secret, one);
      });
    }

    /** In none of the texts that the manager has for it. */
    async function assertHidden(secret: string, one: TokenDescription): Promise<void> {
      const found = await desk.check(secret);
      const context = rowContext(new Map([[one.id, found]]));
      const shown = JSON.stringify([
        [one, found, toTokenRow(one, context), toActionRows(one, context), found.checks.map(toCheckRow)],
        [whereIsIt(one, context), forgetQuestion(one, false), forgottenMessage(await desk.forget(secret))],
      ]);
      const parts = Array.from({ length: secret.length - 7 }, (_, at) => secret.slice(at, at + 8));
      assert.deepEqual(
        parts.filter((part) => shown.includes(part)),
        [],
      );
    }

    it("a token in plain text only while it is there", async () => {
      const { secret } = desk.addToken("repository", "plain");
      await desk.kept("plain", secret);
      const folder = await desk.recorded("plain", "remoteUrl");
      const url = (password: string) => `https://x-token-auth:${password}@bitbucket.org/acme/plain.git`;
      git(folder, "remote", "add", "origin", url(encodeURIComponent(secret)));
      const place = { kind: "configFile", folder };
      assert.deepEqual((await desk.described(secret)).places, [{ kind: "secretStorage" }, place]);
      git(folder, "remote", "set-url", "origin", url("another"));
      assert.deepEqual((await desk.described(secret)).places, [{ kind: "secretStorage" }]);
    });

    it("a token of the environment as such, for the repositories that have none of their own", async () => {
      const { secret } = desk.addToken("workspace", "env");
      process.env["BITBUCKET_TOKEN"] = secret;
      await desk.kept("own", desk.addToken("workspace", "own").secret);
      await desk.recorded("own");
      const slug = desk.newRepository();
      const folder = await desk.recorded(slug);
      const one = await desk.described(secret);
      assert.deepEqual([one.source, one.repositories.map(fullName)], ["environment", [`acme/${slug}`]]);
      assert.equal(one.folders[0]?.folder, folder);
      assert.deepEqual(one.places, [{ kind: "environment", variable: "BITBUCKET_TOKEN" }]);
      assert.match(toTokenRow(one, rowContext()).description ?? "", /from BITBUCKET_TOKEN/);
      assert.deepEqual(
        toActionRows(one, rowContext()).map((row) => row.action),
        ["check", "where", "openPage"],
      );
      assert.deepEqual(outcomes(await desk.check(secret)), ["pushes"]);
      assert.deepEqual(await desk.forget(secret), {
        isForgotten: false,
        repositories: [],
        leftIn: [],
        notReached: [],
      });
    });

    it("the file that a token of the environment is read from", async () => {
      const { secret } = desk.addToken("workspace", "env");
      const file = join(desk.stage.root, "token");
      writeFileSync(file, secret);
      process.env["BITBUCKET_TOKEN_FILE"] = file;
      const words = whereIsIt(await desk.described(secret), rowContext()).detail;
      assert.ok(words.includes(`from the file in BITBUCKET_TOKEN_FILE, and not stored: ${file}`));
    });

    it("nothing for a stored value that can't be read (P20)", async () => {
      await desk.kept("broken", "s".repeat(20));
      await desk.open.secrets.store(`token:${desk.stage.site.webUrl}/acme/broken`, "{half a JSON te");
      assert.deepEqual(await desk.describeAll(), []);
    });

    it("a token for another Bitbucket, which is asked nothing and can be forgotten", async () => {
      const elsewhere = { ...desk.stage.site, webUrl: "https://bitbucket.example" };
      const token: StoredToken = { secret: "s".repeat(20), kind: "repository", scopes: [], savedAt: "" };
      await desk.open.ports.tokens.save(elsewhere, { workspace: "acme", slug: "old" }, token);
      const [one] = await desk.describeAll();
      assert.ok(one?.isElsewhere);
      bitbucket.clearRequests();
      assert.deepEqual((await desk.check(token.secret)).checks, []);
      assert.deepEqual(bitbucket.requests, []);
      assert.deepEqual(
        toActionRows(one, rowContext()).map((row) => row.action),
        ["where", "forget"],
      );
      await desk.forget(token.secret);
      assert.deepEqual(desk.open.secrets.all(), {});
    });

    it("a folder that is gone as gone", async () => {
      await desk.kept("gone", "s".repeat(20));
      rmSync(await desk.recorded("gone"), { recursive: true });
      const one = await desk.described("s".repeat(20));
      assert.equal(one.folders[0]?.isGone, true);
      assert.match(whereIsIt(one, rowContext()).detail, /the folder doesn't exist now/);
    });
  });

  describe("asks Bitbucket", () => {
    it("whether it still reads and pushes, for each repository, changing nothing", async () => {
      const { secret } = desk.addToken("workspace", "shared");
      const slug = desk.newRepository();
      await desk.kept(slug, secret);
      await desk.kept(desk.newRepository(), secret);
      assert.deepEqual(outcomes(await desk.check(secret)), ["pushes", "pushes"]);
      assert.equal((await bitbucket.refs(`acme/${slug}`)).size, 0);
    });

    it("once, where the token is revoked, and the push button knows", async () => {
      const shared = desk.addToken("workspace", "shared");
      await desk.kept(desk.newRepository(), shared.secret);
      await desk.kept(desk.newRepository(), shared.secret);
      bitbucket.revoke(shared.name);
      bitbucket.clearRequests();
      assert.deepEqual(outcomes(await desk.check(shared.secret)), ["refused", "refused"]);
      assert.equal(restCalls().length, 1);
      assert.equal((await desk.described(shared.secret)).isRefused, true);
    });

    it("and takes back a refusal that was an outage", async () => {
      const { secret } = desk.addToken("workspace", "shared");
      await desk.kept(desk.newRepository(), secret);
      desk.refused.add(secret);
      await desk.check(secret);
      assert.equal(desk.refused.has(secret), false);
    });

    it("which scope it lacks, and what it can do without", async () => {
      const slug = desk.newRepository();
      const weak = desk.addToken("repository", slug, ["repository"]);
      await desk.kept(slug, weak.secret, { kind: "repository" });
      const [found] = (await desk.check(weak.secret)).checks;
      assert.equal(found?.outcome, "lacksScope");
      assert.match(found.message ?? "", /repository:write/);
      await desk.kept(slug, weak.secret, { kind: "repository", scopes: ["repository"] });
      assert.deepEqual(outcomes(await desk.check(weak.secret)), ["reads"]);
    });

    it("whether the repository is still there, and goes on with the others", async () => {
      const { secret } = desk.addToken("workspace", "shared");
      await desk.kept("a-gone-one", secret);
      await desk.kept(desk.newRepository(), secret);
      assert.deepEqual(outcomes(await desk.check(secret)), ["gone", "pushes"]);
    });

    it("and says so where it can't be reached, which is no word against the token", async () => {
      const { secret } = desk.addToken("workspace", "shared");
      await desk.kept(desk.newRepository(), secret);
      bitbucket.faults.add({ kind: "reset" });
      assert.deepEqual(outcomes(await desk.check(secret)), ["offline"]);
      assert.equal(desk.refused.has(secret), false);
    });

    it("nothing more of a rate that is used up", async () => {
      const { secret } = desk.addToken("workspace", "shared");
      await desk.kept(desk.newRepository(), secret);
      await desk.kept(desk.newRepository(), secret);
      bitbucket.clearRequests();
      bitbucket.faults.add({ kind: "rateLimit", times: 1 });
      assert.deepEqual(outcomes(await desk.check(secret)), ["limited", "limited"]);
      assert.equal(restCalls().length, 1);
    });

    it("until the person cancels", async () => {
      const { secret } = desk.addToken("workspace", "shared");
      await desk.kept(desk.newRepository(), secret);
      const one = await desk.described(secret);
      await assert.rejects(checkKeptToken(desk.open.ports, desk.refused, one, AbortSignal.abort()), /abort/i);
    });
  });

  it("writes a token's last day down for all the repositories that it serves", async () => {
    const shared = desk.addToken("workspace", "shared");
    await desk.kept("one", shared.secret);
    await desk.kept("two", shared.secret);
    await setExpiry(desk.open.ports, await desk.described(shared.secret), "2027-05-31");
    const stored = await desk.open.ports.tokens.stored(desk.stage.site, { workspace: "acme", slug: "two" });
    assert.equal(stored?.expires, "2027-05-31");
    await setExpiry(desk.open.ports, await desk.described(shared.secret), undefined);
    assert.equal((await desk.described(shared.secret)).expires, undefined);
  });
});

describe("a thousand replaces and forgets", () => {
  const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "soak-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it("leave nothing behind, in the stores or in memory", async () => {
    const secrets = new Map<string, string>();
    const ports = createPorts(secrets);
    const refused = new RefusedTokens();
    const repositories = ["one", "two"].map((slug) => ({ workspace: "acme", slug }));
    let heapBefore = 0;
    for (let round = 0; round < 1000; round++) {
      if (round === 200) heapBefore = heapUsed();
      const [first] = repositories;
      assert.ok(first);
      const old = { secret: `old-token-${round}-${"x".repeat(160)}`, kind: "workspace" } as const;
      const served = repositories.slice(0, 1 + (round % 2));
      for (const repository of served)
        await ports.tokens.save(site, repository, { ...old, scopes: [], savedAt: "2026-11-24T00:00:00Z" });
      const token = { secret: `new-token-${round}-${"x".repeat(160)}` };
      await replaceToken(ports, { repository: first, token, expires: "2027-05-31" }, signal);
      const [kept, ...others] = await describeTokens(ports, refused, Date.now());
      assert.ok(kept?.id === tokenId(token) && others.length === 0);
      assert.equal((await forgetToken(ports, kept, signal)).repositories.length, served.length);
      assert.equal(secrets.size, 0);
    }
    const grownBytes = heapUsed() - heapBefore;
    assert.deepEqual([...secrets], []);
    assert.deepEqual(readdirSync(join(root, "tokens")), []);
    assert.deepEqual(await ports.tokens.list(), []);
    assert.ok(grownBytes < 1_500_000, `the heap has grown by ${grownBytes} bytes in 800 rounds`);
  }).timeout(60_000);

  function createPorts(secrets: Map<string, string>): Ports {
    const memory: Secrets = {
      get: (key) => Promise.resolve(secrets.get(key)),
      store: (key, value) => Promise.resolve(void secrets.set(key, value)),
      delete: (key) => Promise.resolve(void secrets.delete(key)),
    };
    return {
      site,
      client: new BitbucketClient(site, answerAsBitbucket),
      send: answerAsBitbucket,
      openGit: createOpenGit("git"),
      readRepository: createReadRepository(createOpenGit("git")),
      tokens: new TokenStore(memory, new FolderIndex(join(root, "tokens"))),
      connections: new ConnectionStore(memory, new FolderIndex(join(root, "connections"))),
      prepareHelper: () => Promise.reject(new Error("nothing is connected here")),
    };
  }

  function answerAsBitbucket({ url }: HttpRequest): Promise<HttpAnswer> {
    const { pathname, searchParams } = new URL(url);
    const service = searchParams.get("service");
    const name = pathname.split("/").slice(-2).join("/");
    const body = service === null ? JSON.stringify({ full_name: name }) : `001e# service=${service}\n0000`;
    const headers: Record<string, string> = {
      "x-credential-type": "workspace",
      "x-oauth-scopes": "repository",
    };
    return Promise.resolve({ status: 200, body, header: (header) => headers[header] });
  }

  function heapUsed(): number {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    collect();
    return process.memoryUsage().heapUsed;
  }
});

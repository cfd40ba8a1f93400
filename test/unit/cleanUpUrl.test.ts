import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../src/errors";
import { checkConnection, type Examination } from "../../src/flows/check/checkConnection";
import { cleanUpUrl, planCleanUps } from "../../src/flows/check/cleanUpUrl";
import { connectRepository } from "../../src/flows/connect/connectRepository";
import { disconnectRepository } from "../../src/flows/connect/disconnectRepository";
import type { Repair } from "../../src/flows/check/finding";
import { readScene } from "../../src/flows/check/scene";
import type { Ports } from "../../src/flows/ports";
import { recoverConnect } from "../../src/flows/connect/recoverConnect";
import { previewAll } from "../../src/ui/check/findings";
import { startBitbucket, type MadeToken } from "../bitbucket/startBitbucket";
import {
  configText,
  connectRequest,
  createRepository,
  filesHolding,
  git,
  gitOnline,
  openPorts,
} from "./support/connectStage";
import type { GitRepository } from "./support/gitRepository";
import { onStage, writing } from "./support/onStage";

describe("cleaning a token out of URLs", () => {
  let count = 0;
  const signal = new AbortController().signal;
  const on = onStage();

  const cleanUrl = (slug: string) => `${on.bitbucket.webUrl}/acme/${slug}.git`;
  const urlWith = (slug: string, { secret }: { secret: string }, user = "x-token-auth") =>
    cleanUrl(slug).replace("://", `://${user}:${encodeURIComponent(secret)}@`);

  /** As the article has it: the token in the remote's URL, and a first push. */
  async function byHand(scopes?: readonly string[]) {
    const slug = `ledger-${++count}`;
    on.bitbucket.addRepository(`acme/${slug}`);
    const token = on.addToken(slug, scopes);
    const local = createRepository(on.stage, slug);
    git(local.root, "remote", "add", "origin", urlWith(slug, token));
    if (!scopes) await gitOnline(local.root, "push", "-q", "-u", "origin", "main");
    return { slug, token, local, repository: { workspace: "acme", slug } };
  }

  const check = (local: GitRepository, ports: Ports = on.open.ports) =>
    checkConnection(ports, local, { reminderDays: 14, clock: Date.now, signal });

  const idsOf = ({ findings }: Examination) => findings.map(({ id }) => id);

  function repairOf({ findings }: Examination): Repair {
    const fix = findings.find(({ id }) => id.startsWith("token-in-"))?.fix;
    assert.ok(fix?.kind === "repair", "expected a repair");
    return fix;
  }

  function assertHides(examination: Examination, secret: string): void {
    const seen = JSON.stringify([examination.findings, examination.facts, previewAll(examination)]);
    for (const spelling of [secret, encodeURIComponent(secret)]) assert.ok(!seen.includes(spelling), seen);
  }

  /** The server saw the push, and whose token it came with. */
  async function assertPushes(local: GitRepository, slug: string, token: MadeToken): Promise<void> {
    git(local.root, "commit", "-q", "--allow-empty", "-m", "After the clean-up");
    on.bitbucket.clearRequests();
    await gitOnline(local.root, "push", "-q", "origin", "main");
    assert.equal(
      (await on.bitbucket.refs(`acme/${slug}`)).get("refs/heads/main"),
      git(local.root, "rev-parse", "HEAD"),
    );
    const used = on.bitbucket.requests.flatMap((request) => request.token ?? []);
    assert.deepEqual([...new Set(used)], [token.name]);
  }

  it("moves it into SecretStorage, says to rotate it, and git still pushes with it (P14)", async () => {
    const { slug, token, local } = await byHand();
    const dirty = configText(local);
    on.bitbucket.clearRequests();
    const examination = await check(local);
    assert.equal(on.bitbucket.requests.length, 1);
    assert.deepEqual(idsOf(examination), ["token-in-url"]);
    assertHides(examination, token.secret);
    const [moves, ...lines] = previewAll(examination);
    assert.match(moves ?? "", /Moves the token to VS Code's secret storage/);
    const shown = cleanUrl(slug).replace("://", "://…@");
    const helper = join(on.stage.storageDir, "bin", "git-credential-bitbucket-connect");
    assert.deepEqual(lines, [
      `.git/config: remote.origin.url: ${shown} → ${cleanUrl(slug)}`,
      `.git/config: credential.${cleanUrl(slug)}.helper: (not set) → (empty), ${helper}`,
      `.git/config: credential.${cleanUrl(slug)}.usehttppath: (not set) → true`,
    ]);
    const { undo, advice } = await repairOf(examination).apply(signal);
    assert.deepEqual(advice?.fix, {
      kind: "openUrl",
      title: "Open token page",
      url: `${on.bitbucket.webUrl}/acme/${slug}/admin/access-tokens`,
    });
    assert.deepEqual(filesHolding(join(local.root, ".git"), token.secret), []);
    assert.equal(git(local.root, "remote", "get-url", "origin"), cleanUrl(slug));
    assert.equal(
      (await on.open.ports.tokens.stored(on.stage.site, { workspace: "acme", slug }))?.secret,
      token.secret,
    );
    await assertPushes(local, slug, token);
    await gitOnline(local.root, "pull", "-q");
    assert.deepEqual(idsOf(await check(local)), []);
    await undo();
    assert.equal(configText(local), dirty);
    assert.deepEqual(on.open.secrets.all(), {});
    assert.deepEqual(idsOf(await check(local)), ["token-in-url"]);
  });

  it("leaves the URL clean when it is disconnected later", async () => {
    const { slug, token, local } = await byHand();
    const dirty = configText(local);
    await repairOf(await check(local)).apply(signal);
    assert.ok(
      !JSON.stringify(await on.open.ports.connections.list()).includes(encodeURIComponent(token.secret)),
    );
    const [connection] = await on.open.ports.connections.get(join(local.root, ".git"));
    assert.ok(connection);
    await disconnectRepository(on.open.ports, local, connection, false);
    assert.equal(configText(local), dirty.replace(urlWith(slug, token), cleanUrl(slug)));
    assert.deepEqual(on.open.secrets.all(), {});
  });

  it("cleans every remote's fetch and push URLs and a branch's own, of several repositories", async () => {
    const { slug, token, local } = await byHand();
    const { slug: other, token: otherToken } = await byHand();
    git(local.root, "remote", "add", "backup", urlWith(slug, token));
    git(local.root, "remote", "set-url", "--push", "origin", urlWith(slug, token));
    git(local.root, "remote", "add", "fork", urlWith(other, otherToken));
    git(local.root, "branch", "feature");
    git(local.root, "config", "branch.feature.remote", urlWith(slug, token));
    git(local.root, "config", "branch.feature.merge", "refs/heads/feature");
    const examination = await check(local);
    assert.deepEqual(idsOf(examination), ["token-in-url", "token-in-push-url", "token-in-url"]);
    for (const fix of new Set(examination.findings.map((one) => one.fix)))
      if (fix?.kind === "repair") await fix.apply(signal);
    for (const { secret } of [token, otherToken])
      assert.deepEqual(filesHolding(join(local.root, ".git"), secret), []);
    assert.equal(git(local.root, "config", "branch.feature.remote"), cleanUrl(slug));
    assert.deepEqual(idsOf(await check(local)), []);
    await assertPushes(local, slug, token);
    await gitOnline(local.root, "push", "-q", "backup", "main");
    await gitOnline(local.root, "fetch", "-q", "fork");
  });

  it("keeps the token that may push, where two stand in the URLs", async () => {
    const { slug, local, token: reader, repository } = await byHand(["repository"]);
    const writer = on.addToken(slug);
    git(local.root, "remote", "add", "backup", urlWith(slug, writer));
    await repairOf(await check(local)).apply(signal);
    assert.equal((await on.open.ports.tokens.stored(on.stage.site, repository))?.secret, writer.secret);
    assert.deepEqual(filesHolding(join(local.root, ".git"), reader.secret), []);
    await assertPushes(local, slug, writer);
  });

  for (const [which, kept, found, winner] of [
    ["the kept one, where that may push and the URL's may not", writing, ["repository"], "kept"],
    ["the kept one, where both may push", writing, writing, "kept"],
    ["the URL's, where that may push and the kept one may not", ["repository"], writing, "found"],
  ] as const) {
    it(`keeps ${which}, and says so before`, async () => {
      const { slug, token, local, repository } = await byHand(found);
      const other = on.addToken(slug, kept);
      const { tokens } = on.open.ports;
      const stored = { secret: other.secret, kind: "repository" as const, scopes: [...kept], savedAt: "" };
      await tokens.save(on.stage.site, repository, { ...stored, expires: "2031-01-01" });
      const repair = repairOf(await check(local));
      assert.match(repair.preview().join(), /already contains a token\. The one with more access is stored/);
      await repair.apply(signal);
      const now = await tokens.stored(on.stage.site, repository);
      assert.equal(now?.secret, (winner === "kept" ? other : token).secret);
      assert.equal(now.expires, winner === "kept" ? "2031-01-01" : undefined);
      await gitOnline(local.root, "push", "-q", "origin", "main");
    });
  }

  it("leaves the other URLs of a remote, and other hosts, as they are", async () => {
    const { slug, local } = await byHand();
    const mirror = "https://ada:hunter2hunter2@github.com/acme/mirror.git";
    git(local.root, "remote", "set-url", "--add", "origin", mirror);
    git(local.root, "remote", "set-url", "--push", "origin", "https://github.com/acme/push.git");
    const examination = await check(local);
    assert.ok(idsOf(examination).includes("token-in-other-url"));
    await repairOf(examination).apply(signal);
    assert.equal(git(local.root, "config", "--get-all", "remote.origin.url"), `${cleanUrl(slug)}\n${mirror}`);
    assert.equal(git(local.root, "config", "remote.origin.pushurl"), "https://github.com/acme/push.git");
  });

  it("pushes to the same place where the person's rules rewrite clean URLs", async () => {
    const { slug, token, local } = await byHand();
    appendFileSync(
      join(on.stage.home, ".gitconfig"),
      `[url "ssh://nowhere/"]\n\tinsteadOf = ${on.bitbucket.webUrl}/\n`,
    );
    await repairOf(await check(local)).apply(signal);
    await assertPushes(local, slug, token);
  });

  it("cleans up what was connected with the token in its URL on purpose, and still disconnects as before", async () => {
    const slug = `ledger-${++count}`;
    on.bitbucket.addRepository(`acme/${slug}`);
    const token = on.addToken(slug);
    const local = createRepository(on.stage, slug);
    const before = configText(local);
    const request = connectRequest({
      repository: { workspace: "acme", slug },
      token,
      gitAccess: "remoteUrl",
    });
    await connectRepository(on.open.ports, local, request, () => undefined, signal);
    const connectedText = configText(local);
    const examination = await check(local);
    assert.deepEqual(
      examination.findings.map(({ id, severity }) => [id, severity]),
      [["token-in-url", "warning"]],
    );
    const { undo } = await repairOf(examination).apply(signal);
    await undo();
    assert.equal(configText(local), connectedText);
    await repairOf(await check(local)).apply(signal);
    await assertPushes(local, slug, token);
    const [connection, ...others] = await on.open.ports.connections.get(join(local.root, ".git"));
    assert.ok(connection && others.length === 0);
    await disconnectRepository(on.open.ports, local, connection, false);
    assert.equal(configText(local), before);
  });

  it("takes a refused token out without keeping it, and leads to another", async () => {
    const { slug, token, local } = await byHand();
    const dirty = configText(local);
    on.bitbucket.revoke(token.name);
    const examination = await check(local);
    assert.deepEqual(idsOf(examination), ["token-in-url", "token-refused"]);
    assert.match(previewAll(examination).join("\n"), /rejected the token, so it isn't stored/);
    const { undo, advice } = await repairOf(examination).apply(signal);
    assert.ok(advice?.fix.kind === "runCommand");
    assert.equal(advice.fix.command, "bitbucketConnect.connectRepository");
    assert.deepEqual(advice.fix.args, [{ folder: local.root, repository: `acme/${slug}` }]);
    assert.equal(git(local.root, "remote", "get-url", "origin"), cleanUrl(slug));
    assert.deepEqual(on.open.secrets.all(), {});
    assert.deepEqual(idsOf(await check(local)), ["token-missing"]);
    await undo();
    assert.equal(configText(local), dirty);
  });

  it("takes an app password out, which Bitbucket has ended", async () => {
    const { slug, local } = await byHand();
    const account = `ada-${++count}@example.com`;
    const password = on.bitbucket.addToken({
      kind: "app_password",
      account,
      scopes: writing,
      name: `app-${count}`,
    });
    git(local.root, "remote", "set-url", "origin", urlWith(slug, password, "ada"));
    const examination = await check(local);
    assert.deepEqual(idsOf(examination), ["token-in-url", "app-password", "token-refused"]);
    assertHides(examination, password.secret);
    await repairOf(examination).apply(signal);
    assert.deepEqual(filesHolding(join(local.root, ".git"), password.secret), []);
    assert.deepEqual(idsOf(await check(local)), ["token-missing"]);
  });

  it("changes nothing where Bitbucket can't be asked, or has come to refuse the token", async () => {
    const { token, local } = await byHand();
    const dirty = configText(local);
    const repair = repairOf(await check(local));
    const takeAway = on.bitbucket.faults.add({ kind: "reset" });
    await assert.rejects(repair.apply(signal), isError("Offline"));
    takeAway();
    on.bitbucket.revoke(token.name);
    await assert.rejects(repair.apply(signal), isError("TokenRejected"));
    assert.equal(configText(local), dirty);
    assert.deepEqual(on.open.secrets.all(), {});
  });

  it("changes nothing where it is cancelled", async () => {
    const { local } = await byHand();
    const dirty = configText(local);
    const repair = repairOf(await check(local));
    await assert.rejects(repair.apply(AbortSignal.abort()));
    assert.equal(configText(local), dirty);
    assert.deepEqual(on.open.secrets.all(), {});
  });

  it("proves an API token at git's door where REST wants an account", async () => {
    const strict = await startBitbucket({ bearerForApiTokens: false });
    const site = { webUrl: strict.webUrl, apiUrl: strict.apiUrl };
    const there = openPorts({ ...on.stage, site, storageDir: join(on.stage.root, "strict") });
    try {
      strict.addRepository("acme/strict");
      const scopes = ["read:repository:bitbucket", "write:repository:bitbucket"];
      const token = strict.addToken({ kind: "api", account: "ada@example.com", scopes, name: "api" });
      const local = createRepository(on.stage, "strict");
      const clean = `${strict.webUrl}/acme/strict.git`;
      const signIn = `x-bitbucket-api-token-auth:${encodeURIComponent(token.secret)}`;
      git(local.root, "remote", "add", "origin", clean.replace("://", `://${signIn}@`));
      const examination = await check(local, there.ports);
      assert.deepEqual(idsOf(examination), ["token-in-url"]);
      await repairOf(examination).apply(signal);
      assert.equal(git(local.root, "remote", "get-url", "origin"), clean);
      await gitOnline(local.root, "push", "-q", "origin", "main");
      assert.ok((await strict.refs("acme/strict")).has("refs/heads/main"));
    } finally {
      await there.close();
      await strict.close();
    }
  });

  it("cleans submodules and .gitmodules, and a submodule still fetches", async () => {
    const library = await byHand();
    const { slug, token, local } = await byHand();
    const main = urlWith(library.slug, library.token);
    await gitOnline(local.root, "submodule", "--quiet", "add", "--name", "libs/core", main, "core");
    const places = [join(".git", "config"), join(".git", "modules", "libs", "core", "config"), ".gitmodules"];
    const texts = () => places.map((place) => readFileSync(join(local.root, place), "utf8"));
    const dirty = texts();
    const examination = await check(local);
    assert.deepEqual(idsOf(examination), ["token-in-url", "token-in-submodule"]);
    assertHides(examination, library.token.secret);
    const finding = examination.findings.find(({ id }) => id === "token-in-submodule");
    assert.match(finding?.message ?? "", /libs\/core, \.gitmodules/);
    assert.ok(finding?.fix?.kind === "repair");
    const { undo } = await finding.fix.apply(signal);
    assert.ok(texts().every((text) => !text.includes(encodeURIComponent(library.token.secret))));
    assert.deepEqual(idsOf(await check(local)), ["token-in-url"]);
    on.bitbucket.clearRequests();
    await gitOnline(join(local.root, "core"), "fetch", "-q");
    assert.ok(on.bitbucket.requests.some((request) => request.token === library.token.name));
    await undo();
    assert.deepEqual(texts(), dirty);
    assert.ok(slug !== library.slug && token.secret !== library.token.secret);
  });

  async function dirtyAgain(local: GitRepository, text: string): Promise<void> {
    const { tokens, connections } = on.open.ports;
    writeFileSync(join(local.root, ".git", "config"), text);
    for (const record of await connections.list()) {
      await connections.remove(record);
      await tokens.forget(on.stage.site, record);
    }
  }

  it("is as before or as after, whatever fails, and the token is never lost", async () => {
    const { slug, token, local, repository } = await byHand();
    const dirty = configText(local);
    const [cleanUp] = planCleanUps((await readScene(on.open.ports, local)).tokenUrls);
    assert.ok(cleanUp);
    let left = Infinity;
    let isDead = false;
    const at = () => {
      left--;
      if (left === -1 || (isDead && left < 0)) throw new Error("failed on purpose");
    };
    const broken = openPorts(on.stage, { at });
    await broken.ports.prepareHelper();
    let actions = 0;
    for (const dies of [false, true]) {
      isDead = dies;
      for (let after = 0, isDone = false; !isDone; after++) {
        left = after;
        const cleaned = await cleanUpUrl(broken.ports, local, cleanUp, signal).catch(() => undefined);
        left = Infinity;
        isDone = cleaned !== undefined;
        actions = after;
        await recoverConnect(on.open.ports, local, join(local.root, ".git"));
        const stored = await on.open.ports.tokens.stored(on.stage.site, repository);
        if (configText(local) === dirty) assert.ok(dies || stored === undefined, `kept after ${after}`);
        else assert.equal(stored?.secret, token.secret, `lost after ${after}`);
        const isClean = git(local.root, "remote", "get-url", "origin") === cleanUrl(slug);
        assert.equal(isClean, configText(local) !== dirty);
        if (isDone) await assertPushes(local, slug, token);
        await cleaned?.undo();
        if (isClean && !cleaned) await dirtyAgain(local, dirty); // it died after the last change
        assert.equal(configText(local), dirty);
      }
    }
    await broken.close();
    assert.ok(actions > 5, String(actions));
  });
});

function isError(code: UserError["code"]) {
  return (error: unknown) => error instanceof UserError && error.code === code;
}

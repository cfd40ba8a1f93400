import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../src/errors";
import { connectAll, type ConnectAllOptions } from "../../src/flows/connectAll/connectAll";
import { describeAll } from "../../src/flows/connectAll/describeAll";
import { findRepositoriesBelow } from "../../src/flows/connectAll/findBelow";
import { addToken } from "../../src/flows/tokens/addToken";
import { PlainRepository } from "../../src/git/plainRepository";
import {
  addOwnHelper,
  configText,
  createRepository,
  filesHolding,
  git,
  gitOnline,
} from "./support/connectStage";
import { onStage, writing } from "./support/onStage";

const { signal } = new AbortController();
const appPassword = "ATBBx3JkUq9ZtYw8mNvB5cRd7eLh2pSgKf0A1B2C3D4";

describe("connecting all repositories (P41)", () => {
  const on = onStage({}, { checkContract: false });
  let count = 0;

  function clone(options: { user?: string; url?: string; workspace?: string } = {}) {
    const slug = `all-${++count}`;
    const workspace = options.workspace ?? "acme";
    on.bitbucket.addRepository(`${workspace}/${slug}`);
    const { root } = createRepository(on.stage, `work/${slug}`, 1);
    const url = `${on.bitbucket.webUrl}/${workspace}/${slug}.git`;
    const user = options.user === undefined ? "" : `${options.user}@`;
    git(root, "remote", "add", "origin", options.url ?? url.replace("://", `://${user}`));
    return { slug, root, before: configText({ root }) };
  }
  const options = (changes: Partial<ConnectAllOptions> = {}): ConnectAllOptions => ({
    gitAccess: "vscode",
    openLocal: (root) => new PlainRepository(root, on.open.ports.openGit),
    report: () => undefined,
    signal,
    ...changes,
  });
  const describeRoots = (roots: readonly string[]) => describeAll(on.open.ports, roots);
  const addOne = (secret: string, places: readonly { workspace: string; slug?: string }[]) =>
    addToken(
      on.open.ports,
      { token: { secret }, places, expires: undefined, isPlaceOptional: false },
      signal,
    );
  const codes = (left: readonly { folder: string; error: unknown }[]) =>
    left.map(({ folder, error }) => [folder, error instanceof UserError ? error.code : error]);

  it("takes thirty app passwords out of URLs with one token, and gives each config back", async function () {
    this.timeout(180_000);
    const all = Array.from({ length: 30 }, () => clone({ user: `ada:${appPassword}` }));
    const token = on.bitbucket.addToken({
      kind: "workspace",
      workspace: "acme",
      scopes: writing,
      name: "one",
    });
    await addOne(token.secret, [{ workspace: "acme" }]);
    const { found, left } = await describeRoots(all.map(({ root }) => root));
    assert.deepEqual(left, []);
    for (const one of found) assert.deepEqual(one.changes, ["appPassword"]);
    const outcome = await connectAll(on.open.ports, found, options());
    assert.ok(outcome);
    assert.equal(outcome.connected.length, 30);
    assert.deepEqual(filesHolding(join(on.stage.root, "work"), appPassword), []);
    on.bitbucket.clearRequests();
    await Promise.all(all.map(({ root }) => gitOnline(root, "fetch", "-q")));
    assert.ok(on.bitbucket.requests.every((one) => one.token === "one" || one.status === 401));
    const again = await describeRoots(all.map(({ root }) => root));
    assert.ok(again.found.every(({ isConnected }) => isConnected));
    await outcome.undo();
    for (const { root, before } of all) assert.equal(configText({ root }), before);
    assert.deepEqual(await on.open.ports.connections.list(), []);
  });

  it("connects each with its own stored token", async () => {
    const all = Array.from({ length: 5 }, () => clone());
    for (const { slug } of all)
      await addOne(on.addToken(slug, writing, slug).secret, [{ workspace: "acme", slug }]);
    const { found } = await describeRoots(all.map(({ root }) => root));
    const outcome = await connectAll(on.open.ports, found, options());
    assert.equal(outcome?.connected.length, 5);
    on.bitbucket.clearRequests();
    await Promise.all(all.map(({ root }) => gitOnline(root, "fetch", "-q")));
    const signedIn = on.bitbucket.requests.filter(({ token }) => token !== undefined);
    assert.equal(new Set(signedIn.map(({ token }) => token)).size, 5);
    for (const { path, token } of signedIn) assert.equal(path.split("/")[2], `${token ?? ""}.git`);
  });

  it("moves a token that works from the URL, and says what else it will change", async () => {
    const helper = addOwnHelper(on.stage);
    const own = clone();
    const { secret } = on.addToken(own.slug);
    const url = `${on.bitbucket.webUrl}/acme/${own.slug}.git`;
    git(
      own.root,
      "remote",
      "set-url",
      "origin",
      url.replace("://", `://x-token-auth:${encodeURIComponent(secret)}@`),
    );
    const named = clone({ user: "ada" });
    const { found } = await describeRoots([own.root, named.root]);
    assert.deepEqual(
      found.map(({ changes }) => changes),
      [
        ["tokenInUrl", "otherHelper"],
        ["userInUrl", "otherHelper"],
      ],
    );
    const outcome = await connectAll(on.open.ports, found, options());
    assert.deepEqual(
      outcome?.connected.map(({ folder }) => folder),
      [own.root],
    );
    assert.deepEqual(codes(outcome.left), [[named.root, "TokenRejected"]]);
    assert.equal(configText(named), named.before);
    assert.deepEqual(filesHolding(own.root, secret), []);
    await gitOnline(own.root, "fetch", "-q");
    assert.equal(helper.calls(), "");
  });

  it("lets a bad folder cost only itself", async () => {
    const good = clone();
    await addOne(on.addToken(good.slug).secret, [{ workspace: "acme", slug: good.slug }]);
    const plain = join(on.stage.root, "plain");
    mkdirSync(plain);
    const elsewhere = clone({ url: "https://github.com/acme/x.git" });
    const broken = clone();
    git(broken.root, "config", "remote.origin.fetch", "x");
    const folders = [plain, join(on.stage.root, "missing"), elsewhere.root, good.root];
    const description = await describeRoots(folders);
    const outcome = await connectAll(on.open.ports, description.found, options());
    assert.deepEqual(
      outcome?.connected.map(({ folder }) => folder),
      [good.root],
    );
    assert.deepEqual(codes(description.left), [
      [plain, "NotARepository"],
      [join(on.stage.root, "missing"), "NotARepository"],
      [elsewhere.root, "InvalidRepository"],
    ]);
  });

  it("takes everything back where it is cancelled midway", async () => {
    const all = Array.from({ length: 12 }, () => clone({ user: "ada" }));
    const token = on.bitbucket.addToken({
      kind: "workspace",
      workspace: "acme",
      scopes: writing,
      name: "midway",
    });
    await addOne(token.secret, [{ workspace: "acme" }]);
    const { found } = await describeRoots(all.map(({ root }) => root));
    const abort = new AbortController();
    let done = 0;
    const report = () => {
      if (++done === 5) abort.abort();
    };
    assert.equal(
      await connectAll(on.open.ports, found, options({ report, signal: abort.signal })),
      undefined,
    );
    for (const { root, before } of all) assert.equal(configText({ root }), before);
    assert.deepEqual(await on.open.ports.connections.list(), []);
    assert.ok(!existsSync(join(all[0]?.root ?? "", ".git", "bitbucket-connect.journal")));
  });

  it("counts a work tree and a second name of one repository once", async () => {
    const { root } = clone();
    git(root, "worktree", "add", "-q", join(on.stage.root, "side"));
    const { found } = await describeRoots([root, join(on.stage.root, "side"), join(root, ".")]);
    assert.equal(found.length, 1);
  });

  it("finds the repositories below a folder, not those that packages bring", async () => {
    const [one, other] = [clone(), clone()];
    createRepository(on.stage, `work/${one.slug}/node_modules/dependency`, 0);
    const below = await findRepositoriesBelow(join(on.stage.root, "work"), signal);
    assert.deepEqual(below, [one.root, other.root].sort());
  });
});

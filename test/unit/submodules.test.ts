import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withWorkspaces } from "../../src/credentials/tokenReach";
import { checkConnection } from "../../src/flows/check/checkConnection";
import { cloneRepository } from "../../src/flows/clone/cloneRepository";
import { disconnectRepository } from "../../src/flows/connect/disconnectRepository";
import { fetchSubmodules } from "../../src/flows/submodules/fetchSubmodules";
import { addToken } from "../../src/flows/tokens/addToken";
import { readSubmodules } from "../../src/git/submodules";
import { filesHolding, createRepository, git, gitOnline } from "./support/connectStage";
import { GitRepository } from "./support/gitRepository";
import { onStage, writing } from "./support/onStage";

describe("submodules", () => {
  const on = onStage({}, { checkContract: false });
  const { signal } = new AbortController();
  let count = 0;

  interface Link {
    readonly path: string;
    readonly url: string;
    readonly hash?: string;
  }
  const someHash = "1234567890123456789012345678901234567890";

  function addRepository(links: readonly Link[] = [], workspace = "acme") {
    const slug = `sub-${++count}`;
    const { root } = createRepository(on.stage, `seed-${slug}`, 1);
    if (links.length > 0) commitLinks(root, links);
    on.bitbucket.addRepository(`${workspace}/${slug}`, { seedFrom: root });
    const url = `${on.bitbucket.webUrl}/${workspace}/${slug}.git`;
    return { slug, url, hash: git(root, "rev-parse", "HEAD"), repository: { workspace, slug } };
  }
  function commitLinks(root: string, links: readonly Link[]): void {
    const text = links
      .map(({ path, url }) => `[submodule "${path}"]\n\tpath = ${path}\n\turl = ${url}\n`)
      .join("");
    writeFileSync(join(root, ".gitmodules"), text);
    git(root, "add", ".gitmodules");
    for (const { path, hash = someHash } of links)
      git(root, "update-index", "--add", "--cacheinfo", `160000,${hash},${path}`);
    git(root, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "links");
  }
  const add = (secret: string, place: { workspace: string; slug?: string }) =>
    addToken(
      on.open.ports,
      { token: { secret }, places: [place], expires: undefined, isPlaceOptional: false },
      signal,
    );
  const addOwn = ({ slug }: { slug: string }) =>
    add(on.addToken(slug, writing, slug).secret, { workspace: "acme", slug });
  async function addWorkspace(workspace = "acme"): Promise<void> {
    const name = `all-${++count}`;
    const { secret } = on.bitbucket.addToken({ kind: "workspace", workspace, scopes: writing, name });
    const { tokens } = on.open.ports;
    await tokens.add(on.stage.site, { secret, kind: "workspace", scopes: [], savedAt: "" });
    await tokens.learn(secret, (reach) => withWorkspaces(reach, [workspace], false));
  }
  async function clone(repository: { workspace: string; slug: string }): Promise<string> {
    const request = {
      repository,
      directory: join(on.stage.root, "clones"),
      gitAccess: "vscode",
      useBotEmail: false,
    } as const;
    const outcome = await cloneRepository(on.open.ports, request, () => undefined, signal);
    assert.ok(outcome);
    return outcome.folder;
  }
  const fetch = (root: string, abort = signal) =>
    fetchSubmodules(on.open.ports, root, { gitAccess: "vscode", report: () => undefined, signal: abort });

  it("are fetched and connected after a clone, relative and nested ones too, each with its own token", async () => {
    const inner = addRepository();
    const middle = addRepository([{ path: "inner", url: `../${inner.slug}.git`, hash: inner.hash }]);
    const plain = addRepository();
    const outer = addRepository([
      { path: "deps/middle", url: `../${middle.slug}`, hash: middle.hash },
      { path: "plain", url: plain.url, hash: plain.hash },
      { path: "other", url: "https://github.com/acme/other.git" },
    ]);
    for (const one of [inner, middle, plain, outer]) await addOwn(one);
    const root = await clone(outer.repository);
    on.bitbucket.clearRequests();
    const outcome = await fetch(root);
    assert.deepEqual(outcome.failed, []);
    assert.deepEqual(
      outcome.connected.map(({ slug }) => slug).sort(),
      [inner.slug, middle.slug, plain.slug].sort(),
    );
    for (const path of ["deps/middle", "deps/middle/inner", "plain"])
      assert.ok(existsSync(join(root, path, "file1.txt")), path);
    assert.deepEqual(readdirSync(join(root, "other")), [], "another host's is left to Git");
    for (const { path, token } of on.bitbucket.requests.filter((one) => one.token && one.service))
      assert.equal(path.split("/")[2]?.replace(/\.git$/, ""), token);
    await gitOnline(join(root, "plain"), "fetch", "-q");
    await gitOnline(join(root, "deps/middle/inner"), "fetch", "-q");
  });

  it("go with the repository's connection, and keep what was fetched", async () => {
    const plain = addRepository();
    const outer = addRepository([{ path: "plain", url: plain.url, hash: plain.hash }]);
    await addWorkspace();
    const root = await clone(outer.repository);
    await fetch(root);
    const config = join(root, ".git/modules/plain/config");
    assert.match(readFileSync(config, "utf8"), /bitbucket-connect/);
    const [record] = await on.open.ports.connections.get(join(root, ".git"));
    assert.ok(record);
    await disconnectRepository(on.open.ports, new GitRepository(root), record, false);
    assert.doesNotMatch(readFileSync(config, "utf8"), /bitbucket-connect|credential/);
    assert.ok(existsSync(join(root, "plain", "file1.txt")));
    assert.deepEqual(await on.open.ports.connections.list(), []);
  });

  it("are named where no stored token can access them, and one more token is enough", async () => {
    const all = Array.from({ length: 3 }, () => addRepository([], "globex"));
    const outer = addRepository(all.map(({ url, hash, slug }) => ({ path: slug, url, hash })));
    await addOwn(outer);
    const root = await clone(outer.repository);
    const first = await fetch(root);
    assert.deepEqual(first.connected, []);
    assert.deepEqual(first.lacking.map(({ slug }) => slug).sort(), all.map(({ slug }) => slug).sort());
    await addWorkspace("globex");
    const second = await fetch(root);
    assert.equal(second.connected.length, 3);
    assert.deepEqual(second.lacking, []);
  });

  it("named by SSH are fetched over HTTPS where a token serves them", async () => {
    const { host } = new URL(on.bitbucket.webUrl);
    const plain = addRepository();
    const outer = addRepository([
      {
        path: "plain",
        url: `ssh://git@${host.split(":")[0] ?? ""}/acme/${plain.slug}.git`,
        hash: plain.hash,
      },
    ]);
    await addWorkspace();
    const root = await clone(outer.repository);
    const { connected } = await fetch(root);
    assert.equal(connected.length, 1);
    assert.equal(git(join(root, "plain"), "remote", "get-url", "origin"), plain.url);
  });

  it("leave nothing half behind where fetching fails or is cancelled", async () => {
    const plain = addRepository();
    const missing = addRepository();
    const outer = addRepository([
      { path: "plain", url: plain.url, hash: plain.hash },
      { path: "missing", url: missing.url },
    ]);
    await addWorkspace();
    const root = await clone(outer.repository);
    const outcome = await fetch(root);
    assert.equal(outcome.failed.length, 1, "the commit isn't on the server");
    assert.deepEqual(readdirSync(join(root, "missing")), []);
    assert.ok(!existsSync(join(root, ".git/modules/missing")));
    const again = await clone({ ...outer.repository }).catch(() => undefined);
    assert.equal(again, undefined);
    const abort = new AbortController();
    const stop = on.bitbucket.onRequest(({ service }) => {
      if (service) abort.abort();
    });
    const third = addRepository([{ path: "plain", url: plain.url, hash: plain.hash }]);
    stop();
    const thirdRoot = await clone(third.repository);
    const stopAgain = on.bitbucket.onRequest(({ service }) => {
      if (service) abort.abort();
    });
    await fetch(thirdRoot, abort.signal);
    stopAgain();
    assert.deepEqual(readdirSync(join(thirdRoot, "plain")), []);
    assert.ok(!existsSync(join(thirdRoot, ".git/modules/plain")));
  });

  it("are told of by Check, and connected by its repair, which can be undone", async () => {
    const plain = addRepository();
    const elsewhere = addRepository([], "globex");
    const outer = addRepository([
      { path: "plain", url: plain.url, hash: plain.hash },
      { path: "elsewhere", url: elsewhere.url, hash: elsewhere.hash },
    ]);
    await addWorkspace();
    const root = await clone(outer.repository);
    const check = () =>
      checkConnection(on.open.ports, new GitRepository(root), { reminderDays: 14, clock: Date.now, signal });
    const found = async () => (await check()).findings.filter(({ id }) => id.startsWith("submodule"));
    const [lacks, waits] = await found();
    assert.equal(lacks?.id, "submodule-without-token");
    assert.match(lacks.message, new RegExp(elsewhere.slug));
    assert.equal(waits?.id, "submodule-not-connected");
    assert.ok(waits.fix?.kind === "repair");
    const { undo } = await waits.fix.apply(signal);
    assert.deepEqual(
      (await found()).map(({ id }) => id),
      ["submodule-without-token"],
    );
    await undo();
    assert.equal((await found()).length, 2);
  });

  describe("of a stranger (P42)", () => {
    const base = () => Promise.resolve("https://bitbucket.org/acme/outer.git");
    const read = (root: string) => readSubmodules(on.open.ports.openGit, root, base);

    /** Any text, with a link in the index for each path that Git takes. */
    function strangers(text: string, paths: readonly string[]): string {
      const { root } = createRepository(on.stage, `stranger-${++count}`, 1);
      writeFileSync(join(root, ".gitmodules"), text);
      for (const path of paths)
        try {
          git(root, "update-index", "--add", "--cacheinfo", `160000,${someHash},${path}`);
        } catch {
          // Git refuses it too
        }
      return root;
    }
    const section = (name: string, path: string, url: string) =>
      `[submodule "${name}"]\n\tpath = ${path}\n\turl = ${url}\n`;

    it("get nothing for a name or path that leads elsewhere", async () => {
      const bad: readonly (readonly [string, string])[] = [
        ["../../evil", "a"],
        ["a/../../b", "a"],
        ["..", "a"],
        ["a\\\\..\\\\b", "a"],
        ["x=y", "a"],
        ["-x", "a"],
        ["good", "../out"],
        ["good", "/etc"],
        ["good", "-oProxyCommand=x"],
        ["good", ".git/hooks"],
        ["good", "a/.GIT/x"],
        ["good", "C:/x"],
      ];
      for (const [name, path] of bad) {
        const root = strangers(section(name, path, "https://bitbucket.org/acme/x.git"), [path, "a"]);
        assert.deepEqual(await read(root), [], `${name} ${path}`);
      }
    });

    it("get nothing for a file that is a link, too long, broken, includes others, or names what no commit has", async () => {
      const good = section("a", "a", "https://bitbucket.org/acme/x.git");
      const linked = strangers("", ["a"]);
      writeFileSync(join(on.stage.root, "elsewhere"), good);
      git(linked, "rm", "-q", "--cached", "--ignore-unmatch", ".gitmodules");
      const asLink = join(on.stage.root, "as-link");
      mkdirSync(asLink);
      symlinkSync(join(on.stage.root, "elsewhere"), join(asLink, ".gitmodules"));
      assert.deepEqual(await read(asLink), []);
      assert.deepEqual(await read(strangers(good + "#".repeat(300_000), ["a"])), []);
      assert.deepEqual(await read(strangers(`${good}[submodule`, ["a"])), []);
      assert.deepEqual(
        await read(strangers(`[include]\n\tpath = ${join(on.stage.root, "elsewhere")}\n`, ["a"])),
        [],
      );
      assert.deepEqual(await read(strangers(good, [])), []);
      assert.equal((await read(strangers(good, ["a"]))).length, 1);
    });

    it("resolve relative URLs as Git does, and never into another host", async () => {
      const rows = [
        ["../x.git", "https://bitbucket.org/acme/x.git"],
        ["./x.git", "https://bitbucket.org/acme/outer.git/x.git"],
        ["../../globex/x.git", "https://bitbucket.org/globex/x.git"],
        ["../../../evil.tld/acme/x.git", "https://evil.tld/acme/x.git"],
      ] as const;
      for (const [url, expected] of rows) {
        const [one] = await read(strangers(section("a", "a", url), ["a"]));
        assert.equal(one?.url, expected, url);
      }
    });

    it("lead no token to another host, program or repository", async () => {
      const victim = addRepository();
      await addOwn(victim);
      const { host } = new URL(on.bitbucket.webUrl);
      const marker = join(on.stage.root, "ran");
      const urls = [
        `http://evil.tld/acme/${victim.slug}.git`,
        `http://${host}.evil.tld/acme/${victim.slug}.git`,
        `http://evil.tld@${host}/../acme/${victim.slug}.git`,
        `http://${host}@evil.tld/acme/${victim.slug}.git`,
        `http://${host}/acme/${victim.slug}.git/../../evil/x.git`,
        `http://${host}/acme/..%2fevil.git`,
        `http://${host}\\\\@evil.tld/acme/x.git`,
        `ext::sh -c 'touch ${marker}'`,
        `file://${on.stage.root}/seed-${victim.slug}`,
        `--upload-pack=touch ${marker}`,
        `-u./payload`,
      ];
      const outer = addRepository(
        urls.map((url, index) => ({ path: `m${index}`, url: JSON.stringify(url) })),
      );
      await addOwn(outer);
      const root = await clone(outer.repository);
      on.bitbucket.clearRequests();
      const outcome = await fetch(root);
      assert.deepEqual(outcome.connected, []);
      assert.ok(!existsSync(marker));
      const asked = on.bitbucket.requests.filter(
        ({ service, token }) => service !== undefined && token !== undefined,
      );
      assert.deepEqual(asked, []);
      assert.deepEqual(filesHolding(root, "ATCTT3"), []);
    });

    it("run no command that .gitmodules names", async () => {
      const plain = addRepository();
      const marker = join(on.stage.root, "ran");
      const outer = addRepository([
        { path: "plain", url: `${plain.url}\n\tupdate = "!touch ${marker}"`, hash: plain.hash },
      ]);
      await addWorkspace();
      const root = await clone(outer.repository);
      await fetch(root).catch(() => undefined);
      assert.ok(!existsSync(marker));
    });
  });

  it("are fetched a hundred at once, each with its own token", async function () {
    this.timeout(300_000);
    const all = Array.from({ length: 100 }, () => addRepository());
    const outer = addRepository(all.map(({ slug, url, hash }) => ({ path: slug, url, hash })));
    for (const one of [outer, ...all]) await addOwn(one);
    const root = await clone(outer.repository);
    on.bitbucket.clearRequests();
    const outcome = await fetch(root);
    assert.equal(outcome.connected.length, 100);
    const signedIn = on.bitbucket.requests.filter(({ service, token }) => service && token);
    assert.equal(new Set(signedIn.map(({ token }) => token)).size, 100);
    for (const { path, token } of signedIn) assert.equal(path.split("/")[2], `${token ?? ""}.git`);
  });
});

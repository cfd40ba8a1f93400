import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TokenKind } from "../../src/bitbucket/token";
import { changeGitSetUp } from "../../src/flows/setUp/setUpGit";
import { addOwnHelper, createRepository, gitOnline } from "./support/connectStage";
import { onStage, writing } from "./support/onStage";

const account = "ada@example.com";
const apiScopes = ["read:repository:bitbucket", "write:repository:bitbucket"];

describe("any Git of this person, once set up (P40)", () => {
  const on = onStage({}, { checkContract: false });
  let count = 0;

  beforeEach(() => {
    on.bitbucket.clearRequests();
  });

  /** On the server, with a commit in it. */
  function addRepository(workspace = "acme", project = "PAY"): { slug: string; url: string } {
    const slug = `served-${++count}`;
    const { root } = createRepository(on.stage, `seed-${slug}`, 1);
    on.bitbucket.addRepository(`${workspace}/${slug}`, { seedFrom: root, project });
    return { slug, url: `${on.bitbucket.webUrl}/${workspace}/${slug}.git` };
  }
  const setUp = () => changeGitSetUp(on.open.ports, true);
  const add = (secret: string, kind: TokenKind) =>
    on.open.ports.tokens.add(on.stage.site, {
      secret,
      kind,
      scopes: [],
      savedAt: "",
      ...(kind === "api" && { account }),
    });
  const store = (slug: string, secret: string) =>
    on.open.ports.tokens.save(
      on.stage.site,
      { workspace: "acme", slug },
      { secret, kind: "repository", scopes: [], savedAt: "" },
    );
  const clone = (url: string, into = `clone-${++count}`) =>
    gitOnline(on.stage.home, "clone", "-q", url, into);
  const servedWith = () =>
    new Set(
      on.bitbucket.requests
        .filter(
          ({ service, status, token }) => service !== undefined && status === 200 && token !== undefined,
        )
        .map(({ token }) => token),
    );
  const restCalls = () => on.bitbucket.requests.filter(({ path }) => path.startsWith("/2.0/")).length;
  /** What `git credential fill` says, with every way to ask closed. */
  async function fill(description: string): Promise<string> {
    const child = spawn("git", ["credential", "fill"], {
      cwd: on.stage.home,
      env: { ...process.env, GIT_TERMINAL_PROMPT: "0", GIT_ASKPASS: "", SSH_ASKPASS: "" },
    });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stdin.on("error", () => undefined);
    child.stdin.end(`${description}\n\n`);
    await once(child, "close");
    return said;
  }

  const kinds = {
    repository: (slug: string, name: string) =>
      on.bitbucket.addToken({ kind: "repository", repository: `acme/${slug}`, scopes: writing, name }),
    project: (_: string, name: string) =>
      on.bitbucket.addToken({ kind: "project", project: "acme/PAY", scopes: writing, name }),
    workspace: (_: string, name: string) =>
      on.bitbucket.addToken({ kind: "workspace", workspace: "acme", scopes: writing, name }),
    api: (_: string, name: string) =>
      on.bitbucket.addToken({ kind: "api", account, workspace: "acme", scopes: apiScopes, name }),
  } as const;
  for (const kind of ["repository", "project", "workspace", "api"] as const) {
    it(`clones with a ${kind} token that was only stored, and asks Bitbucket about it once`, async () => {
      const { slug, url } = addRepository();
      const name = `${kind}-${++count}`;
      await add(kinds[kind](slug, name).secret, kind);
      await setUp();
      await clone(url);
      assert.deepEqual([...servedWith()], [name]);
      const asked = restCalls();
      assert.ok(asked > 0);
      await clone(url);
      assert.equal(restCalls(), asked);
    });
  }

  it("takes the connected one first, then repository, project, workspace, API token", async () => {
    const { slug, url } = addRepository();
    const names = new Map<string, string>();
    for (const kind of ["api", "workspace", "project", "repository"] as const) {
      const name = `order-${kind}-${++count}`;
      names.set(kind, name);
      await add(kinds[kind](slug, name).secret, kind);
    }
    const connected = on.addToken(slug);
    await store(slug, connected.secret);
    await setUp();
    await clone(url);
    assert.deepEqual([...servedWith()], [connected.name]);
  });

  it("goes on to the next where Bitbucket refuses the likeliest, and never gives that one again", async () => {
    const { slug, url } = addRepository();
    const revoked = kinds.workspace(slug, `revoked-${++count}`);
    const good = kinds.api(slug, `good-${++count}`);
    await add(revoked.secret, "workspace");
    await add(good.secret, "api");
    on.bitbucket.revoke(revoked.name);
    await setUp();
    await clone(url);
    assert.deepEqual([...servedWith()], [good.name]);
    on.bitbucket.revoke(good.name);
    await assert.rejects(clone(url), /Authentication failed/);
    await assert.rejects(clone(url), /could not read Username/, "Git asks from then on");
  });

  it("lets Git ask where no token fits, once, and asks no other helper", async () => {
    const spy = addOwnHelper(on.stage);
    const { url } = addRepository("globex");
    await add(kinds.workspace("", `elsewhere-${++count}`).secret, "workspace");
    await setUp();
    await assert.rejects(clone(url), (error: { stderr?: string }) => {
      assert.equal(error.stderr?.match(/could not read Username/g)?.length, 1);
      return true;
    });
    assert.equal(spy.calls(), "");
  });

  it("hands no token to another helper, and keeps none", async () => {
    const spy = addOwnHelper(on.stage);
    const { slug, url } = addRepository();
    await store(slug, on.addToken(slug).secret);
    await setUp();
    await clone(url);
    assert.equal(spy.calls(), "");
  });

  it("serves thirty repositories and a hundred submodules at once, each with its own token", async function () {
    this.timeout(240_000);
    await setUp();
    const own = async (slug: string) => {
      await store(slug, on.addToken(slug, writing, slug).secret);
    };
    const repositories = Array.from({ length: 30 }, () => addRepository());
    const modules = Array.from({ length: 100 }, () => addRepository());
    for (const { slug } of [...repositories, ...modules]) await own(slug);
    const outer = createRepository(on.stage, `outer-${++count}`, 1);
    const section = ({ slug, url }: { slug: string; url: string }) =>
      `[submodule "${slug}"]\n\tpath = ${slug}\n\turl = ${url}\n`;
    writeFileSync(join(outer.root, ".gitmodules"), modules.map(section).join(""));
    for (const { slug, url } of modules) {
      const hash = (await gitOnline(on.stage.home, "ls-remote", url, "HEAD")).slice(0, 40);
      await gitOnline(outer.root, "update-index", "--add", "--cacheinfo", `160000,${hash},${slug}`);
    }
    on.bitbucket.clearRequests();
    await Promise.all([
      ...repositories.map(({ url }) => clone(url)),
      gitOnline(outer.root, "submodule", "update", "-q", "--init", "--jobs", "16"),
    ]);
    const signedIn = on.bitbucket.requests.filter(({ token }) => token !== undefined);
    assert.equal(new Set(signedIn.map(({ token }) => token)).size, 130);
    for (const { path, token } of signedIn) assert.equal(path.split("/")[2], `${token ?? ""}.git`);
    assert.ok(readFileSync(join(outer.root, modules[99]?.slug ?? "", "file1.txt"), "utf8").length > 0);
  });

  it("gives no token to a look-alike in fifty tries (P16)", async () => {
    const { slug } = addRepository();
    await store(slug, on.addToken(slug).secret);
    await add(kinds.workspace("", `all-${++count}`).secret, "workspace");
    await setUp();
    const { host, port } = new URL(on.bitbucket.webUrl);
    const path = `acme/${slug}.git`;
    const good = `protocol=http\nhost=${host}\npath=${path}`;
    assert.match(await fill(good), /password=ATCTT3/);
    const hosts = [
      ...[
        "bitbucket.org",
        "bitbucket.org.evil.tld",
        "evilbitbucket.org",
        "api.bitbucket.org",
        "altssh.bitbucket.org",
      ],
      ...[`127.0.0.1`, `127.0.0.1:1${port}`, `127.0.0.1:${port}0`, `127.0.0.2:${port}`, `localhost:${port}`],
      ...[
        `127.0.0.1.evil.tld:${port}`,
        `evil127.0.0.1:${port}`,
        `0:${port}`,
        `127.1:${port}`,
        `[::1]:${port}`,
      ],
      ...[
        `2130706433:${port}`,
        `0x7f.0.0.1:${port}`,
        `127.0.0.1.:${port}`,
        `x@127.0.0.1:${port}`,
        `evil.tld`,
      ],
      ...[`127.0.0.1:0${port}`, `127.0.0.1:${port}/x`, `127.0.0.1:${port}@evil.tld`, `127.0.0.1%00:${port}`],
      ...[`１27.0.0.1:${port}`, `127。0.0.1:${port}`, `127.0.0.1:${port}#`, `127.0.0.1:${port}?`],
    ];
    const tries = [
      ...hosts.map((one) => `protocol=http\nhost=${one}\npath=${path}`),
      ...["https", "HTTP", "ftp", "ssh", "git", "file", "ldap"].map(
        (protocol) => `protocol=${protocol}\nhost=${host}\npath=${path}`,
      ),
      ...[
        `../${path}`,
        `x/../${path}`,
        `acme`,
        ``,
        `/acme`,
        `acme//${slug}.git`,
        `acme/${slug}.git/../other.git`,
      ],
      ...[
        `acme/${slug}.git/info/lfs/../../x`,
        `acme%2f${slug}.git`,
        `acme\\${slug}.git`,
        `acme/${slug}.git/x`,
      ],
    ].map((one) => (one.startsWith("protocol=") ? one : `protocol=http\nhost=${host}\npath=${one}`));
    assert.ok(tries.length >= 45);
    const urls = [`http://127.0.0.1:${port}@evil.tld/${path}`, `http://evil.tld/${host}/${path}`].map(
      (one) => `url=${one}`,
    );
    const more = [
      `http://evil.tld/@${host}/${path}`,
      `https://${host}/${path}`,
      `http://bitbucket.org/${path}`,
    ];
    const all = [...tries, ...urls, ...more.map((one) => `url=${one}`)];
    assert.ok(all.length >= 50, String(all.length));
    for (const one of all) assert.doesNotMatch(await fill(one), /ATCTT3|ATATT3/, one);
  });
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { connectRepository } from "../../src/flows/connect/connectRepository";
import { describeRepository } from "../../src/flows/describeRepository";
import { disconnectRepository } from "../../src/flows/connect/disconnectRepository";
import { isThorough } from "../extent.mjs";
import { connectRequest, createRepository, git, gitOnline, openPorts } from "./support/connectStage";
import type { GitRepository } from "./support/gitRepository";
import { onStage, writing } from "./support/onStage";

const rounds = isThorough ? 10 : 1;

describe("git's sign-in to connected repositories", () => {
  let lost: string[];
  const signal = new AbortController().signal;
  const on = onStage({ onLost: ({ slug }) => lost.push(slug) }, { checkContract: false });
  beforeEach(() => {
    lost = [];
  });
  let count = 0;
  function addRepository(): { slug: string; secret: string } {
    const slug = `signed-${++count}`;
    on.bitbucket.addRepository(`acme/${slug}`);
    return { slug, ...on.addToken(slug, writing, slug) };
  }

  async function connected(local?: GitRepository) {
    const { slug, secret } = addRepository();
    const repository = local ?? createRepository(on.stage, slug);
    const request = connectRequest({ repository: { workspace: "acme", slug }, token: { secret } });
    await connectRepository(on.open.ports, repository, request, () => undefined, signal);
    return { slug, secret, local: repository };
  }

  const fails = (promise: Promise<unknown>) =>
    assert.rejects(promise, /terminal prompts disabled|could not read Username/);

  it("gives fifty repositories their own fifty tokens, all at once (P10)", async function () {
    this.timeout(rounds * 60_000 + 60_000);
    const helper = await on.open.ports.prepareHelper();
    const all = Array.from({ length: 50 }, () => ({
      ...addRepository(),
      local: undefined as GitRepository | undefined,
    }));
    for (const one of all) {
      one.local = createRepository(on.stage, one.slug, 1);
      const url = `${on.bitbucket.webUrl}/acme/${one.slug}.git`;
      for (const args of [
        ["remote", "add", "origin", url],
        ["config", "--add", `credential.${url}.helper`, ""],
        ["config", "--add", `credential.${url}.helper`, helper],
        ["config", `credential.${url}.useHttpPath`, "true"],
      ])
        git(one.local.root, ...args);
      const token = { secret: one.secret, kind: "repository" as const, scopes: [], savedAt: "" };
      await on.open.ports.tokens.save(on.stage.site, { workspace: "acme", slug: one.slug }, token);
    }
    on.bitbucket.clearRequests();
    let right = 0;
    for (let round = 0; round < rounds; round++) {
      const work = all.flatMap(({ local }) => {
        const root = local?.root ?? "";
        return [
          gitOnline(root, "push", "-q", "origin", `HEAD:refs/heads/round-${round}`),
          gitOnline(root, "fetch", "-q"),
        ];
      });
      right += (await Promise.allSettled(work)).filter(({ status }) => status === "fulfilled").length;
    }
    assert.equal(right, rounds * 100);
    const signedIn = on.bitbucket.requests.filter(({ token }) => token !== undefined);
    assert.ok(signedIn.length >= rounds * 100);
    for (const { path, token } of signedIn) assert.equal(path.split("/")[2], `${token ?? ""}.git`);
  });

  it("leaves the others working when one is forgotten (P12)", async () => {
    const first = await connected();
    const second = await connected();
    const [connection] = await on.open.ports.connections.get(join(first.local.root, ".git"));
    assert.ok(connection);
    await disconnectRepository(on.open.ports, first.local, connection, true);
    await gitOnline(second.local.root, "fetch", "-q");
    await fails(gitOnline(first.local.root, "fetch", "-q"));
  });

  it("works in a worktree and with git -C from elsewhere", async () => {
    const { local } = await connected();
    const worktree = join(on.stage.root, "worktree");
    git(local.root, "worktree", "add", "-q", "-b", "side", worktree);
    await gitOnline(worktree, "push", "-q", "origin", "side");
    await gitOnline(on.stage.root, "-C", local.root, "fetch", "-q");
  });

  it("leaves a submodule to the sign-in that it had without us", async () => {
    const { local } = await connected();
    const { slug } = addRepository();
    await fails(
      gitOnline(local.root, "submodule", "add", "-q", `${on.bitbucket.webUrl}/acme/${slug}.git`, "sub"),
    );
  });

  it("answers for LFS's longer path, and for no other repository of the host", async () => {
    const { slug, secret, local } = await connected();
    const { host } = new URL(on.bitbucket.webUrl);
    const fill = async (path: string) => {
      const running = promisify(execFile)("git", ["credential", "fill"], {
        cwd: local.root,
        env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
      });
      running.child.stdin?.end(`protocol=http\nhost=${host}\npath=${path}\n\n`);
      return (await running).stdout;
    };
    assert.match(await fill(`acme/${slug}.git/info/lfs`), new RegExp(`password=${secret}`));
    await fails(fill("acme/other.git"));
  });

  it("goes on to git's own prompt when no window runs, and says nothing odd", async () => {
    const { local } = await connected();
    await on.open.close();
    const error = await gitOnline(local.root, "fetch", "-q").catch(
      (thrown: unknown) => thrown as { stderr: string },
    );
    assert.ok(typeof error !== "string");
    assert.match(error.stderr, /^fatal: could not read Username for '[^']+': terminal prompts disabled\s*$/);
  });

  it("starts at the next try where something stood in its way, and leaves no socket of the first", async () => {
    const { storageDir } = on.stage;
    const inTheWay = join(storageDir, "bin");
    const names = () => readdirSync(join(storageDir, "sockets"));
    mkdirSync(storageDir, { recursive: true });
    writeFileSync(inTheWay, "");
    await assert.rejects(on.open.signIn.prepare());
    assert.deepEqual(names(), []);
    rmSync(inTheWay);
    const { local } = await connected();
    await gitOnline(local.root, "fetch", "-q");
    assert.equal(names().length, 1);
  });

  it("serves a repository that has no stored token from the environment (P31)", async () => {
    const { slug, secret } = addRepository();
    const local = createRepository(on.stage, slug);
    process.env["BITBUCKET_TOKEN"] = secret;
    try {
      const inContainer = openPorts(on.stage);
      const request = connectRequest({ repository: { workspace: "acme", slug }, token: { secret } });
      await connectRepository(inContainer.ports, local, request, () => undefined, signal);
      await gitOnline(local.root, "fetch", "-q");
      assert.ok(!JSON.stringify(inContainer.secrets.all()).includes(secret));
      await inContainer.close();
    } finally {
      delete process.env["BITBUCKET_TOKEN"];
    }
  });

  it("tells when the editor has lost a token, and lets git ask (P31)", async () => {
    const { slug, local } = await connected();
    await on.open.secrets.delete(`token:${on.bitbucket.webUrl}/acme/${slug}`);
    await fails(gitOnline(local.root, "fetch", "-q"));
    assert.deepEqual(lost, [slug]);
  });

  describe("a repository whose config names programs (P33)", () => {
    it("has none of them run by our own looks, and keeps its hooks for a push", async () => {
      const { slug, secret } = addRepository();
      const local = createRepository(on.stage, slug);
      const evil = join(on.stage.root, "evil");
      const program = join(on.stage.root, "program.sh");
      writeFileSync(program, `#!/bin/sh\necho "$0 $*" >>'${evil}'\n`);
      chmodSync(program, 0o755);
      for (const key of [
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.askPass",
        "core.gitProxy",
        "diff.external",
      ])
        git(local.root, "config", key, program);
      git(local.root, "config", "alias.rev-parse", `!${program}`);
      const hooks = join(on.stage.root, "hooks");
      mkdirSync(hooks);
      writeFileSync(join(hooks, "pre-push"), `#!/bin/sh\ntouch '${join(on.stage.root, "pre-push-ran")}'\n`);
      for (const name of ["post-index-change", "reference-transaction"])
        writeFileSync(join(hooks, name), `#!/bin/sh\necho ${name} >>'${evil}'\n`);
      for (const name of ["pre-push", "post-index-change", "reference-transaction"])
        chmodSync(join(hooks, name), 0o755);
      git(local.root, "config", "core.hooksPath", hooks);
      await describeRepository(on.open.ports, local);
      const request = connectRequest({
        repository: { workspace: "acme", slug },
        token: { secret },
        branch: undefined,
      });
      await connectRepository(on.open.ports, local, request, () => undefined, signal);
      assert.ok(!existsSync(evil));
      await connectRepository(on.open.ports, local, { ...request, branch: "main" }, () => undefined, signal);
      assert.ok(existsSync(join(on.stage.root, "pre-push-ran")));
    });
  });
});

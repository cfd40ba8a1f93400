import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { changeGitSetUp } from "../../src/flows/setUp/setUpGit";
import { addOwnHelper, createRepository, git } from "./support/connectStage";
import { onStage, writing } from "./support/onStage";

function isThere(program: string, ...version: readonly string[]): boolean {
  try {
    execFileSync(program, version, { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

// Each starts Git in a way of its own, far from any connected repository.
describe("tools that call Git, once it is set up (P40)", () => {
  const on = onStage({}, { checkContract: false });
  let count = 0;
  let spy: ReturnType<typeof addOwnHelper>;
  let work: string;

  beforeEach(async () => {
    spy = addOwnHelper(on.stage);
    work = join(on.stage.root, "work");
    mkdirSync(work);
    await changeGitSetUp(on.open.ports, true);
  });

  /** A private repository with these files, whose token is stored. */
  async function addRepository(files: Readonly<Record<string, string>> = {}) {
    const slug = `tool-${++count}`;
    const { root } = createRepository(on.stage, `seed-${slug}`, 1);
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(root, name), text.replaceAll("SLUG", slug));
    git(root, "add", ".");
    git(root, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-q", "--allow-empty", "-m", "files");
    on.bitbucket.addRepository(`acme/${slug}`, { seedFrom: root });
    const { secret } = on.addToken(slug, writing, slug);
    const token = { secret, kind: "repository" as const, scopes: [], savedAt: "" };
    await on.open.ports.tokens.save(on.stage.site, { workspace: "acme", slug }, token);
    on.bitbucket.clearRequests();
    return { slug, url: `${on.bitbucket.webUrl}/acme/${slug}.git` };
  }
  const run = (program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    promisify(execFile)(program, args, {
      cwd: work,
      env: { ...process.env, GIT_TERMINAL_PROMPT: "0", ...env },
    });
  function assertServed(slug: string): void {
    const fetched = on.bitbucket.requests.filter(
      ({ path, status }) => /upload-pack$/.test(path) && status === 200,
    );
    assert.ok(fetched.length > 0, "Git fetched");
    for (const { token } of on.bitbucket.requests.filter((one) => one.token)) assert.equal(token, slug);
    assert.equal(spy.calls(), "");
  }

  it("npm install", async function () {
    this.timeout(120_000);
    const { slug, url } = await addRepository({ "package.json": '{ "name": "SLUG", "version": "1.0.0" }' });
    writeFileSync(join(work, "package.json"), "{}");
    const quiet = [
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--offline",
      "--cache",
      join(work, "cache"),
    ];
    await run("npm", ["install", ...quiet, `git+${url}`]);
    assert.ok(existsSync(join(work, "node_modules", slug, "file1.txt")));
    assertServed(slug);
  });

  it("pip download, as far as Git has a part in it", async function () {
    this.timeout(120_000);
    if (!isThere("pip", "--version")) {
      console.log("      pip is not installed here: its command line is played below");
      this.skip();
    }
    const { slug, url } = await addRepository();
    const download = run("pip", ["--isolated", "--no-cache-dir", "download", "--no-deps", `git+${url}`]);
    await assert.rejects(download, /does not appear to be a Python project/);
    assertServed(slug);
  });

  it("go get", async function () {
    this.timeout(120_000);
    if (!isThere("go", "version")) {
      console.log("      go is not installed here: its command lines are played below");
      this.skip();
    }
    const { slug } = await addRepository({
      "go.mod": "module code.test/acme/SLUG.git\n",
      "x.go": "package x\n",
    });
    // Go takes no port in a module's name.
    git(on.stage.home, "config", "--global", `url.${on.bitbucket.webUrl}/.insteadOf`, "https://code.test/");
    const env = {
      ...{
        GOPATH: join(work, "go"),
        GOCACHE: join(work, "cache"),
        GOFLAGS: "-modcacherw",
        GO111MODULE: "on",
      },
      ...{ GOPRIVATE: "code.test", GOPROXY: "direct", GOSUMDB: "off", GOTOOLCHAIN: "local" },
    };
    await run("go", ["mod", "init", "example.test/m"], env);
    await run("go", ["get", `code.test/acme/${slug}.git@main`], env);
    assertServed(slug);
  });

  /** As each program's source has them; `URL` and `DIR` stand for what differs. */
  const commands: Readonly<Record<string, readonly string[]>> = {
    npm: ["--no-replace-objects ls-remote URL", "--no-replace-objects clone --mirror -q URL DIR"],
    pip: ["clone --filter=blob:none --quiet URL DIR"],
    "go, asking": ["-c protocol.version=2 ls-remote -q URL"],
    "go, getting": ["init -q --bare DIR", "-C DIR fetch -q -f --depth=1 URL refs/heads/main:refs/heads/main"],
    Composer: [
      "clone --mirror -q -- URL DIR",
      "-C DIR remote set-url origin -- URL",
      "-C DIR remote update --prune origin",
    ],
    Cargo: [
      "init -q --bare DIR",
      "-C DIR fetch -q --force --update-head-ok URL +HEAD:refs/remotes/origin/HEAD",
    ],
    "a clone before docker build": ["clone -q --depth 1 URL DIR"],
  };
  for (const [name, lines] of Object.entries(commands)) {
    it(`the command lines of ${name}`, async () => {
      const { slug, url } = await addRepository();
      for (const line of lines) {
        const args = line.split(" ").map((word) => word.replace("URL", url).replace("DIR", "there"));
        await run("git", args, { GIT_ASKPASS: "echo" });
      }
      assertServed(slug);
    });
  }
});

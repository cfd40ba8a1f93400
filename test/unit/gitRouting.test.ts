import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { PushButtonStates } from "../../src/commands/pushButtonState";
import { RefusedTokens } from "../../src/credentials/refusedTokens";
import { UserError } from "../../src/errors";
import { readScene } from "../../src/flows/check/scene";
import { planPush } from "../../src/flows/push/planPush";
import { OpenRemotes } from "../../src/git/openRemotes";
import { parsePushedRefs } from "../../src/git/pushReport";
import { createReadRepository } from "../../src/git/repository";
import type { GitApiRepository } from "../../src/git/vscodeGitApi";
import { isQuick, isThorough } from "../extent.mjs";
import { createRepository, git, gitOnline } from "./support/connectStage";
import { EditorRepository } from "./support/editorRepository";
import { GitRepository } from "./support/gitRepository";
import { onStage, writing } from "./support/onStage";

const rounds = isThorough ? 500 : isQuick ? 25 : 100;

describe("where Git pushes, and everybody else says so", () => {
  const on = onStage();
  let tokens = 0;
  let seed = 20261127;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
  const oneOf = <T>(all: readonly T[]): T => all[random(all.length)] as T;

  /** Git signs in with a header, so that no URL has a secret and no rule is in the way. */
  function signIn(): void {
    const name = `routing-${++tokens}`;
    const { secret } = on.bitbucket.addToken({ kind: "workspace", workspace: "acme", scopes: writing, name });
    const basic = Buffer.from(`x-token-auth:${secret}`).toString("base64");
    const section = `[http "${on.bitbucket.webUrl}"]\n\textraHeader = Authorization: Basic ${basic}\n`;
    appendFileSync(join(on.stage.home, ".gitconfig"), section);
  }

  before(() => {
    for (const name of ["acme/a", "acme/b", "acme/fork"]) on.bitbucket.addRepository(name);
  });
  beforeEach(signIn);

  async function button(local: GitRepository) {
    const { ports } = on.open;
    const states = new PushButtonStates(
      new RefusedTokens(),
      new OpenRemotes(ports.readRepository),
      ports.readRepository,
    );
    const repository: unknown = new EditorRepository(local.root);
    return states.read(ports, repository as GitApiRepository, Date.now());
  }

  const webUrl = (name: string) => `${on.bitbucket.webUrl}/${name}`;

  it("agrees with git push --dry-run and git ls-remote --get-url", async function () {
    this.timeout(600_000);
    const home = join(on.stage.home, ".gitconfig");
    const plain = readFileSync(home, "utf8");
    for (let round = 0; round < rounds; round++) {
      writeFileSync(home, plain);
      const from = seed;
      const local = randomRepository(round);
      await assertAgreement(local, `round ${round} from seed ${from}:\n${allConfig(local)}`);
    }
  });

  /** Remotes, URLs, rules, levels and worktrees as they come. */
  function randomRepository(round: number): GitRepository {
    const main = createRepository(on.stage, `routing-${round}`, 1);
    const isWorktree = random(4) === 0;
    const root = isWorktree ? join(on.stage.root, `worktree-${round}`) : main.root;
    if (isWorktree) git(main.root, "worktree", "add", "-q", "-b", "topic", root);
    const local = { root, branch: isWorktree ? "topic" : "main" };
    const names = ["origin", "fork", "up/stream", "Other"].slice(0, 1 + random(4));
    for (const name of names) addRemote(local.root, name);
    if (random(8) === 0) git(local.root, "config", "--unset-all", "remote.origin.fetch");
    for (let n = random(3); n > 0; n--) addRule(local.root);
    routes(local.root, local.branch, names);
    if (isWorktree && random(2) === 0) {
      git(local.root, "config", "extensions.worktreeConfig", "true");
      git(local.root, "config", "--worktree", "remote.pushDefault", oneOf(names));
    }
    git(local.root, "commit", "-q", "--allow-empty", "-m", "Ahead");
    return new GitRepository(root);
  }

  function addRemote(root: string, name: string): void {
    git(root, "remote", "add", name, oneOf(urls()));
    for (let n = random(4) - 1; n > 0; n--)
      git(root, "config", "--add", `remote.${name}.pushurl`, oneOf(urls()));
  }

  const urls = () => [
    `${webUrl("acme/a")}.git`,
    webUrl("acme/b"),
    `${webUrl("acme/fork")}.git/`,
    "bb:acme/a",
    "bb:acme/fork.git",
    elsewhere(),
  ];

  function elsewhere(): string {
    const dir = join(on.stage.root, "elsewhere.git");
    mkdirSync(dir, { recursive: true });
    git(dir, "init", "-q", "--bare");
    return dir;
  }

  function addRule(root: string): void {
    const [base, value, name] = oneOf([
      [`${on.bitbucket.webUrl}/`, "bb:", "insteadOf"],
      [webUrl("acme/b"), webUrl("acme/a"), "insteadOf"],
      [webUrl("acme/fork"), webUrl("acme/b"), "pushInsteadOf"],
      [elsewhere(), webUrl("acme/fork"), "pushInsteadOf"],
      [webUrl("acme/a.git"), elsewhere(), "insteadOf"],
    ] as const);
    write(root, `[url "${base}"]\n\t${name} = ${value}\n`);
  }

  /** At any level at which Git reads its configuration. */
  function write(root: string, text: string): void {
    const home = join(on.stage.home, ".gitconfig");
    const common = join(git(root, "rev-parse", "--path-format=absolute", "--git-common-dir"), "config");
    const included = join(on.stage.root, `included-${random(1_000_000)}`);
    const level = random(5);
    if (level === 0) appendFileSync(home, text);
    if (level === 1) appendFileSync(common, text);
    if (level < 2) return;
    writeFileSync(included, text);
    const condition = level === 2 ? "include" : `includeIf "gitdir:${on.stage.root}/"`;
    appendFileSync(level === 3 ? home : common, `[${condition}]\n\tpath = ${included}\n`);
  }

  function routes(root: string, branch: string, names: readonly string[]): void {
    const maybe = (text: () => string) => {
      if (random(3) === 0) write(root, text());
    };
    maybe(() => `[remote]\n\tpushDefault = ${oneOf(names)}\n`);
    maybe(() => `[branch "${branch}"]\n\tpushRemote = ${oneOf(names)}\n`);
    maybe(() => `[push]\n\tdefault = ${oneOf(["simple", "current", "upstream", "nothing", "matching"])}\n`);
    maybe(() => `[remote "${oneOf(names)}"]\n\tpush = refs/heads/${branch}:refs/heads/review/${branch}\n`);
    if (random(2) === 0) {
      git(root, "config", `branch.${branch}.remote`, oneOf(names));
      git(root, "config", `branch.${branch}.merge`, `refs/heads/${oneOf([branch, "develop"])}`);
    }
  }

  async function assertAgreement(local: GitRepository, context: string): Promise<void> {
    const { ports } = on.open;
    const reading = await ports.readRepository(local.root);
    for (const { name, fetchUrl, pushUrls } of reading.remotes) {
      assert.equal(fetchUrl, git(local.root, "ls-remote", "--get-url", name), context);
      const all = git(local.root, "remote", "get-url", "--push", "--all", name).split("\n");
      assert.deepEqual(pushUrls, all, context);
    }
    const dry = await dryRun(local.root);
    const [state, scene] = [await button(local), await readScene(ports, local)];
    assert.deepEqual(scene.route.target?.remote, state?.remote, context);
    if (!dry || !state) return;
    const places = state.elsewhere ? [state.elsewhere.displayUrl] : [state.displayUrl, ...state.others];
    const said = state.elsewhere ? dry.urls.slice(0, 1) : dry.urls;
    // Where no rule explains the abbreviation it is a host of SSH's that isn't there, and Git says nothing of it.
    const reached = places.filter((place) => !place.startsWith("bb:"));
    assert.deepEqual(reached.sort(), said.filter((url) => !url.startsWith("bb:")).sort(), context);
    assert.deepEqual(scene.route.elsewhere, state.elsewhere, context);
    const plan = await planPush(ports, local, {}).catch((error: unknown) => error);
    if (state.elsewhere) {
      assert.ok(plan instanceof UserError && plan.message.includes(state.elsewhere.displayUrl), context);
      return;
    }
    if (plan instanceof UserError) {
      assert.equal(plan.code, "NothingToPush", `${plan.message}\n${context}`);
      return;
    }
    const { target } = plan as Awaited<ReturnType<typeof planPush>>;
    if (dry.refs.length === 1) assert.deepEqual([`refs/heads/${target}`], dry.refs, context);
    assert.equal(state.target, target, context);
  }

  /** Undefined where Git refuses to choose. */
  async function dryRun(root: string) {
    const env = { ...process.env, GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
    const run = promisify(execFile)("git", ["push", "--dry-run", "--porcelain"], { cwd: root, env });
    const { stdout } = await run.catch((error: unknown) => error as { stdout: string; stderr: string });
    const urls = [...stdout.matchAll(/^To (.*)$/gm)].map(([, url = ""]) => url);
    const head = git(root, "symbolic-ref", "HEAD");
    const ofBranch = stdout.split("\n").filter((line) => line.slice(2).startsWith(`${head}:`));
    const refs = [...new Set(parsePushedRefs(ofBranch.join("\n")).map(({ ref }) => ref))];
    return refs.length === 0 ? undefined : { urls, refs };
  }

  const allConfig = (local: GitRepository) => git(local.root, "config", "--show-origin", "--list");

  describe("in what people have set up (G1 to G11 of our cases)", () => {
    async function connected(name: string) {
      const local = createRepository(on.stage, name, 1);
      git(local.root, "remote", "add", "origin", `${webUrl("acme/a")}.git`);
      git(local.root, "config", "branch.main.remote", "origin");
      git(local.root, "config", "branch.main.merge", "refs/heads/main");
      return Promise.resolve(local);
    }
    const globalConfig = (text: string) => {
      appendFileSync(join(on.stage.home, ".gitconfig"), text);
    };

    it("G1: a rule that pushes by SSH is seen by the button, and told by the check with its file", async () => {
      globalConfig(`[url "git@bitbucket.org:"]\n\tpushInsteadOf = ${on.bitbucket.webUrl}/\n`);
      const local = await connected("g1");
      const reading = await on.open.ports.readRepository(local.root);
      assert.deepEqual(reading.remotes[0]?.pushUrls, ["git@bitbucket.org:acme/a.git"]);
    });

    it("G2: remote.pushDefault in an included file is where the button and the push go", async () => {
      const included = join(on.stage.home, "included");
      writeFileSync(included, "[remote]\n\tpushDefault = fork\n");
      globalConfig(`[include]\n\tpath = ${included}\n`);
      const local = await connected("g2");
      git(local.root, "remote", "add", "fork", `${webUrl("acme/fork")}.git`);
      assert.equal((await button(local))?.repository.slug, "fork");
      assert.equal((await planPush(on.open.ports, local, {})).remote, "fork");
    });

    it("G4: both push URLs are named, and the commits counted by what Git says", async () => {
      const local = await connected("g4");
      git(local.root, "config", "--add", "remote.origin.pushurl", `${webUrl("acme/a")}.git`);
      git(local.root, "config", "--add", "remote.origin.pushurl", `${webUrl("acme/b")}.git`);
      const plan = await planPush(on.open.ports, local, {});
      assert.deepEqual(plan.others, [`${webUrl("acme/b")}.git`]);
      assert.deepEqual((await button(local))?.others, plan.others);
    });

    it("G5: a folder that is opened through a link is the same repository", async () => {
      const local = await connected("g5");
      const link = join(on.stage.root, "g5-link");
      symlinkSync(local.root, link);
      const [one, other] = await Promise.all([local.root, link].map(on.open.ports.readRepository));
      assert.equal(one?.commonDir, other?.commonDir);
    });

    it("G6: a remote that only a rule makes Bitbucket's is Bitbucket's for the button and the push", async () => {
      globalConfig(`[url "${on.bitbucket.webUrl}/"]\n\tinsteadOf = bb:\n`);
      const local = createRepository(on.stage, "g6", 1);
      git(local.root, "remote", "add", "origin", "bb:acme/a");
      assert.equal(new EditorRepository(local.root).state.remotes[0]?.fetchUrl, "bb:acme/a");
      assert.equal((await button(local))?.displayUrl, webUrl("acme/a"));
      assert.equal((await planPush(on.open.ports, local, {})).repository.slug, "a");
    });

    it("G7: the author is who Git would write, whichever setting says so", async () => {
      const local = await connected("g7");
      const author = async () => (await button(local))?.commitAddress;
      assert.equal(await author(), "ada@example.com");
      const included = join(on.stage.home, "work");
      writeFileSync(included, "[user]\n\temail = work@example.com\n");
      globalConfig(`[includeIf "gitdir:${dirname(local.root)}/"]\n\tpath = ${included}\n`);
      assert.equal(await author(), "work@example.com");
      git(local.root, "config", "extensions.worktreeConfig", "true");
      git(local.root, "config", "--worktree", "user.email", "tree@example.com");
      assert.equal(await author(), "tree@example.com");
      globalConfig("[author]\n\temail = author@example.com\n");
      assert.equal(await author(), "author@example.com");
    });

    it("G11: a branch named in Latin-1 is pushed as it is", async () => {
      const local = await connected("g11");
      const name = Buffer.from("refs/heads/br\xfcche", "latin1");
      const input = Buffer.concat([
        Buffer.from("create "),
        name,
        Buffer.from(` ${git(local.root, "rev-parse", "HEAD")}\n`),
      ]);
      await promisifiedInput("git", ["update-ref", "--stdin"], local.root, input);
      writeFileSync(
        join(local.root, ".git", "HEAD"),
        Buffer.concat([Buffer.from("ref: "), name, Buffer.from("\n")]),
      );
      const plan = await planPush(on.open.ports, local, {});
      assert.equal(plan.branch, "br\uFFFDche");
      const { pushRepository } = await import("../../src/flows/push/pushRepository");
      const signal = new AbortController().signal;
      const outcome = await pushRepository(on.open.ports, local, plan, () => undefined, signal);
      assert.equal(outcome?.branch, plan.branch);
      const dir = await on.bitbucket.gitDir("acme/a");
      const there = readFileSync(join(dir, "packed-refs"), { encoding: "latin1", flag: "a+" });
      const loose = await readdirBytes(join(dir, "refs", "heads"));
      assert.ok(there.includes("br\xfcche") || loose.includes("br\xfcche"));
    });
  });

  it("asks Git once, and again only when a file has changed that its answer came from", async () => {
    const local = createRepository(on.stage, "cached", 1);
    git(local.root, "remote", "add", "origin", `${webUrl("acme/a")}.git`);
    const included = join(on.stage.home, "not-yet");
    appendFileSync(join(on.stage.home, ".gitconfig"), `[include]\n\tpath = ${included}\n`);
    let started = 0;
    const read = createReadRepository((options) => {
      started++;
      return on.open.ports.openGit(options);
    });
    const look = async () => {
      const reading = await read(local.root);
      return [await reading.author(), await reading.branch("main"), await reading.unpushed("main")] as const;
    };
    await look();
    const first = started;
    for (let n = 0; n < 50; n++) await look();
    assert.equal(started, first);
    writeFileSync(included, "[user]\n\temail = new@example.com\n");
    assert.equal((await look())[0]?.email, "new@example.com");
    const second = started;
    assert.ok(second > first);
    git(local.root, "commit", "-q", "--allow-empty", "-m", "One more");
    await look();
    assert.equal(readFileSync(join(local.root, ".git", "HEAD"), "utf8"), "ref: refs/heads/main\n");
    assert.ok(started - second <= 2, "a commit costs the branch alone");
  });

  it("pushes what is new and tells Git's own count; what is there already is nothing to push", async () => {
    await gitOnline(createOrigin("narrow-source"), "push", "-q", "origin", "main", "main:feature");
    const dir = join(on.stage.root, "narrow");
    const url = `${webUrl("acme/b")}.git`;
    await gitOnline(on.stage.root, "clone", "-q", "--depth", "1", "--single-branch", "-b", "main", url, dir);
    git(dir, "switch", "-q", "-c", "feature");
    const { pushRepository } = await import("../../src/flows/push/pushRepository");
    const local = new GitRepository(dir);
    const push = async () => {
      const plan = await planPush(on.open.ports, local, {});
      assert.equal(plan.isNew, false);
      return pushRepository(on.open.ports, local, plan, () => undefined, new AbortController().signal);
    };
    await assert.rejects(push, { code: "NothingToPush" });
    git(dir, "commit", "-q", "--allow-empty", "-m", "Mine");
    assert.equal((await push())?.commits, 1);
  });

  function createOrigin(name: string): string {
    const local = createRepository(on.stage, name, 3);
    git(local.root, "remote", "add", "origin", `${webUrl("acme/b")}.git`);
    return local.root;
  }
});

async function readdirBytes(dir: string): Promise<readonly string[]> {
  return (await readdir(dir, { encoding: "buffer" })).map((name) => name.toString("latin1"));
}

async function promisifiedInput(program: string, args: string[], cwd: string, input: Buffer): Promise<void> {
  const child = spawn(program, args, { cwd, stdio: ["pipe", "inherit", "inherit"] });
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number];
  assert.equal(code, 0);
}

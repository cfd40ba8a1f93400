import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError, type ErrorKind } from "../../src/errors";
import { explainPush } from "../../src/flows/push/explainPush";
import { planPush, type PushRequest } from "../../src/flows/push/planPush";
import { pullBeforePush, type Pulling } from "../../src/flows/push/pushAfterPull";
import { freeBranchName, startBranch } from "../../src/flows/push/pushNewBranch";
import { pushRepository } from "../../src/flows/push/pushRepository";
import { fetchIncoming } from "../../src/flows/push/unrelatedHistories";
import { createRepository, git, gitOnline } from "./support/connectStage";
import type { GitRepository } from "./support/gitRepository";
import { onStage, writing } from "./support/onStage";

describe("pushing a connected repository", () => {
  let count = 0;
  let tokenName: string;

  const on = onStage();
  const signal = new AbortController().signal;

  /** A repository whose main is on Bitbucket already, unless `push` is false. */
  async function prepare({ push = true } = {}) {
    const slug = `push-${++count}`;
    const fullName = `acme/${slug}`;
    tokenName = `push-token-${count}`;
    on.bitbucket.addRepository(fullName);
    const { secret } = on.addToken(slug, writing, tokenName);
    const local = createRepository(on.stage, slug);
    const repository = { workspace: "acme", slug };
    const savedAt = new Date().toISOString();
    await on.open.ports.tokens.save(on.stage.site, repository, {
      secret,
      kind: "repository",
      scopes: writing,
      savedAt,
    });
    // The token in the URL, one of the ways to connect, spares each test our helper.
    const url = new URL(`${on.bitbucket.webUrl}/${fullName}.git`);
    url.username = "x-token-auth";
    url.password = encodeURIComponent(secret);
    git(local.root, "remote", "add", "origin", url.href);
    if (push) await gitOnline(local.root, "push", "-q", "-u", "origin", "main");
    return { local, fullName, slug, repository };
  }

  function commit(local: { readonly root: string }, name: string): void {
    writeFileSync(join(local.root, `${name}.txt`), `${name}\n`);
    git(local.root, "add", ".");
    git(local.root, "commit", "-q", "-m", `Add ${name}`);
  }

  /** Somebody else's commit on Bitbucket, made from `from` or from nothing. */
  async function commitThere(
    fullName: string,
    options: { file?: string; unrelated?: boolean } = {},
  ): Promise<void> {
    const dir = await on.bitbucket.gitDir(fullName);
    const who = ["-c", "user.name=Grace", "-c", "user.email=grace@example.com"];
    const blob = git(dir, "hash-object", "-w", join(on.stage.home, ".gitconfig"));
    const file = options.file ?? "theirs.txt";
    const base = options.unrelated ? "" : git(dir, "ls-tree", "main");
    const entries = [
      ...base.split("\n").filter((line) => line !== "" && !line.endsWith(`\t${file}`)),
      `100644 blob ${blob}\t${file}`,
    ];
    const input = join(on.stage.root, "tree");
    writeFileSync(input, `${entries.join("\n")}\n`);
    const tree = execFileSync("git", ["mktree"], { cwd: dir, input: readFileSync(input) })
      .toString()
      .trim();
    const parents = options.unrelated ? [] : ["-p", "main"];
    const made = git(dir, ...who, "commit-tree", "-m", "Theirs", ...parents, tree);
    git(dir, "update-ref", "refs/heads/main", made);
  }

  async function push(local: GitRepository, request: PushRequest = {}) {
    const plan = await planPush(on.open.ports, local, request);
    return pushRepository(on.open.ports, local, plan, () => undefined, signal);
  }

  async function assertFails(promise: Promise<unknown>, code: ErrorKind): Promise<UserError> {
    const error = await promise.then(
      () => assert.fail(`expected ${code}`),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.code, code, error.message);
    return error;
  }
  const titles = (error: UserError) => error.fixes.map((fix) => fix.title);

  it("pushes what is ahead, and tells how many commits", async () => {
    const { local, fullName } = await prepare();
    commit(local, "one");
    commit(local, "two");
    assert.deepEqual(await push(local), { remote: "origin", branch: "main", commits: 2, tags: [] });
    const [newest] = await on.bitbucket.commits(fullName);
    assert.equal(newest?.subject, "Add two");
  });

  it("says so where there is nothing to push, without asking Bitbucket", async () => {
    const { local } = await prepare();
    on.bitbucket.clearRequests();
    const error = await assertFails(push(local), "NothingToPush");
    assert.match(error.message, /main/);
    assert.equal(on.bitbucket.requests.length, 0);
  });

  it("offers to pull where there is nothing to push but something to fetch", async () => {
    const { local, fullName } = await prepare();
    await commitThere(fullName);
    await gitOnline(local.root, "fetch", "-q");
    const error = await assertFails(push(local), "NothingToPush");
    assert.deepEqual(titles(error), ["Pull"]);
    assert.match(error.message, /has one that you don't have/);
  });

  it("plans a first push as one that sets the upstream, and sets it", async () => {
    const { local, slug } = await prepare();
    git(local.root, "switch", "-q", "-c", "feature/x#1");
    commit(local, "feature");
    const plan = await planPush(on.open.ports, local, {});
    assert.deepEqual(
      [plan.setsUpstream, plan.isNew, plan.commits, plan.target],
      [true, true, 1, "feature/x#1"],
    );
    const outcome = await push(local);
    assert.equal(git(local.root, "rev-parse", "--abbrev-ref", "@{upstream}"), "origin/feature/x#1");
    // Bitbucket's own link comes out of its `remote:` lines.
    assert.ok(
      outcome?.pullRequestUrl?.startsWith(
        `${on.bitbucket.webUrl}/acme/${slug}/pull-requests/new?source=feature/x`,
      ),
    );
  });

  it("offers no pull request for the first branch of an empty repository, nor for one that was there", async () => {
    const { local } = await prepare({ push: false });
    assert.equal((await push(local))?.pullRequestUrl, undefined);
    commit(local, "more");
    assert.equal((await push(local))?.pullRequestUrl, undefined);
  });

  it("goes where it is told, and a failed push's buttons go where that went", async () => {
    const { local } = await prepare();
    on.bitbucket.addRepository("acme/fork");
    git(local.root, "remote", "add", "fork", `${on.bitbucket.webUrl}/acme/fork.git`);
    commit(local, "one");
    const plan = await planPush(on.open.ports, local, {
      remote: "fork",
      target: "topic",
      setsUpstream: true,
    });
    const { remote, repository, target, setsUpstream, followsTarget } = plan;
    assert.deepEqual([remote, repository.slug, target], ["fork", "fork", "topic"]);
    assert.deepEqual([setsUpstream, followsTarget], [true, false]);
    await assertFails(planPush(on.open.ports, local, { remote: "elsewhere" }), "NotARepository");
    const failure = new Error("! [rejected] main -> topic (fetch first)");
    const { fixes } = await explainPush(on.open.ports, local, plan, failure, signal);
    const changes = fixes.flatMap((fix) => (fix.kind === "retry" ? [fix.change] : []));
    assert.ok(changes.length > 0);
    for (const change of changes)
      assert.deepEqual([change["remote"], change["target"], change["branch"]], ["fork", "topic", "main"]);
  });

  it("leads to the editor's own push where SSH has a question, which only that can ask", async () => {
    const { local } = await prepare();
    const pushed = {
      remote: "origin",
      repository: { workspace: "acme", slug: "x" },
      branch: "main",
      target: "main",
    };
    const failure = new Error("Host key verification failed.\nfatal: Could not read from remote repository.");
    const { fixes } = await explainPush(on.open.ports, local, pushed, failure, signal);
    const [first] = fixes;
    assert.ok(first?.kind === "runCommand" && first.command === "git.push");
    assert.deepEqual(first.args, [local.root]);
  });

  it("pushes a branch that follows another name to that name", async () => {
    const { local, fullName } = await prepare();
    git(local.root, "branch", "-m", "main", "trunk");
    commit(local, "renamed");
    const plan = await planPush(on.open.ports, local, {});
    assert.deepEqual([plan.branch, plan.target, plan.setsUpstream], ["trunk", "main", false]);
    await push(local);
    assert.deepEqual([...(await on.bitbucket.refs(fullName)).keys()], ["refs/heads/main"]);
  });

  it("pushes another branch than the one that is checked out, and annotated tags with it", async () => {
    const { local, fullName } = await prepare();
    git(local.root, "branch", "other");
    git(local.root, "tag", "-a", "v1", "-m", "v1", "other");
    git(local.root, "tag", "v1-light", "other"); // git pushes annotated ones alone
    assert.deepEqual((await push(local, { branch: "other", tags: true }))?.tags, ["v1"]);
    assert.deepEqual([...(await on.bitbucket.refs(fullName)).keys()].sort(), [
      "refs/heads/main",
      "refs/heads/other",
      "refs/tags/v1",
    ]);
  });

  it("whatever push.default and a remote's refspec say, pushes the one branch", async () => {
    const { local, fullName } = await prepare();
    git(local.root, "branch", "secret");
    git(local.root, "config", "push.default", "matching");
    git(local.root, "config", "remote.origin.push", "+refs/heads/*:refs/heads/*");
    commit(local, "one");
    await push(local);
    assert.deepEqual([...(await on.bitbucket.refs(fullName)).keys()], ["refs/heads/main"]);
  });

  it("finds a remote that was added or renamed just now", async () => {
    const { local } = await prepare();
    commit(local, "one");
    git(local.root, "remote", "rename", "origin", "bitbucket");
    git(local.root, "remote", "add", "origin", "https://github.com/acme/elsewhere.git");
    assert.equal((await planPush(on.open.ports, local, {})).remote, "bitbucket");
  });

  it("names a detached HEAD, a missing branch and a missing remote", async () => {
    const { local } = await prepare();
    await assertFails(push(local, { branch: "nowhere" }), "BranchNotFound");
    git(local.root, "checkout", "-q", "--detach");
    assert.deepEqual(titles(await assertFails(push(local), "BranchNotFound")), ["Create branch"]);
    git(local.root, "remote", "remove", "origin");
    assert.deepEqual(titles(await assertFails(push(local, { branch: "main" }), "NotARepository")), [
      "Connect repository",
    ]);
  });

  it("not fast-forward: offers to pull or to look, never to force, and leaves Bitbucket as it was", async () => {
    const { local, fullName } = await prepare();
    await commitThere(fullName);
    const before = await on.bitbucket.refs(fullName);
    commit(local, "mine");
    const error = await assertFails(push(local), "PushRejected");
    assert.deepEqual(titles(error), ["Merge, then push", "Rebase, then push", "See incoming changes"]);
    for (const [key, value] of [
      ["pull.rebase", "false"],
      ["pull.ff", "true"],
      ["branch.main.rebase", "true"],
    ] as const) {
      git(local.root, "config", key, value);
      assert.deepEqual(titles(await assertFails(push(local), "PushRejected")), [
        ...["Pull, then push", "See incoming changes"],
      ]);
      git(local.root, "config", "--unset", key);
    }
    git(local.root, "config", "pull.ff", "only");
    assert.deepEqual(
      titles(await assertFails(push(local), "PushRejected")),
      titles(error),
      "asked once (U13)",
    );
    assert.doesNotMatch(JSON.stringify(error.fixes), /force/i);
    assert.deepEqual(await on.bitbucket.refs(fullName), before);
  });

  it("tells how many commits are incoming and which", async () => {
    const { local, fullName } = await prepare();
    await commitThere(fullName);
    commit(local, "mine");
    const plan = await planPush(on.open.ports, local, {});
    const incoming = await fetchIncoming(on.open.ports, local, plan, signal);
    assert.deepEqual([incoming.commits, incoming.isUnrelated], [1, false]);
    assert.equal(incoming.commit, (await on.bitbucket.refs(fullName)).get("refs/heads/main"));
  });

  async function pullThenPush(local: GitRepository, how: Pulling) {
    const plan = await planPush(on.open.ports, local, {});
    const pull = async () => {
      await gitOnline(local.root, "pull", "-q", "--no-edit");
    };
    await pullBeforePush(on.open.ports, local, plan, how, pull, signal);
    return push(local);
  }

  it("pulls as git is configured to, then pushes", async () => {
    const { local, fullName } = await prepare();
    await commitThere(fullName);
    commit(local, "mine");
    git(local.root, "config", "pull.rebase", "true");
    assert.equal((await pullThenPush(local, "pull"))?.commits, 1);
    assert.deepEqual(
      (await on.bitbucket.commits(fullName)).slice(0, 2).map((one) => one.subject),
      ["Add mine", "Theirs"],
    );
  });

  it("asks how to join where git isn't told, and does as asked", async () => {
    const { local, fullName } = await prepare();
    await commitThere(fullName);
    commit(local, "mine");
    const error = await assertFails(pullThenPush(local, "pull"), "PushRejected");
    assert.deepEqual(titles(error), ["Merge, then push", "Rebase, then push", "See incoming changes"]);
    assert.equal((await pullThenPush(local, "merge"))?.commits, 2);
  });

  it("a pull that leaves conflicts leads to the Source Control view", async () => {
    const { local, fullName } = await prepare();
    await commitThere(fullName, { file: "mine.txt" });
    commit(local, "mine");
    const error = await assertFails(pullThenPush(local, "merge"), "PushRejected");
    assert.deepEqual(titles(error), ["Show conflicts"]);
  });

  it("a README made on Bitbucket: explained, then merged or pushed beside, as the person chooses", async () => {
    const { local, fullName } = await prepare();
    await commitThere(fullName, { unrelated: true, file: "README.md" });
    commit(local, "mine");
    const error = await assertFails(push(local), "UnrelatedHistories");
    assert.deepEqual(titles(error), ["Merge, then push", "Push to a new branch"]);
    const kept = (await on.bitbucket.refs(fullName)).get("refs/heads/main") ?? "";
    await pullThenPush(local, "mergeUnrelated");
    assert.ok((await on.bitbucket.commits(fullName)).some((one) => one.subject === "Add mine"));
    assert.equal(git(await on.bitbucket.gitDir(fullName), "merge-base", kept, "main"), kept);
  });

  it("a closed branch: offers a new one, which starts here, is checked out and pushed", async () => {
    const { local, fullName } = await prepare();
    on.bitbucket.restrict(fullName, { branches: ["main"] });
    commit(local, "mine");
    const error = await assertFails(push(local), "PushRejected");
    assert.match(error.message, /“Permission denied to update branch main”\. /);
    assert.deepEqual(titles(error), ["Push to a new branch"]);
    const name = await freeBranchName(local);
    await startBranch(on.open.ports, local, name, "main");
    const outcome = await push(local);
    assert.equal(local.currentBranch, "patch-1");
    assert.match(outcome?.pullRequestUrl ?? "", /pull-requests\/new\?source=patch-1/);
    assert.ok((await on.bitbucket.refs(fullName)).has("refs/heads/patch-1"));
  });

  it("shows a hook's words as they are", async () => {
    const { local, fullName } = await prepare();
    on.bitbucket.restrict(fullName, { refusal: "Name an <b>issue</b>, such as PAY-1." });
    commit(local, "mine");
    const error = await assertFails(push(local), "PushRejected");
    assert.match(error.message, /“Name an <b>issue<\/b>, such as PAY-1”\. /);
  });

  it("keeps the person's own hooks", async () => {
    const { local } = await prepare();
    commit(local, "mine");
    const hooks = join(local.root, ".git", "hooks");
    mkdirSync(hooks, { recursive: true });
    writeFileSync(join(hooks, "pre-push"), "#!/bin/sh\necho 'Tests fail: 3 of 12'\nexit 1\n");
    chmodSync(join(hooks, "pre-push"), 0o755);
    const error = await assertFails(push(local), "PushRejected");
    assert.match(error.message, /local hook rejected.*Tests fail: 3 of 12/s);
  });

  const answers = [
    { status: 403, code: "TokenLacksScope", fixes: ["Check connection", "Replace token", "Open token page"] },
    { status: 404, code: "RepositoryNotFound", fixes: ["Open on Bitbucket"] },
    { status: 410, code: "TokenRejected", fixes: ["Check connection", "Replace token", "Open token page"] },
    { status: 413, code: "PushRejected", fixes: ["Learn more"] },
    { status: 429, code: "RateLimited", fixes: ["Try again"] },
    { status: 503, code: "BadAnswer", fixes: ["Try again"] },
  ] as const;
  for (const { status, code, fixes } of answers) {
    it(`words a ${status} of its own, with ${fixes.join(" and ")}`, async () => {
      const { local } = await prepare();
      commit(local, "mine");
      on.bitbucket.faults.add({ kind: "status", status, match: { path: /receive-pack|info\/refs/ } });
      const error = await assertFails(push(local), code);
      assert.deepEqual(titles(error), fixes);
    });
  }

  it("words a refused token, a lost one and a broken connection each on its own", async () => {
    const { local, repository } = await prepare();
    commit(local, "mine");
    const removeFault = on.bitbucket.faults.add({ kind: "reset", match: { path: /info\/refs/ } });
    assert.deepEqual(titles(await assertFails(push(local), "Offline")), ["Try again"]);
    removeFault();
    on.bitbucket.revoke(tokenName);
    const refused = await assertFails(push(local), "TokenRejected");
    assert.deepEqual(titles(refused), ["Check connection", "Replace token", "Open token page"]);
    await on.open.ports.tokens.forget(on.stage.site, repository);
    const lost = await assertFails(push(local), "TokenRejected");
    assert.deepEqual(titles(lost), ["Check connection", "Add token", "Connect repository"]);
  });

  it("gives undefined where the person cancels, and Bitbucket has nothing of it", async () => {
    const { local, fullName } = await prepare();
    commit(local, "mine");
    const before = await on.bitbucket.refs(fullName);
    const abort = new AbortController();
    on.bitbucket.faults.add({ kind: "slowHeaders", delayMs: Infinity, match: { path: /info\/refs/ } });
    const plan = await planPush(on.open.ports, local, {});
    setTimeout(() => {
      abort.abort();
    }, 300);
    assert.equal(await pushRepository(on.open.ports, local, plan, () => undefined, abort.signal), undefined);
    assert.deepEqual(await on.bitbucket.refs(fullName), before);
  });
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError, type ErrorKind } from "../../src/errors";
import { connectRepository } from "../../src/flows/connect/connectRepository";
import type { ConnectRequest } from "../../src/flows/connect/connectRequest";
import { disconnectRepository } from "../../src/flows/connect/disconnectRepository";
import { Journal } from "../../src/flows/connect/journal";
import type { GitAccess } from "../../src/protocol/formMessages";
import {
  addOwnHelper,
  configText,
  connectRequest,
  createRepository,
  filesHolding,
  git,
  gitOnline,
} from "./support/connectStage";
import type { GitRepository } from "./support/gitRepository";
import { onStage } from "./support/onStage";

const modes: readonly GitAccess[] = ["vscode", "credentialHelper", "remoteUrl"];

describe("connecting a repository", () => {
  let count = 0;
  let writeToken: string;

  const on = onStage();

  /** A repository here, an empty one on Bitbucket, and a token for it. */
  function prepare(changes: Partial<ConnectRequest> = {}, scopes?: readonly string[]) {
    const slug = `payments-${++count}`;
    on.bitbucket.addRepository(`acme/${slug}`);
    const { secret } = on.addToken(slug, scopes, slug);
    writeToken = secret;
    const local = createRepository(on.stage, slug);
    const request = connectRequest({
      repository: { workspace: "acme", slug },
      token: { secret },
      ...changes,
    });
    return { local, request, fullName: `acme/${slug}`, url: `${on.bitbucket.webUrl}/acme/${slug}.git` };
  }

  const connect = (local: GitRepository, request: ConnectRequest, signal = new AbortController().signal) =>
    connectRepository(on.open.ports, local, request, () => undefined, signal);

  async function assertFails(promise: Promise<unknown>, code: ErrorKind): Promise<UserError> {
    const error = await promise.then(
      () => assert.fail(`expected ${code}`),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.code, code, error.message);
    assert.ok(!error.message.includes(writeToken));
    return error;
  }

  it("leaves the branch on Bitbucket and git working without a prompt", async () => {
    const { local, request, fullName, url } = prepare();
    const outcome = await connect(local, request);
    assert.deepEqual(outcome, {
      repository: fullName,
      remote: "origin",
      url,
      branch: "main",
      pushed: true,
      notes: [],
    });
    assert.equal(
      (await on.bitbucket.refs(fullName)).get("refs/heads/main"),
      git(local.root, "rev-parse", "HEAD"),
    );
    assert.equal(git(local.root, "remote", "get-url", "origin"), url);
    assert.equal(git(local.root, "rev-parse", "--abbrev-ref", "main@{upstream}"), "origin/main");
    writeFileSync(join(local.root, "more.txt"), "more");
    git(local.root, "add", ".");
    git(local.root, "commit", "-qm", "More");
    for (let n = 0; n < 3; n++)
      for (const verb of ["push", "fetch", "pull"]) await gitOnline(local.root, verb, "-q");
    assert.equal(
      (await on.bitbucket.refs(fullName)).get("refs/heads/main"),
      git(local.root, "rev-parse", "HEAD"),
    );
  });

  it("asks REST once", async () => {
    const { local, request } = prepare();
    on.bitbucket.clearRequests();
    await connect(local, request);
    assert.equal(on.bitbucket.requests.filter(({ path }) => path.startsWith("/2.0/")).length, 1);
  });

  it("speaks with Bitbucket as its API description says", async function () {
    if (!on.bitbucket.checksContract) this.skip();
    const { local, request } = prepare();
    await connect(local, request);
    assert.deepEqual(on.bitbucket.contractViolations, []);
  });

  for (const gitAccess of modes) {
    it(`undoes exactly what connecting did on disconnect (${gitAccess})`, async () => {
      addOwnHelper(on.stage);
      const { local, request } = prepare({ gitAccess, email: "code@bots.bitbucket.org" });
      const before = configText(local);
      await connect(local, request);
      assert.notEqual(configText(local), before);
      const [connection] = await on.open.ports.connections.list();
      assert.ok(connection);
      await disconnectRepository(on.open.ports, local, connection, false);
      assert.equal(configText(local), before);
      assert.deepEqual(on.open.secrets.all(), {});
      assert.equal(git(local.root, "for-each-ref", "refs/remotes"), "");
      const kept = join(on.stage.home, "credentials");
      assert.ok(!existsSync(kept) || !readFileSync(kept, "utf8").includes("x-token-auth"));
    });
  }

  it("never asks the person's own helper, and never gives it the token (P9)", async () => {
    const own = addOwnHelper(on.stage);
    for (const gitAccess of ["vscode", "remoteUrl"] as const) {
      const { local, request } = prepare({ gitAccess });
      await connect(local, request);
      await gitOnline(local.root, "fetch", "-q");
      await gitOnline(local.root, "push", "-q");
    }
    assert.equal(own.calls(), "");
  });

  it("hands the token to the person's own helper where that was chosen", async () => {
    const own = addOwnHelper(on.stage);
    const { local, request, url } = prepare({ gitAccess: "credentialHelper" });
    await connect(local, request);
    await on.open.close(); // VS Code is gone
    await gitOnline(local.root, "fetch", "-q");
    assert.match(own.calls(), /store/);
    const { pathname } = new URL(url);
    assert.ok(readFileSync(own.file, "utf8").includes(pathname));
  });

  it("says so where git has no helper to hand the token to", async () => {
    const { local, request } = prepare({ gitAccess: "credentialHelper" });
    const error = await assertFails(connect(local, request), "GitMissing");
    assert.deepEqual(
      error.fixes.map((fix) => fix.title),
      ["Use VS Code"],
    );
  });

  it("keeps the token out of .git in every mode but the one that puts it there (P13)", async () => {
    addOwnHelper(on.stage);
    for (const gitAccess of modes) {
      const { local, request } = prepare({ gitAccess });
      await connect(local, request);
      const found = filesHolding(join(local.root, ".git"), writeToken);
      assert.deepEqual(found, gitAccess === "remoteUrl" ? ["config"] : []);
    }
  });

  describe("the commit address", () => {
    it("is set for this repository alone, and a commit has it (P22)", async () => {
      const { local, request } = prepare({ email: "code@bots.bitbucket.org" });
      await connect(local, request);
      git(local.root, "commit", "-q", "--allow-empty", "-m", "After");
      assert.equal(git(local.root, "log", "-1", "--format=%ae"), "code@bots.bitbucket.org");
      assert.equal(git(on.stage.home, "config", "--global", "user.email"), "ada@example.com");
    });

    it("stays as it is where none was given", async () => {
      const { local, request } = prepare();
      await connect(local, request);
      assert.ok(!configText(local).includes("[user]"));
    });
  });

  describe("an origin that points elsewhere (P25)", () => {
    const elsewhere = "https://github.com/ada/payments.git";

    it("is left alone until the person chose", async () => {
      const { local, request } = prepare();
      git(local.root, "remote", "add", "origin", elsewhere);
      const before = configText(local);
      const error = await assertFails(connect(local, request), "RemoteExists");
      assert.match(error.message, /https:\/\/github\.com\/ada\/payments\.git/);
      assert.equal(error.fixes.length, 3);
      assert.equal(configText(local), before);
    });

    it("is kept beside another remote, and so is the branch's upstream", async () => {
      const { local, request, url } = prepare({ remote: "bitbucket" });
      git(local.root, "remote", "add", "origin", elsewhere);
      git(local.root, "config", "branch.main.remote", "origin");
      git(local.root, "config", "branch.main.merge", "refs/heads/main");
      await connect(local, request);
      assert.equal(git(local.root, "remote", "get-url", "origin"), elsewhere);
      assert.equal(git(local.root, "remote", "get-url", "bitbucket"), url);
      assert.equal(git(local.root, "config", "branch.main.remote"), "origin");
    });

    it("is renamed, and named origin again on disconnect", async () => {
      const { local, request, url } = prepare({ existingRemote: "rename" });
      git(local.root, "remote", "add", "origin", elsewhere);
      const before = configText(local);
      await connect(local, request);
      assert.equal(git(local.root, "remote", "get-url", "origin-old"), elsewhere);
      assert.equal(git(local.root, "remote", "get-url", "origin"), url);
      const [connection] = await on.open.ports.connections.list();
      assert.ok(connection);
      await disconnectRepository(on.open.ports, local, connection, false);
      assert.equal(configText(local), before);
    });

    it("gets another address, and its own one back on disconnect", async () => {
      const { local, request, url } = prepare({ existingRemote: "replace" });
      git(local.root, "remote", "add", "origin", elsewhere);
      const before = configText(local);
      await connect(local, request);
      assert.equal(git(local.root, "remote", "get-url", "origin"), url);
      const [connection] = await on.open.ports.connections.list();
      assert.ok(connection);
      await disconnectRepository(on.open.ports, local, connection, false);
      assert.equal(configText(local), before);
    });
  });

  it("an undone rename leaves what was fetched from the old remote", async () => {
    const { local, request, fullName } = prepare({ existingRemote: "rename" });
    git(local.root, "remote", "add", "origin", "https://github.com/ada/payments.git");
    git(local.root, "update-ref", "refs/remotes/origin/main", "HEAD~1");
    on.bitbucket.restrict(fullName, { branches: ["main"] });
    await assertFails(connect(local, request), "PushRejected");
    assert.equal(git(local.root, "rev-parse", "origin/main"), git(local.root, "rev-parse", "HEAD~1"));
  });

  it("sees the branches that are listed after one with a name beyond ASCII", async () => {
    const { local, request } = prepare();
    git(local.root, "branch", "größe");
    await connect(local, request);
    await gitOnline(local.root, "push", "-q", "origin", "größe");
    assert.equal((await connect(local, request))?.pushed, false);
  });

  it("keeps the remote without the token where only the sign-in is to go", async () => {
    const { local, request, url } = prepare({ gitAccess: "remoteUrl" });
    await connect(local, request);
    const [connection] = await on.open.ports.connections.list();
    assert.ok(connection);
    await disconnectRepository(on.open.ports, local, connection, true);
    assert.equal(git(local.root, "config", "remote.origin.url"), url);
    assert.deepEqual(filesHolding(join(local.root, ".git"), writeToken), []);
  });

  it("lets one of two windows connect at a time", async () => {
    const { local, request } = prepare();
    const outcomes = await Promise.allSettled([connect(local, request), connect(local, request)]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    assert.equal(git(local.root, "rev-parse", "--abbrev-ref", "main@{upstream}"), "origin/main");
  });

  it("sets the upstream though another program holds the config while git would", async () => {
    const { local, request } = prepare();
    const lock = join(local.root, ".git", "config.lock");
    const stop = on.bitbucket.onRequest(({ method, service }) => {
      if (method !== "POST" || service !== "git-receive-pack") return;
      writeFileSync(lock, "");
      setTimeout(() => {
        rmSync(lock, { force: true });
      }, 700);
    });
    await connect(local, request);
    stop();
    assert.equal(git(local.root, "rev-parse", "--abbrev-ref", "main@{upstream}"), "origin/main");
  });

  it("names the lock that a git of before left behind, and connects once it is gone", async () => {
    const { local, request } = prepare();
    const before = configText(local);
    const lock = join(local.root, ".git", "config.lock");
    writeFileSync(lock, "");
    const { message } = await assertFails(connect(local, request), "RemoteExists");
    assert.match(message, /Another Git process locks .*config\. .*delete .*config\.lock first/);
    assert.equal(configText(local), before);
    assert.deepEqual(on.open.secrets.all(), {});
    rmSync(lock);
    assert.equal((await connect(local, request))?.pushed, true);
  });

  describe("with another credential helper that git reads after ours (P9)", () => {
    const plain = () => join(on.stage.root, "plain");
    const helper = () => `[credential]\n\thelper = store --file=${plain()}\n`;

    /** Our section is there already, so that what is added to it stands before what follows. */
    function prepareBefore(later: string) {
      const prepared = prepare();
      const section = `[credential "${prepared.url}"]\n\tusername = x-token-auth\n`;
      appendFileSync(join(prepared.local.root, ".git", "config"), section + later);
      return prepared;
    }

    async function assertKeptNowhere(root: string) {
      await gitOnline(root, "fetch", "-q");
      assert.ok(!existsSync(plain()));
    }

    it("goes below it in the config, and comes back above it", async () => {
      const { local, request } = prepareBefore(helper());
      const before = configText(local);
      await connect(local, request);
      await assertKeptNowhere(local.root);
      const [connection] = await on.open.ports.connections.list();
      assert.ok(connection);
      await disconnectRepository(on.open.ports, local, connection, false);
      assert.equal(configText(local), before);
    });

    it("goes below one for git-lfs, which signs in by itself", async () => {
      const { local, request, url } = prepare();
      const lfs = new URL(`${url}/info/lfs`);
      const config = join(local.root, ".git", "config");
      appendFileSync(config, `[credential "${url}"]\n\tusername = x-token-auth\n`);
      appendFileSync(config, `[credential "${lfs.href}"]\n\thelper = store --file=${plain()}\n`);
      await connect(local, request);
      const { protocol, host, pathname } = lfs;
      const said = { protocol: protocol.replace(":", ""), host, path: pathname.slice(1) };
      const credential = { ...said, username: "x-token-auth", password: request.token.secret };
      const input = Object.entries(credential).map(([name, value]) => `${name}=${value}\n`);
      execFileSync("git", ["credential", "approve"], { cwd: local.root, input: input.join("") });
      await assertKeptNowhere(local.root);
    });

    it("goes below a file that is included", async () => {
      const included = join(on.stage.root, "included");
      writeFileSync(included, helper());
      const { local, request } = prepareBefore(`[include]\n\tpath = ${included}\n`);
      await connect(local, request);
      await assertKeptNowhere(local.root);
    });

    it("refuses to hand the token to one in a worktree's own config, and names it", async () => {
      const { local, request } = prepare();
      git(local.root, "config", "extensions.worktreeConfig", "true");
      git(local.root, "config", "--worktree", "credential.helper", `store --file=${plain()}`);
      const before = configText(local);
      const { message } = await assertFails(connect(local, request), "GitMissing");
      assert.match(message, /config\.worktree names another credential helper \(credential\.helper\)/);
      assert.equal(configText(local), before);
      assert.deepEqual(on.open.secrets.all(), {});
      assert.ok(!existsSync(plain()));
    });

    it("refuses to hand the token to one in the environment", async () => {
      const { local, request } = prepare();
      const given = {
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "credential.helper",
        GIT_CONFIG_VALUE_0: `store --file=${plain()}`,
      };
      Object.assign(process.env, given);
      try {
        const { message } = await assertFails(connect(local, request), "GitMissing");
        assert.match(message, /^The environment names another credential helper/);
        assert.ok(!existsSync(plain()));
      } finally {
        for (const name of Object.keys(given)) Reflect.deleteProperty(process.env, name);
      }
    });
  });

  it("takes the person's insteadOf rules off this URL alone (P23)", async () => {
    const { local, request, fullName } = prepare();
    git(
      local.root,
      "config",
      "--global",
      "url.ssh://git@nowhere.invalid/.insteadOf",
      `${on.bitbucket.webUrl}/`,
    );
    await connect(local, request);
    assert.equal(
      (await on.bitbucket.refs(fullName)).get("refs/heads/main"),
      git(local.root, "rev-parse", "HEAD"),
    );
    await gitOnline(local.root, "fetch", "-q");
  });

  it("rewrites a remote of the same repository that holds a token or a user name", async () => {
    const { local, request, url } = prepare();
    git(local.root, "remote", "add", "origin", url.replace("http://", "http://ada:0ldSecret@"));
    await connect(local, request);
    assert.equal(git(local.root, "config", "remote.origin.url"), url);
    assert.ok(!configText(local).includes("0ldSecret"));
  });

  for (const [what, owner, says] of [
    ["another computer's", { host: "build-7", pid: 7 }, /being connected on build-7/],
    ["a window's whose process number another has now", { pid: 1 }, /Another window/],
  ] as const) {
    it(`takes over ${what} unfinished connect, once the person says so (R8)`, async () => {
      const { local, request, fullName } = prepare();
      const untouched = configText(local);
      const gitDir = join(local.root, ".git");
      const journal = new Journal(gitDir, (id) => on.open.ports.tokens.knowsChange(id));
      const names = { webUrl: on.bitbucket.webUrl, ...request.repository, remote: "origin" };
      const edits = [{ key: "remote.origin.url", before: [], after: ["https://example.com/half.git"] }];
      const begun = await journal.begin(
        { ...names, remoteIsNew: true, gitAccess: "vscode", edits },
        untouched,
      );
      await on.open.ports.tokens.noteChange(begun?.id ?? "");
      const file = join(gitDir, "bitbucket-connect.journal");
      await journal.release();
      writeFileSync(file, JSON.stringify({ ...begun, ...owner }));
      git(local.root, "config", "remote.origin.url", "https://example.com/half.git");
      const { message, fixes } = await assertFails(connect(local, request), "RemoteExists");
      assert.match(message, says);
      const fix = fixes.find(({ title }) => title === "Take over");
      assert.ok(fix?.kind === "retry");
      await connect(local, { ...request, ...fix.change });
      assert.ok((await on.bitbucket.refs(fullName)).has("refs/heads/main"));
      assert.ok(!configText(local).includes("half.git"));
      assert.ok(!existsSync(file));
    });
  }

  describe("a failure leaves everything as it was (P2)", () => {
    const rows: readonly [
      string,
      ErrorKind,
      (args: ReturnType<typeof prepare>) => ConnectRequest | undefined,
    ][] = [
      [
        "a revoked token",
        "TokenRejected",
        () => {
          on.bitbucket.revoke(`payments-${count}`);
          return undefined;
        },
      ],
      [
        "a misspelt repository",
        "WrongRepository",
        ({ request }) => ({ ...request, repository: { workspace: "acme", slug: "nope" } }),
      ],
      ["a branch that isn't there", "BranchNotFound", ({ request }) => ({ ...request, branch: "nope" })],
      [
        "a rate limit",
        "RateLimited",
        () => {
          on.bitbucket.faults.add({ kind: "rateLimit", retryAfter: 7 });
          return undefined;
        },
      ],
      [
        "a proxy's page",
        "BadAnswer",
        () => {
          on.bitbucket.faults.add({ kind: "html" });
          return undefined;
        },
      ],
      [
        "a broken connection",
        "Offline",
        () => {
          on.bitbucket.faults.add({ kind: "reset" });
          return undefined;
        },
      ],
      [
        "a push that the server breaks",
        "BadAnswer",
        () => {
          on.bitbucket.faults.add({
            kind: "status",
            status: 500,
            match: { method: "POST", path: /git-receive-pack$/ },
          });
          return undefined;
        },
      ],
      [
        "a branch restriction",
        "PushRejected",
        ({ fullName }) => {
          on.bitbucket.restrict(fullName, { branches: ["main"] });
          return undefined;
        },
      ],
    ];
    for (const gitAccess of modes) {
      for (const [what, code, breakIt] of rows) {
        it(`${what} (${gitAccess})`, async () => {
          addOwnHelper(on.stage);
          const prepared = prepare({ gitAccess, email: "code@bots.bitbucket.org" });
          const before = configText(prepared.local);
          const request = breakIt(prepared) ?? prepared.request;
          await assertFails(connect(prepared.local, request), code);
          assert.equal(configText(prepared.local), before);
          assert.deepEqual(on.open.secrets.all(), {});
          assert.equal(git(prepared.local.root, "for-each-ref", "refs/remotes"), "");
          assert.ok(
            !existsSync(join(on.stage.home, "credentials")) ||
              readFileSync(join(on.stage.home, "credentials"), "utf8") === "",
          );
        });
      }
    }
  });

  it("says that a token can only read, with the scope that is missing (P7)", async () => {
    const { local, request } = prepare({}, ["repository"]);
    const error = await assertFails(connect(local, request), "TokenLacksScope");
    assert.match(error.message, /repository:write/);
    assert.equal(error.fixes[0]?.kind, "openUrl");
  });

  it("accepts a token that can only read where nothing is pushed", async () => {
    const { local, request } = prepare({ branch: undefined }, ["repository"]);
    const outcome = await connect(local, request);
    assert.equal(outcome?.pushed, false);
    await gitOnline(local.root, "fetch", "-q");
  });

  it("names scopes that nobody asked for", async () => {
    const { local, request } = prepare({}, ["repository", "repository:write", "repository:admin"]);
    const outcome = await connect(local, request);
    assert.match(outcome?.notes.join() ?? "", /repository:admin/);
  });

  it("explains a repository with a history of its own before it changes anything", async () => {
    const { local, request, fullName } = prepare();
    const other = createRepository(on.stage, "other", 1);
    await connect(other, { ...request });
    const before = configText(local);
    const error = await assertFails(connect(local, request), "UnrelatedHistories");
    assert.match(error.message, new RegExp(fullName));
    assert.equal(configText(local), before);
  });

  it("cancels at any step, and everything is as before (P2)", async function () {
    this.timeout(60_000);
    for (const cancelAt of ["check", "verify", "store", "remote", "credentials", "address", "push"]) {
      const { local, request } = prepare({ email: "code@bots.bitbucket.org" });
      const before = configText(local);
      const abort = new AbortController();
      const outcome = await connectRepository(
        on.open.ports,
        local,
        request,
        (id, state) => {
          if (id === cancelAt && state === "running") abort.abort();
        },
        abort.signal,
      );
      assert.equal(outcome, undefined, cancelAt);
      assert.equal(configText(local), before, cancelAt);
      assert.deepEqual(on.open.secrets.all(), {}, cancelAt);
    }
  });

  it("keeps the token that was there when a new one fails", async () => {
    const { local, request } = prepare();
    await connect(local, request);
    const before = configText(local);
    const stored = on.open.secrets.all();
    on.bitbucket.faults.add({
      kind: "status",
      status: 500,
      match: { method: "POST", path: /git-receive-pack$/ },
    });
    const { secret } = on.addToken(request.repository.slug, ["repository:write"]);
    git(local.root, "commit", "-q", "--allow-empty", "-m", "Another");
    await assertFails(connect(local, { ...request, token: { secret } }), "BadAnswer");
    assert.equal(configText(local), before);
    assert.deepEqual(on.open.secrets.all(), stored);
  });
});

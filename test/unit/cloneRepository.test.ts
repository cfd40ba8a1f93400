import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fullName } from "../../src/bitbucket/site";
import { UserError, type ErrorKind } from "../../src/errors";
import { cloneRepository, type CloneRequest } from "../../src/flows/clone/cloneRepository";
import { disconnectRepository } from "../../src/flows/connect/disconnectRepository";
import type { CloneProgress } from "../../src/git/cloneProgress";
import type { GitAccess } from "../../src/protocol/formMessages";
import { isQuick, isThorough } from "../extent.mjs";
import { addOwnHelper, createRepository, filesHolding, git, gitOnline } from "./support/connectStage";
import { GitRepository } from "./support/gitRepository";
import { onStage } from "./support/onStage";

const cancels = isThorough ? 50 : isQuick ? 5 : 15;

describe("cloning a repository", () => {
  let directory: string;
  let count = 0;

  const on = onStage();
  beforeEach(() => {
    directory = join(on.stage.root, "work");
    mkdirSync(directory);
  });

  /** A repository on Bitbucket with two commits on main and one more on a branch, and a token just given for it. */
  function prepare(
    changes: Partial<CloneRequest> = {},
    { seeded = true, slug = `payments-${++count}` } = {},
  ) {
    const seed = seeded ? createSeed(`seed-${++count}`) : undefined;
    on.bitbucket.addRepository(`acme/${slug}`, seed === undefined ? {} : { seedFrom: seed });
    const { secret } = on.addToken(slug);
    const request: CloneRequest = {
      repository: { workspace: "acme", slug },
      directory,
      token: { secret },
      gitAccess: "vscode",
      useBotEmail: true,
      ...changes,
    };
    return { request, secret, url: `${on.bitbucket.webUrl}/acme/${slug}.git`, folder: join(directory, slug) };
  }

  function createSeed(name: string): string {
    const { root } = createRepository(on.stage, name);
    git(root, "checkout", "-q", "-b", "feature/x");
    writeFileSync(join(root, "x.txt"), "x");
    git(root, "add", ".");
    git(root, "commit", "-q", "-m", "On the branch");
    git(root, "checkout", "-q", "main");
    return root;
  }

  const clone = (
    request: CloneRequest,
    signal = new AbortController().signal,
    report: (progress: CloneProgress) => void = () => undefined,
  ) => cloneRepository(on.open.ports, request, report, signal);

  async function assertFails(request: CloneRequest, code: ErrorKind): Promise<UserError> {
    const error = await clone(request).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.code, code, error.message);
    return error;
  }

  async function forgetClone(folder: string): Promise<void> {
    const [connection] = await on.open.ports.connections.get(join(folder, ".git"));
    assert.ok(connection);
    await on.open.ports.connections.remove(connection);
    await on.open.ports.tokens.forget(on.stage.site, connection);
  }

  it("leaves a connected clone: git pulls and pushes in it without a question, and no file holds the token", async () => {
    const { request, folder, url, secret } = prepare();
    assert.deepEqual(await clone(request), { repository: `acme/${request.repository.slug}`, folder });
    assert.equal(git(folder, "remote", "get-url", "origin"), url);
    assert.equal(git(folder, "log", "--oneline").split("\n").length, 2);
    writeFileSync(join(folder, "new.txt"), "new");
    git(folder, "add", ".");
    git(folder, "commit", "-q", "-m", "New");
    await gitOnline(folder, "push", "-q");
    await gitOnline(folder, "pull", "-q");
    assert.deepEqual(readdirSync(directory), [request.repository.slug]);
    assert.deepEqual(filesHolding(directory, secret), []);
  });

  for (const gitAccess of [
    "vscode",
    "credentialHelper",
    "remoteUrl",
  ] as const satisfies readonly GitAccess[]) {
    it(`can be disconnected, which leaves what git itself would have cloned (${gitAccess})`, async () => {
      const helper = addOwnHelper(on.stage);
      const { request, folder, secret } = prepare({ gitAccess, email: "bot@bots.bitbucket.org" });
      await clone(request);
      await gitOnline(folder, "fetch", "-q");
      assert.equal(git(folder, "config", "user.email"), "bot@bots.bitbucket.org");
      const [connection] = await on.open.ports.connections.get(join(folder, ".git"));
      assert.ok(connection);
      await disconnectRepository(on.open.ports, new GitRepository(folder), connection, false);
      const plain = join(directory, "plain");
      const withToken = connection.webUrl.replace("//", `//x-token-auth:${encodeURIComponent(secret)}@`);
      await gitOnline(directory, "clone", "-q", `${withToken}/acme/${request.repository.slug}.git`, plain);
      git(plain, "remote", "set-url", "origin", `${connection.webUrl}/acme/${request.repository.slug}.git`);
      const config = (root: string) => readFileSync(join(root, ".git", "config"), "utf8");
      assert.equal(config(folder), config(plain));
      assert.equal(await on.open.ports.tokens.get(on.stage.site, request.repository), undefined);
      if (gitAccess === "credentialHelper") assert.ok(!readFileSync(helper.file, "utf8").includes(secret));
    });
  }

  it("takes the branch asked for, one branch alone, the newest commit alone", async () => {
    const branch = prepare({ branch: "feature/x" });
    await clone(branch.request);
    assert.equal(git(branch.folder, "branch", "--show-current"), "feature/x");
    const narrow = prepare({ singleBranch: true, shallow: true });
    await clone(narrow.request);
    assert.equal(git(narrow.folder, "log", "--oneline").split("\n").length, 1);
    assert.ok(!git(narrow.folder, "branch", "-r").includes("feature/x"));
  });

  it("says so where the branch isn't there, and offers the default one", async () => {
    const { request } = prepare({ branch: "gone" });
    const error = await assertFails(request, "BranchNotFound");
    const [fix] = error.fixes;
    assert.ok(fix?.kind === "retry");
    assert.equal(fix.change["branch"], undefined);
    assert.equal(fix.change["repository"], `acme/${request.repository.slug}`);
    assert.deepEqual(readdirSync(directory), []);
  });

  it("clones an empty repository", async () => {
    const { request, folder } = prepare({}, { seeded: false });
    await clone(request);
    assert.equal(git(folder, "remote"), "origin");
  });

  it("gives a repository named as a Windows device a folder of another name", async () => {
    const { request } = prepare({}, { slug: "con" });
    assert.equal((await clone(request))?.folder, join(directory, "con_"));
  });

  it("uses the token of another repository that sees this one, and keeps it for both", async () => {
    const { request, folder } = prepare();
    const without = withoutToken(request);
    on.bitbucket.addRepository(`acme/other-${count}`);
    const { secret } = on.bitbucket.addToken({
      kind: "workspace",
      workspace: "acme",
      scopes: ["repository"],
      name: `workspace-${count}`,
    });
    const stored = { secret, kind: "workspace" as const, scopes: ["repository"], savedAt: "2026-11-24" };
    await on.open.ports.tokens.save(on.stage.site, { workspace: "acme", slug: `other-${count}` }, stored);
    await clone(without);
    assert.ok(existsSync(join(folder, ".git")));
    assert.equal((await on.open.ports.tokens.get(on.stage.site, request.repository))?.secret, secret);
  });

  it("asks for a token where none sees the repository, and leaves nothing", async () => {
    const { request } = prepare();
    const without = withoutToken(request);
    const error = await assertFails(without, "TokenRejected");
    assert.deepEqual(
      error.fixes.map(({ title }) => title),
      ["Add token", "Open token page"],
    );
    assert.deepEqual(readdirSync(directory), []);
  });

  it("commits with the bot's address that another clone has with the same token", async () => {
    const first = prepare({ email: "abc@bots.bitbucket.org" });
    await clone(first.request);
    await clone({ ...first.request, email: undefined, name: "second" });
    assert.equal(git(join(directory, "second"), "config", "user.email"), "abc@bots.bitbucket.org");
  });

  it("tells git's phases as they go", async () => {
    const { request } = prepare();
    const seen: CloneProgress[] = [];
    await clone(request, new AbortController().signal, (progress) => seen.push(progress));
    // A small clone may pass several phases between two looks, so any of the last three tells.
    assert.ok(seen.some(({ phase }) => /^(Receiving objects|Resolving deltas|Updating files)$/.test(phase)));
    assert.deepEqual(
      seen.map(({ overall }) => overall),
      [...seen.map(({ overall }) => overall)].sort((a, b) => a - b),
    );
  });

  for (const [name, fault, code, words] of [
    ["a dropped connection", { kind: "reset" }, "Offline", /lost the connection/],
    ["a rate limit", { kind: "rateLimit", retryAfter: null }, "RateLimited", /rate limit/],
    ["an app password", { kind: "status", status: 410 }, "TokenRejected", /App passwords.*410/],
    [
      "a missing repository",
      { kind: "status", status: 404 },
      "RepositoryNotFound",
      /can't access a repository named/,
    ],
    ["an outage", { kind: "html", status: 503 }, "BadAnswer", /503/],
    ["a refused token", { kind: "status", status: 401 }, "TokenRejected", /rejected the token/],
    ["a missing scope", { kind: "status", status: 403 }, "TokenLacksScope", /lacks repository/],
  ] as const) {
    it(`says so of ${name} while cloning, leaves nothing, and a retry with the error's words works`, async () => {
      const { request, folder, secret } = prepare();
      const remove = on.bitbucket.faults.add({ ...fault, match: ({ path }) => path.includes(".git/") });
      const error = await assertFails(request, code);
      assert.match(error.message, words);
      assert.ok(!JSON.stringify([error.message, error.code]).includes(secret));
      assert.deepEqual(readdirSync(directory), []);
      assert.equal(await on.open.ports.tokens.get(on.stage.site, request.repository), undefined);
      remove();
      await clone(request);
      assert.ok(existsSync(join(folder, ".git")));
    });
  }

  it("retries a pull request's clone as a pull request's", async () => {
    const { request } = prepare();
    on.bitbucket.faults.add({ kind: "reset", match: ({ path }) => path.includes(".git/") });
    const { fixes } = await assertFails({ ...request, pullRequest: 7 }, "Offline");
    const retry = fixes.find((fix) => fix.kind === "retry");
    assert.equal(
      retry?.kind === "retry" && retry.change["repository"],
      `${on.stage.site.webUrl}/${fullName(request.repository)}/pull-requests/7`,
    );
  });

  it("keeps the token that was there when a clone with another one fails", async () => {
    const { request } = prepare();
    const stored = { secret: "another-token-of-old", kind: "repository" as const, scopes: [], savedAt: "" };
    await on.open.ports.tokens.save(on.stage.site, request.repository, stored);
    on.bitbucket.faults.add({ kind: "reset", match: ({ path }) => path.includes(".git/") });
    await assertFails(request, "Offline");
    assert.equal((await on.open.ports.tokens.get(on.stage.site, request.repository))?.secret, stored.secret);
  });

  it(`cancelled at ${cancels} random moments leaves no folder, no process, no token and no record`, async function () {
    this.timeout(300_000);
    const { request } = prepare();
    const whole = await clone({ ...request, name: "whole" });
    await forgetClone(whole?.folder ?? "");
    let wholeMs = Infinity;
    let cancelled = 0;
    for (let n = 0; cancelled < cancels; n++) {
      assert.ok(n < 3 * cancels, `only ${cancelled} of ${n} were cancelled in time`);
      const abort = new AbortController();
      const started = performance.now();
      const running = clone({ ...request, directory: join(directory, "deep", "er") }, abort.signal);
      const hasEnded = running.then(() => {
        wholeMs = Math.min(wholeMs, performance.now() - started);
      });
      await Promise.race([hasEnded, delay(Math.min(wholeMs, 10_000) * Math.random())]);
      abort.abort();
      const outcome = await running;
      if (outcome) {
        // It was whole before the cancel came.
        await forgetClone(outcome.folder);
        rmSync(join(directory, "deep"), { recursive: true });
        continue;
      }
      cancelled++;
      assert.deepEqual(readdirSync(directory), ["whole"], `round ${n}`);
      assert.deepEqual(processesNaming(directory), [], `round ${n}`);
      assert.deepEqual(on.open.secrets.all(), {}, `round ${n}`);
    }
  });
});

function withoutToken({ repository, directory, gitAccess, useBotEmail }: CloneRequest): CloneRequest {
  return { repository, directory, gitAccess, useBotEmail };
}

/** Command lines of the processes that have this folder in theirs. */
function processesNaming(folder: string): string[] {
  if (!existsSync("/proc")) return [];
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        const cwd = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        return cwd.includes(folder) ? [cwd] : [];
      } catch {
        return []; // it ended while we looked
      }
    });
}

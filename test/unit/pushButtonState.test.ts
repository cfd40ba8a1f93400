import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import type * as vscode from "vscode";
import { PushButtonStates } from "../../src/commands/pushButtonState";
import type { Connection } from "../../src/credentials/connectionStore";
import { RefusedTokens } from "../../src/credentials/refusedTokens";
import { UserError } from "../../src/errors";
import { openOnBitbucket } from "../../src/flows/openOnBitbucket";
import { toDoneEdit } from "../../src/git/gitConfigFile";
import { OpenRemotes } from "../../src/git/openRemotes";
import type { GitApiHead, GitApiRepository } from "../../src/git/vscodeGitApi";
import {
  createRepository,
  createStage,
  git,
  openPorts,
  removeStage,
  useHome,
  type ConnectStage,
} from "./support/connectStage";
import type { GitRepository } from "./support/gitRepository";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
const url = "https://bitbucket.org/acme/payments.git";
const repository = { workspace: "acme", slug: "payments" };

describe("the push button's state", () => {
  let stage: ConnectStage;
  let open: ReturnType<typeof openPorts>;
  let local: GitRepository;
  let openedGits: number;
  let refused: RefusedTokens;

  beforeEach(() => {
    stage = createStage(site);
    useHome(stage);
    openedGits = 0;
    refused = new RefusedTokens();
    open = openPorts(stage, { at: (action) => (openedGits += /^(store|delete) /.test(action) ? 0 : 1) });
    local = createRepository(stage, "payments", 1);
    git(local.root, "remote", "add", "origin", url);
    git(local.root, "config", "branch.main.remote", "origin");
    git(local.root, "config", "branch.main.merge", "refs/heads/main");
  });
  afterEach(async () => {
    await open.close();
    removeStage(stage);
  });

  /** The git API's repository, as far as the button may look at it: what else is touched throws. */
  function apiRepository(changes: Partial<GitApiHead> = {}): GitApiRepository {
    const HEAD: GitApiHead = {
      name: "main",
      commit: "1".repeat(40),
      upstream: { remote: "origin", name: "main" },
      ahead: 2,
      behind: 1,
      ...changes,
    };
    const known = {
      rootUri: { fsPath: local.root } as unknown as vscode.Uri,
      state: { HEAD, remotes: [{ name: "origin", fetchUrl: url }] },
    };
    return new Proxy(known, {
      get: (target, name) => {
        if (name in target) return Reflect.get(target, name) as unknown;
        throw new Error(`the push button must not ask for ${String(name)}`);
      },
    }) as unknown as GitApiRepository;
  }

  const createStates = () => {
    const { readRepository } = open.ports;
    return new PushButtonStates(refused, new OpenRemotes(readRepository), readRepository);
  };

  const noon = Date.parse("2026-11-24T12:00:00Z");
  async function saveToken(expires: string) {
    const kind = "workspace" as const;
    await open.ports.tokens.save(site, repository, {
      secret: "s".repeat(20),
      kind,
      scopes: [],
      savedAt: "",
      expires,
    });
  }

  it("is the git API's, with the token's kind and days", async () => {
    await saveToken("2026-12-04");
    const state = await createStates().read(open.ports, apiRepository(), noon);
    assert.deepEqual([state?.ahead, state?.behind, state?.upstream], [2, 1, "origin/main"]);
    assert.deepEqual(state?.token, { kind: "workspace", daysLeft: 10, isRefused: false });
    assert.doesNotMatch(JSON.stringify(state), /ssss/);
  });

  it("is none without a remote on Bitbucket", async () => {
    const elsewhere = apiRepository();
    Object.assign(elsewhere.state, {
      remotes: [{ name: "origin", fetchUrl: "https://github.com/acme/payments" }],
    });
    openedGits = 0;
    assert.equal(await createStates().read(open.ports, elsewhere, noon), undefined);
    assert.equal(openedGits, 0);
  });

  it("knows when the commit address is no longer the one that was set with the token", async () => {
    git(local.root, "config", "user.email", "bot@bots.bitbucket.org");
    const edit = toDoneEdit({ key: "user.email", before: [], after: ["bot@bots.bitbucket.org"] });
    const record: Connection = {
      commonDir: `${local.root}/.git`,
      startedAt: 1,
      webUrl: site.webUrl,
      ...repository,
      remote: "origin",
      remoteIsNew: true,
      gitAccess: "vscode",
      edits: [{ key: edit.key, before: [], afterDigests: [...edit.afterDigests] }],
      text: "",
    };
    await open.ports.connections.save(record);
    const states = createStates();
    const isTokens = async () => (await states.read(open.ports, apiRepository(), noon))?.isTokensAddress;
    assert.equal(await isTokens(), true);
    git(local.root, "config", "user.email", "someone@else.example");
    assert.equal(await isTokens(), false);
    git(local.root, "config", "--unset", "user.email");
    assert.equal(await isTokens(), false);
  });

  it("sees a new token after it was told to forget", async () => {
    await saveToken("2026-12-04");
    const states = createStates();
    const days = async () => (await states.read(open.ports, apiRepository(), noon))?.token?.daysLeft;
    assert.equal(await days(), 10);
    await saveToken("2027-11-24");
    states.forget();
    assert.equal(await days(), 365);
  });

  it("knows a token that Bitbucket refused, until it is another or is taken after all", async () => {
    await saveToken("2026-12-04");
    const states = createStates();
    refused.onDidChange(() => {
      states.forget();
    });
    const isRefused = async () => (await states.read(open.ports, apiRepository(), noon))?.token?.isRefused;
    assert.equal(await isRefused(), false);
    refused.add("s".repeat(20));
    assert.equal(await isRefused(), true);
    refused.remove("s".repeat(20));
    assert.equal(await isRefused(), false);
    refused.add("the one before");
    assert.equal(await isRefused(), false);
  });

  it("sees a token in a remote's URL, and says nothing of the secret", async () => {
    const inUrl = apiRepository();
    const remote = { name: "origin", fetchUrl: url.replace("//", "//x-token-auth:ATCTT3xFfGN0secret@") };
    Object.assign(inUrl.state, { remotes: [remote] });
    git(local.root, "remote", "set-url", "origin", remote.fetchUrl);
    const state = await createStates().read(open.ports, inUrl, noon);
    assert.equal(state?.holdsToken, true);
    assert.doesNotMatch(JSON.stringify(state), /ATCTT/);
    git(local.root, "remote", "set-url", "origin", url);
    const clean = await createStates().read(open.ports, apiRepository(), noon);
    assert.equal(clean?.holdsToken, false);
  });

  it("a thousand readings of a repository with 2,000 branches: no git, no list of branches, memory flat", async function () {
    this.timeout(60_000);
    const commit = git(local.root, "rev-parse", "HEAD");
    const refs = Array.from({ length: 2000 }, (_, n) => `create refs/heads/feature/${n} ${commit}\n`).join(
      "",
    );
    execFileSync("git", ["update-ref", "--stdin"], { cwd: local.root, input: refs });
    await saveToken("2026-12-04");
    const states = createStates();
    const read = (ahead: number) => states.read(open.ports, apiRepository({ ahead }), noon);
    for (let n = 0; n < 200; n++) await read(n);
    openedGits = 0;
    const heapBefore = await settledHeap();
    const started = performance.now();
    for (let n = 0; n < 1000; n++) assert.equal((await read(n))?.ahead, n);
    const elapsedMs = performance.now() - started;
    const grownKb = Math.round(((await settledHeap()) - heapBefore) / 1024);
    console.log(`      ${(elapsedMs / 1000).toFixed(2)} ms a reading, heap ${grownKb} KB`);
    assert.equal(openedGits, 0);
    assert.ok(grownKb < 1024, `${grownKb} KB`);
  });

  it("opens a branch or file as Bitbucket has it, and says what isn't there yet", async () => {
    const commit = git(local.root, "rev-parse", "HEAD");
    git(local.root, "branch", "-m", "feature/x#1");
    git(local.root, "config", "--remove-section", "branch.feature/x#1");
    await assert.rejects(openOnBitbucket(open.ports, local, { kind: "branch", branch: "feature/x#1" }), {
      code: "BranchNotFound",
    });
    git(local.root, "update-ref", "refs/remotes/origin/feature/x#1", commit);
    const page = (place: Parameters<typeof openOnBitbucket>[2]) => openOnBitbucket(open.ports, local, place);
    const base = "https://bitbucket.org/acme/payments";
    assert.equal(await page({ kind: "repository" }), base);
    assert.equal(await page({ kind: "branch", branch: "feature/x#1" }), `${base}/branch/feature/x%231`);
    assert.equal(
      await page({ kind: "file", path: "src/a.ts", lines: { first: 3, last: 7 } }),
      `${base}/src/${commit}/src/a.ts?at=feature%2Fx%231#lines-3:7`,
    );
  });

  it("without a branch, as in a submodule or at a tag, opens a file at the commit that is checked out", async () => {
    git(local.root, "remote", "add", "elsewhere", "https://github.com/acme/payments.git");
    git(local.root, "commit", "-q", "--allow-empty", "-m", "Two");
    const there = git(local.root, "rev-parse", "HEAD~");
    git(local.root, "checkout", "-q", "--detach", there);
    const place = { kind: "file", path: "src/a.ts" } as const;
    const openFile = () => openOnBitbucket(open.ports, local, place);
    const isNotThere = (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.code, "BranchNotFound");
      assert.match(error.message, /checked-out commit isn't on Bitbucket as of the last fetch from origin/);
      assert.deepEqual(
        error.fixes.map(({ title }) => title),
        ["Create branch"],
      );
      return true;
    };
    git(local.root, "update-ref", "refs/remotes/elsewhere/main", "main");
    await assert.rejects(openFile, isNotThere);
    git(local.root, "update-ref", "refs/remotes/origin/release/1", "main");
    assert.equal(await openFile(), `https://bitbucket.org/acme/payments/src/${there}/src/a.ts`);
    git(local.root, "commit", "-q", "--allow-empty", "-m", "Only here");
    await assert.rejects(openFile, isNotThere);
  });
});

/** After garbage was collected, where this Node can be told to. */
async function settledHeap(): Promise<number> {
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}

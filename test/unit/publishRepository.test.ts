import assert from "node:assert/strict";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createRepository as createOnBitbucket, listProjects } from "../../src/bitbucket/createRepository";
import { UserError, type ErrorKind } from "../../src/errors";
import { publishRepository } from "../../src/flows/publish/publishRepository";
import type { PublishRequest } from "../../src/flows/publish/publishRequest";
import { listPublishWorkspaces } from "../../src/flows/publish/publishTokens";
import { startBitbucket, type Bitbucket } from "../bitbucket/startBitbucket";
import {
  createRepository,
  createStage,
  filesHolding,
  git,
  gitOnline,
  openPorts,
  removeStage,
  useHome,
  type ConnectStage,
} from "./support/connectStage";
import { GitRepository } from "./support/gitRepository";

const apiScopes = [
  "read:repository:bitbucket",
  "write:repository:bitbucket",
  "admin:repository:bitbucket",
  "read:workspace:bitbucket",
  "read:project:bitbucket",
];
const workspaceScopes = ["repository", "repository:write", "repository:admin", "project"];

describe("publishing a folder", () => {
  let bitbucket: Bitbucket;
  let stage: ConnectStage;
  let open: ReturnType<typeof openPorts>;
  let folder: string;
  let count = 0;

  beforeEach(async () => {
    bitbucket = await startBitbucket();
    bitbucket.addProject("acme", "PROJ");
    bitbucket.addRepository("acme/other");
    stage = createStage({ webUrl: bitbucket.webUrl, apiUrl: bitbucket.apiUrl });
    useHome(stage);
    open = openPorts(stage);
    folder = join(stage.root, "Payments API");
    mkdirSync(folder);
    for (const name of ["a.txt", "b.txt", "README.md"]) writeFileSync(join(folder, name), `${name}\n`);
  });
  afterEach(async () => {
    await open.close();
    removeStage(stage);
    assert.deepEqual(bitbucket.contractViolations, []);
    await bitbucket.close();
  });

  /** A token that is kept here because another repository is connected with it. */
  async function keep(kind: "workspace" | "api" | "repository", scopes?: readonly string[]): Promise<string> {
    const name = `token-${++count}`;
    const account = "ada@example.com";
    const owner =
      kind === "api"
        ? ({ kind, account } as const)
        : kind === "workspace"
          ? ({ kind, workspace: "acme" } as const)
          : ({ kind, repository: "acme/other" } as const);
    const granted = [...(scopes ?? (kind === "api" ? apiScopes : workspaceScopes))];
    const { secret } = bitbucket.addToken({ ...owner, name, scopes: granted });
    const stored = { secret, kind, scopes: granted, savedAt: "2026-11-24T00:00:00Z" };
    const slug = kind === "repository" ? "other" : `kept-${count}`;
    await open.ports.tokens.save(
      stage.site,
      { workspace: "acme", slug },
      kind === "api" ? { ...stored, account } : stored,
    );
    return secret;
  }

  function toRequest(changes: Partial<PublishRequest> = {}): PublishRequest {
    return {
      folder,
      workspace: "acme",
      name: "Payments API",
      project: undefined,
      isPrivate: true,
      existing: undefined,
      writesIgnored: true,
      files: undefined,
      identity: undefined,
      defaultBranch: undefined,
      gitAccess: "vscode",
      ...changes,
    };
  }

  const publish = (changes: Partial<PublishRequest> = {}, signal = new AbortController().signal) =>
    publishRepository(
      open.ports,
      (root) => Promise.resolve(new GitRepository(root)),
      toRequest(changes),
      () => undefined,
      signal,
    );

  async function published(changes: Partial<PublishRequest> = {}) {
    const outcome = await publish(changes);
    assert.ok(outcome.kind === "published", outcome.kind);
    return outcome.connection;
  }

  async function assertFails(code: ErrorKind, changes: Partial<PublishRequest> = {}): Promise<UserError> {
    const error = await publish(changes).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.code, code, error.message);
    return error;
  }

  function snapshot(): Record<string, string> {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    const isKept = (name: string) =>
      lstatSync(join(folder, name)).isFile() && !name.startsWith(join(".git", "objects"));
    return Object.fromEntries(
      names.filter(isKept).map((name) => [name, readFileSync(join(folder, name), "latin1")]),
    );
  }

  const posts = () =>
    bitbucket.requests.filter(({ method, path }) => method === "POST" && path.startsWith("/2.0/"));
  const failCreate = (status: number, message: string, fields?: Record<string, string[]>) =>
    bitbucket.faults.add({
      kind: "status",
      status,
      body: JSON.stringify({ type: "error", error: { message, ...(fields && { fields }) } }),
      match: { method: "POST", path: /^\/2\.0\/repositories\// },
    });
  const failPush = () =>
    bitbucket.faults.add({ kind: "status", status: 500, match: { path: /\/git-receive-pack$/ } });
  const changeOf = (error: UserError) => error.fixes.find((fix) => fix.kind === "retry")?.change ?? {};

  for (const kind of ["workspace", "api"] as const) {
    it(`brings three files to a branch on Bitbucket, private and connected (${kind} token)`, async () => {
      const secret = await keep(kind);
      const connection = await published();
      const { notes, ...rest } = connection;
      assert.deepEqual(rest, {
        repository: "acme/payments-api",
        remote: "origin",
        url: `${bitbucket.webUrl}/acme/payments-api.git`,
        branch: "main",
        pushed: true,
      });
      assert.deepEqual(notes, []);
      const head = git(folder, "rev-parse", "HEAD");
      assert.deepEqual([...(await bitbucket.refs("acme/payments-api"))], [["refs/heads/main", head]]);
      const gitDir = await bitbucket.gitDir("acme/payments-api");
      assert.equal(git(gitDir, "ls-tree", "-r", "--name-only", "main"), "README.md\na.txt\nb.txt");
      assert.deepEqual(filesHolding(folder, secret), []);
      writeFileSync(join(folder, "c.txt"), "c");
      git(folder, "add", ".");
      git(folder, "commit", "-q", "-m", "More");
      await gitOnline(folder, "push", "-q");
      assert.equal((await bitbucket.commits("acme/payments-api")).length, 2);
    });
  }

  it("asks for a private one unless told, in the project that was chosen, under the name as it was typed", async () => {
    bitbucket.addProject("acme", "PAY");
    const bodies: unknown[] = [];
    const { send } = open.ports;
    const spied = {
      ...open.ports,
      send: ((request) => {
        if (request.body !== undefined) bodies.push(JSON.parse(request.body));
        return send(request);
      }) as typeof send,
    };
    await keep("workspace");
    await publishRepository(
      spied,
      (root) => Promise.resolve(new GitRepository(root)),
      toRequest({ project: "PAY" }),
      () => undefined,
      new AbortController().signal,
    );
    const project = { key: "PAY" };
    assert.deepEqual(bodies, [{ scm: "git", name: "Payments API", is_private: true, project }]);
  });

  it("pushes a repository that has commits as it is, beside its other remote", async () => {
    await keep("workspace");
    const local = createRepository(stage, "mine");
    git(local.root, "remote", "add", "origin", "https://github.com/ada/mine.git");
    const { remote } = await published({ folder: local.root, name: "mine" });
    assert.equal(remote, "bitbucket");
    assert.equal(git(local.root, "remote", "get-url", "origin"), "https://github.com/ada/mine.git");
    assert.equal((await bitbucket.commits("acme/mine")).length, 2);
  });

  it("connects an empty folder without a push, and says that a commit is wanted", async () => {
    await keep("workspace");
    const empty = join(stage.root, "empty");
    mkdirSync(empty);
    const { branch, pushed, notes } = await published({ folder: empty, name: "empty" });
    assert.deepEqual([branch, pushed], [undefined, false]);
    assert.ok(notes.some((note) => /doesn't have a commit yet/.test(note)));
    assert.equal(git(empty, "remote", "get-url", "origin"), `${bitbucket.webUrl}/acme/empty.git`);
  });

  it("names what it left out because it looks like a secret", async () => {
    await keep("workspace");
    writeFileSync(join(folder, "id_rsa"), "x");
    const { notes } = await published();
    assert.ok(notes.some((note) => note.includes("id_rsa")));
    const gitDir = await bitbucket.gitDir("acme/payments-api");
    assert.doesNotMatch(git(gitDir, "ls-tree", "-r", "--name-only", "main"), /id_rsa/);
  });

  describe("without a token that may create", () => {
    for (const [why, set] of [
      ["none is kept", () => Promise.resolve("")],
      ["a repository's own", () => keep("repository")],
      ["one without the scope", () => keep("workspace", ["repository", "repository:write"])],
      [
        "an API token without the scope",
        () =>
          keep(
            "api",
            apiScopes.filter((one) => !one.startsWith("admin")),
          ),
      ],
    ] as const) {
      it(`leads to the page, and changes nothing (${why})`, async () => {
        await set();
        const before = snapshot();
        assert.deepEqual(await publish(), {
          kind: "needsPage",
          url: `${bitbucket.webUrl}/repo/create?workspace=acme`,
        });
        assert.deepEqual(snapshot(), before);
        assert.deepEqual(posts(), []);
      });
    }

    it("goes on with what the person made there, under any name", async () => {
      await keep("workspace", ["repository", "repository:write"]);
      bitbucket.addRepository("acme/chosen-there");
      const { repository, pushed } = await published({
        existing: { workspace: "acme", slug: "chosen-there" },
      });
      assert.deepEqual([repository, pushed], ["acme/chosen-there", true]);
      assert.deepEqual(posts(), []);
    });

    it("asks for a token where none sees it, with the folder ready until that is given up", async () => {
      bitbucket.addRepository("acme/payments-api");
      const before = snapshot();
      const outcome = await publish({ existing: { workspace: "acme", slug: "payments-api" } });
      assert.ok(outcome.kind === "needsToken");
      assert.equal(outcome.repository, "acme/payments-api");
      assert.equal(git(folder, "ls-tree", "--name-only", "HEAD"), "README.md\na.txt\nb.txt");
      await outcome.undo();
      assert.deepEqual(snapshot(), before);
    });
  });

  it("pushes with another token where the one that may create may do nothing else", async () => {
    await keep("workspace", ["repository:admin"]);
    await keep("workspace", ["repository", "repository:write"]);
    assert.equal((await published()).pushed, true);
  });

  describe("refused", () => {
    let before: Record<string, string>;
    beforeEach(async () => {
      await keep("workspace");
      before = snapshot();
    });

    it("a name that is taken, before anything is made", async () => {
      const seed = createRepository(stage, "seed");
      bitbucket.addRepository("acme/payments-api", { seedFrom: seed.root });
      const error = await assertFails("InvalidRepository");
      assert.equal(error.field, "name");
      assert.match(error.message, /acme\/payments-api already exists/);
      assert.deepEqual(
        error.fixes.map((fix) => fix.title),
        ["Choose another name", "Connect acme/payments-api"],
      );
      assert.deepEqual(snapshot(), before);
      assert.deepEqual(posts(), []);
      const change = changeOf(error);
      assert.deepEqual([change["workspace"], change["name"], change["folder"]], ["acme", undefined, folder]);
    });

    it("a name that is taken where no token sees by whom", async () => {
      failCreate(400, "Repository with this Slug and Owner already exists.", {
        name: ["You already have a repository with this name."],
      });
      const error = await assertFails("InvalidRepository");
      assert.match(error.message, /already exists/);
      assert.deepEqual(snapshot(), before);
    });

    it("a name that no address can be made of, before anything is asked", async () => {
      bitbucket.clearRequests();
      const error = await assertFails("InvalidRepository", { name: "проект" });
      assert.match(error.message, /Latin letters/);
      assert.deepEqual(snapshot(), before);
      assert.deepEqual(bitbucket.requests, []);
    });

    it("a project that is missing", async () => {
      const error = await assertFails("InvalidRepository", { project: "NOPE" });
      assert.equal(error.field, "project");
      assert.match(error.message, /project NOPE of acme/);
      assert.ok("project" in changeOf(error) && changeOf(error)["project"] === undefined);
      assert.deepEqual(snapshot(), before);
    });

    it("a workspace that is missing", async () => {
      await keep("api");
      const error = await assertFails("RepositoryNotFound", { workspace: "nowhere" });
      assert.equal(error.field, "workspace");
      assert.deepEqual(snapshot(), before);
    });

    for (const [status, message] of [
      [402, "Your plan does not allow further private repositories."],
      [403, "This workspace has exceeded its user limit."],
      [402, ""],
    ] as const) {
      it(`a plan's limit, in Bitbucket's words (${status} “${message}”)`, async () => {
        failCreate(status, message);
        const error = await assertFails("PushRejected");
        assert.match(error.message, /plan of acme/);
        assert.ok(error.message.includes(message));
        assert.ok(
          error.fixes.some(
            (fix) => fix.kind === "openUrl" && fix.url.endsWith("/acme/workspace/settings/plans"),
          ),
        );
        assert.deepEqual(snapshot(), before);
      });
    }

    for (const [name, fault, code] of [
      ["a rate limit", { kind: "rateLimit", retryAfter: 30 }, "RateLimited"],
      ["a proxy's page", { kind: "html", status: 403 }, "BadAnswer"],
      ["a token that died", { kind: "status", status: 401 }, "TokenRejected"],
      ["a missing right", { kind: "status", status: 403 }, "TokenLacksScope"],
      ["no answer", { kind: "reset" }, "Offline"],
    ] as const) {
      it(`${name}: the folder is as before`, async () => {
        bitbucket.faults.add({ ...fault, match: { method: "POST", path: /^\/2\.0\// } });
        const error = await assertFails(code);
        assert.doesNotMatch(error.message, /was created/);
        assert.deepEqual(snapshot(), before);
      });
    }

    it("an address that Bitbucket makes otherwise is told at once, and is the one that is connected", async () => {
      bitbucket.addRepository("acme/payments-api-2");
      bitbucket.faults.add({
        kind: "status",
        status: 200,
        body: JSON.stringify({ full_name: "acme/payments-api-2" }),
        match: { method: "POST", path: /^\/2\.0\// },
      });
      const { repository, url, notes } = await published();
      assert.equal(repository, "acme/payments-api-2");
      assert.ok(url.endsWith("/acme/payments-api-2.git"));
      assert.ok(notes.some((note) => note.includes("acme/payments-api-2")));
    });
  });

  describe("created but not pushed", () => {
    it("is named, the folder is as before, and the next try goes on with it", async () => {
      await keep("workspace");
      const before = snapshot();
      const mend = failPush();
      const error = await assertFails("BadAnswer");
      assert.match(error.message, /Bitbucket created acme\/payments-api, which is empty/);
      assert.deepEqual(snapshot(), before);
      assert.equal(
        await open.ports.tokens.stored(stage.site, { workspace: "acme", slug: "payments-api" }),
        undefined,
      );
      mend();
      assert.equal((await published()).pushed, true);
      assert.equal(posts().length, 1);
      assert.equal(changeOf(error)["name"], "Payments API");
    });

    it("counts as created where Bitbucket's answer got lost on its way", async () => {
      await keep("workspace");
      const stop = bitbucket.onRequest(({ method, path }) => {
        if (method !== "POST" || !path.startsWith("/2.0/")) return;
        bitbucket.addRepository("acme/payments-api");
        bitbucket.faults.add({ kind: "reset", times: 1 });
      });
      assert.equal((await published()).pushed, true);
      stop();
    });

    it("is named by a cancel during the push, which leaves the folder as before", async () => {
      await keep("workspace");
      const before = snapshot();
      const abort = new AbortController();
      bitbucket.onRequest(async ({ path }) => {
        if (!path.endsWith("/git-receive-pack")) return;
        abort.abort();
        await delay(500); // git is gone by then, and nothing arrives
      });
      assert.deepEqual(await publish({}, abort.signal), { kind: "cancelled", created: "acme/payments-api" });
      assert.deepEqual(snapshot(), before);
    });

    it("is known although it is cancelled while Bitbucket creates it", async () => {
      await keep("workspace");
      const before = snapshot();
      const abort = new AbortController();
      bitbucket.onRequest(({ method, path }) => {
        if (method === "POST" && path.startsWith("/2.0/")) abort.abort();
      });
      assert.deepEqual(await publish({}, abort.signal), { kind: "cancelled", created: "acme/payments-api" });
      assert.deepEqual(snapshot(), before);
    });
  });

  it("is as before when it is cancelled at the first look", async () => {
    await keep("workspace");
    const before = snapshot();
    const abort = new AbortController();
    bitbucket.onRequest(() => {
      abort.abort();
    });
    assert.deepEqual(await publish({}, abort.signal), { kind: "cancelled", created: undefined });
    assert.deepEqual(snapshot(), before);
    assert.deepEqual(posts(), []);
  });

  it("is as before when the editor does not open the new repository", async () => {
    await keep("workspace");
    const before = snapshot();
    const closed = () => Promise.reject(new UserError("NotARepository", "The editor does not open it."));
    await assert.rejects(
      publishRepository(open.ports, closed, toRequest(), () => undefined, new AbortController().signal),
      { code: "NotARepository" },
    );
    assert.deepEqual(snapshot(), before);
    assert.deepEqual(posts(), []);
    assert.ok(!existsSync(join(folder, ".git")));
  });

  describe("what there is to choose from", () => {
    it("is every workspace that a kept token reaches, once", async () => {
      for (const name of ["globex", "initech"]) bitbucket.addWorkspace(name);
      await keep("workspace");
      await keep("api");
      assert.deepEqual(await listPublishWorkspaces(open.ports, new AbortController().signal), [
        "acme",
        "globex",
        "initech",
      ]);
    });

    it("is each of a workspace's projects, and a refusal is told in words", async () => {
      bitbucket.addProject("acme", "PAY", "Payments");
      const token = { secret: await keep("workspace"), kind: "workspace" } as const;
      const options = { ...stage, ...open.ports, token, signal: new AbortController().signal };
      assert.deepEqual(
        (await listProjects(options, "acme")).map(({ key, name }) => `${key} ${name}`),
        ["PROJ PROJ", "PAY Payments"],
      );
      const poor = { secret: await keep("workspace", ["repository:admin"]), kind: "workspace" } as const;
      await assert.rejects(listProjects({ ...options, token: poor }, "acme"), { code: "TokenLacksScope" });
    });

    it("signs in with an API token as documented where Bitbucket takes it no other way", async () => {
      await bitbucket.close();
      bitbucket = await startBitbucket({ bearerForApiTokens: false });
      bitbucket.addProject("acme", "PROJ");
      const { secret } = bitbucket.addToken({
        kind: "api",
        account: "ada@example.com",
        name: "api",
        scopes: apiScopes,
      });
      const site = { webUrl: bitbucket.webUrl, apiUrl: bitbucket.apiUrl };
      const token = { secret, kind: "api", account: "ada@example.com" } as const;
      const created = await createOnBitbucket(
        { site, send: open.ports.send, token, signal: new AbortController().signal },
        { repository: { workspace: "ACME", slug: "x" }, name: "X", isPrivate: false },
      );
      assert.deepEqual(created, { workspace: "acme", slug: "x" });
    });
  });
});

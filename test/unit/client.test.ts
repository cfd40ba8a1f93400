import assert from "node:assert/strict";
import { BitbucketClient, type PresentedToken } from "../../src/bitbucket/client";
import { createRepository, listProjects } from "../../src/bitbucket/createRepository";
import { withDeadline } from "../../src/bitbucket/deadline";
import { RepositoryListClient } from "../../src/bitbucket/repositoryListClient";
import { UserError } from "../../src/errors";
import { failure, HttpStage } from "./support/httpStage";

const email = "ada@example.com";
const apiScopes = ["read:repository:bitbucket", "read:workspace:bitbucket"];

describe("Bitbucket's client", () => {
  let stage: HttpStage;
  let apiSecret: string;
  const { signal } = new AbortController();

  before(async () => {
    stage = await HttpStage.open();
    stage.bitbucket.addAccount(email);
    stage.bitbucket.addRepository("acme/site");
    apiSecret = stage.bitbucket.addToken({
      kind: "api",
      account: email,
      scopes: apiScopes,
      name: "ada",
    }).secret;
  });
  afterEach(() => {
    stage.reset();
  });
  after(() => stage.bitbucket.close());

  const verify = (token: Partial<PresentedToken> = {}, slug = "payments", within = signal) =>
    new BitbucketClient(stage.site, stage.createSend()).verifyToken(
      { workspace: "acme", slug },
      { secret: stage.secret, ...token },
      within,
    );
  const lists = (token: PresentedToken = { secret: stage.secret }) =>
    new RepositoryListClient({
      site: stage.site,
      send: stage.createSend(),
      token,
      storedFor: stage.repository,
    });
  const schemes = () => stage.bitbucket.requests.map(({ scheme }) => scheme);
  const answerOnce = (status: number, body: unknown, path = /./) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    stage.bitbucket.faults.add({ kind: "status", status, body: text, times: 1, match: { path } });
  };

  describe("verifies a token", () => {
    it("in one request, and learns its kind and scopes", async () => {
      assert.deepEqual(await verify(), {
        kind: "repository",
        repository: { workspace: "acme", slug: "payments" },
        scopes: ["repository"],
      });
      assert.equal(stage.bitbucket.requests.length, 1);
    });

    it("of a kind that is known, without asking what it is", async () => {
      assert.equal((await verify({ kind: "workspace" })).kind, "workspace");
    });

    it("in each way that an API token may sign in, the documented one first", async () => {
      const token = { secret: apiSecret, kind: "api", account: email } as const;
      assert.equal((await verify(token)).kind, "api");
      assert.deepEqual(schemes(), ["basic"]);
      stage.reset();
      answerOnce(401, "no");
      await verify(token);
      assert.deepEqual(schemes(), ["basic", "bearer"]);
    });

    it("in each way that another may, the documented one first", async () => {
      stage.bitbucket.faults.add({ kind: "status", status: 401 });
      const error = await failure(verify({ account: email }), "TokenRejected");
      assert.deepEqual(schemes(), ["bearer", "basic"]);
      assert.equal(error.field, "token");
    });

    it("and asks for the account that an API token wants", async () => {
      stage.bitbucket.faults.add({ kind: "status", status: 401 });
      assert.equal(
        (await failure(verify({ secret: apiSecret, kind: "api" }), "TokenRejected")).field,
        "account",
      );
      await failure(verify({ secret: apiSecret, kind: "api", account: email }), "TokenRejected");
    });

    it("that is another repository's, and names that one", async () => {
      for (const slug of ["nowhere", "site"]) {
        const error = await failure(verify({}, slug), "WrongRepository");
        assert.match(error.message, /is for acme\/payments, not acme\//);
      }
    });

    it("that reaches the workspace's one repository, and would reach others: the repository is not found", async () => {
      const { bitbucket } = stage;
      bitbucket.addRepository("lone/ledger");
      const scopes = ["repository"];
      const wide = bitbucket.addToken({ kind: "workspace", workspace: "lone", scopes, name: "of lone" });
      const api = bitbucket.addToken({
        kind: "api",
        account: email,
        scopes: ["read:repository:bitbucket"],
        name: "of Ada",
      });
      for (const token of [wide, { ...api, account: email }]) {
        const repository = { workspace: "lone", slug: "notes" };
        const asked = new BitbucketClient(stage.site, stage.createSend()).verifyToken(
          repository,
          token,
          signal,
        );
        await failure(asked, "RepositoryNotFound");
      }
    });

    for (const [name, status, body] of [
      ["that reaches several", 200, { values: [{ full_name: "acme/a" }, { full_name: "acme/b" }] }],
      ["that reaches none", 200, { values: [] }],
      ["that reaches the same", 200, { values: [{ full_name: "Acme/Nowhere" }] }],
      ["that may not list", 403, "no"],
      ["whose list is odd", 200, { values: [{ full_name: 7 }] }],
      ["whose list has a link for a name", 200, { values: [{ full_name: "[a](command:b)/c" }] }],
    ] as const) {
      it(`${name}: the repository is not found`, async () => {
        answerOnce(status, body, /\/repositories\/acme$/);
        await failure(verify({}, "nowhere"), "RepositoryNotFound");
      });
    }

    it("no more where the person cancels", async () => {
      const abort = new AbortController();
      stage.bitbucket.faults.add({ kind: "slowHeaders", delayMs: Infinity, match: { path: /\/acme$/ } });
      const stop = stage.bitbucket.onRequest(({ path }) => {
        if (path.endsWith("/acme"))
          setImmediate(() => {
            abort.abort();
          });
      });
      await assert.rejects(verify({}, "nowhere", abort.signal), { name: "AbortError" });
      stop();
    });

    for (const body of [
      "",
      "null",
      "[]",
      "{}",
      { full_name: 1 },
      { full_name: "acme" },
      { full_name: "a/b/c" },
      { full_name: "[a](command:b)/c" },
      { full_name: "acme/.." },
      { full_name: 'acme/x?y#"' },
      { full_name: "acme/payments", mainbranch: "main" },
      { full_name: "acme/payments", is_private: "yes" },
    ]) {
      it(`by no odd answer: ${JSON.stringify(body)}`, async () => {
        answerOnce(200, body);
        assert.match((await failure(verify(), "BadAnswer")).message, /“GET repository”/);
      });
    }

    it("that is refused as a whole within the operation's time, however many its ways to sign in", async () => {
      stage.bitbucket.faults.add({ kind: "status", status: 401, match: ({ scheme }) => scheme === "basic" });
      stage.bitbucket.faults.add({ kind: "slowHeaders", delayMs: Infinity });
      const send = withDeadline(stage.createSend({ timeoutMs: 60_000 }), 300);
      const token = { secret: apiSecret, kind: "api", account: email } as const;
      const startedAt = performance.now();
      const client = new BitbucketClient(stage.site, send);
      await failure(client.verifyToken(stage.repository, token, signal), "Offline");
      assert.ok(performance.now() - startedAt < 3_000);
      assert.deepEqual(schemes(), ["basic", "bearer"]);
    });
  });

  describe("lists", () => {
    it("what a token sees, by name too", async () => {
      const page = await lists().repositories("acme", { search: 'pay"\\' }, signal);
      assert.deepEqual(page.values, []);
      const [first] = (await lists().repositories("acme", {}, signal)).values;
      assert.deepEqual([first?.workspace, first?.slug, first?.isPrivate], ["acme", "payments", true]);
    });

    it("with the way to sign in that was accepted before", async () => {
      const list = lists({ secret: apiSecret, kind: "api", account: email });
      answerOnce(401, "no");
      await list.repository(stage.repository, signal);
      await list.workspaces(signal);
      assert.deepEqual(schemes(), ["basic", "bearer", "bearer"]);
    });

    it("no workspace that the token can't see", async () => {
      const list = lists({ secret: apiSecret, kind: "api", account: email });
      answerOnce(404, "no");
      assert.match(
        (await failure(list.repositories("globex", {}, signal), "RepositoryNotFound")).message,
        /globex/,
      );
      answerOnce(404, "no");
      await failure(list.repository(stage.repository, signal), "RepositoryNotFound");
    });

    it("workspaces page by page, and ends where the pages go in a circle", async () => {
      const page = (slug: string, query: string) => ({
        values: [{ workspace: { slug } }],
        next: `${stage.site.apiUrl}/user/workspaces${query}`,
      });
      answerOnce(200, page("acme", "?page=2"));
      answerOnce(200, page("globex", "?pagelen=100"));
      assert.deepEqual(await lists().workspaces(signal), ["acme", "globex"]);
      assert.equal(stage.bitbucket.requests.length, 2);
    });

    it("nothing at another address", async () => {
      for (const next of ["https://evil.example/2.0/x", "nonsense"]) {
        const error = await failure(lists().following(next, "acme", signal), "BadAnswer");
        assert.match(error.message, /must not receive your token/);
      }
      assert.deepEqual(stage.bitbucket.requests, []);
    });

    it("the page that an earlier one named", async () => {
      const next = `${stage.site.apiUrl}/repositories/acme?role=member`;
      assert.equal((await lists().following(next, "acme", signal)).values.length, 1);
    });

    it("branches, and the branch of a pull request of the same repository", async () => {
      answerOnce(200, { values: [{ name: "main" }] });
      assert.deepEqual(await lists().branches(stage.repository, signal), ["main"]);
      const source = (fullName?: string) => ({
        source: {
          branch: { name: "fix" },
          repository: fullName === undefined ? null : { full_name: fullName },
        },
      });
      const branchOf = (fullName?: string) => {
        answerOnce(200, source(fullName));
        return lists().pullRequestBranch(stage.repository, 1, signal);
      };
      assert.equal(await branchOf("Acme/Payments"), "fix");
      assert.equal(await branchOf("fork/payments"), undefined);
      assert.equal(await branchOf(), undefined);
    });

    const odd: readonly [
      operation: string,
      ask: (list: RepositoryListClient) => Promise<unknown>,
      unknown,
    ][] = [
      ["GET repositories", (list) => list.repositories("acme", {}, signal), { values: {} }],
      ["GET repositories", (list) => list.repositories("acme", {}, signal), { values: [{ full_name: "a" }] }],
      ["GET repositories", (list) => list.repositories("acme", {}, signal), { values: [], next: 7 }],
      ["GET repository", (list) => list.repository(stage.repository, signal), { full_name: "../etc/passwd" }],
      ["GET branches", (list) => list.branches(stage.repository, signal), { values: [{}] }],
      ["GET workspaces", (list) => list.workspaces(signal), { values: [{ workspace: { slug: "a b" } }] }],
      ["GET pull request", (list) => list.pullRequestBranch(stage.repository, 1, signal), { source: {} }],
    ];
    for (const [operation, ask, body] of odd) {
      it(`no odd answer: ${operation} ${JSON.stringify(body)}`, async () => {
        answerOnce(200, body);
        const error = await failure(ask(lists()), "BadAnswer");
        assert.ok(error.message.includes(`“${operation}”`), error.message);
      });
    }

    it("what Bitbucket leaves out, as empty", async () => {
      answerOnce(200, {
        full_name: "acme/payments",
        description: null,
        updated_on: "never",
        mainbranch: null,
      });
      const { description, updatedAt, mainBranch } = await lists().repository(stage.repository, signal);
      assert.deepEqual([description, updatedAt, mainBranch], ["", 0, undefined]);
      answerOnce(200, {
        full_name: "acme/payments",
        updated_on: "2026-11-25T10:00:00Z",
        mainbranch: { name: "x" },
      });
      assert.equal((await lists().repository(stage.repository, signal)).mainBranch, "x");
      answerOnce(200, { full_name: "acme/payments" });
      assert.equal((await lists().repository(stage.repository, signal)).updatedAt, 0);
    });

    it("nothing of a token that is refused, in words for its own page", async () => {
      stage.bitbucket.faults.add({ kind: "status", status: 401 });
      for (const kind of ["api", "repository"] as const) {
        const error = await failure(
          lists({ secret: stage.secret, kind }).workspaces(signal),
          "TokenRejected",
        );
        const [fix] = error.fixes;
        assert.ok(
          fix?.kind === "openUrl" && fix.url.includes(kind === "api" ? "atlassian" : "access-tokens"),
        );
      }
    });
  });

  describe("creates a repository", () => {
    const wanted = { repository: { workspace: "acme", slug: "new" }, name: "New", isPrivate: true };
    const options = () => ({
      site: stage.site,
      send: stage.createSend(),
      token: { secret: apiSecret, kind: "api" as const, account: email },
      signal,
    });

    it("once, whatever becomes of the answer", async () => {
      for (const fault of [{ kind: "reset" }, { kind: "status", status: 503 }] as const) {
        stage.reset();
        stage.bitbucket.faults.add(fault);
        await assert.rejects(createRepository(options(), wanted), UserError);
        assert.deepEqual(
          stage.bitbucket.requests.map(({ method }) => method),
          ["POST"],
        );
      }
    });

    it("and lists projects for it, again where the first try broke", async () => {
      stage.bitbucket.faults.add({ kind: "reset", times: 1 });
      answerOnce(200, { values: [{ key: "PAY", extra: {} }] }, /projects$/);
      assert.deepEqual(await listProjects(options(), "acme"), [
        { key: "PAY", name: "PAY", isPrivate: false },
      ]);
    });
  });
});

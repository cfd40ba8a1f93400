import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { UserError } from "../../src/errors";
import {
  RepositoryLister,
  type FoundRepository,
  type ListProblem,
} from "../../src/flows/clone/listRepositories";
import { readReaches } from "../../src/flows/clone/listRepositoriesReach";
import { startBitbucket, type Bitbucket } from "../bitbucket/startBitbucket";
import { createStage, openPorts, removeStage, useHome, type ConnectStage } from "./support/connectStage";

const apiScopes = ["read:repository:bitbucket", "read:workspace:bitbucket"];

describe("the list of repositories to clone", () => {
  let bitbucket: Bitbucket;
  let stage: ConnectStage;
  let open: ReturnType<typeof openPorts>;
  let found: Map<string, FoundRepository>;
  let problems: ListProblem[];
  let count = 0;

  beforeEach(async () => {
    bitbucket = await startBitbucket();
    stage = createStage({ webUrl: bitbucket.webUrl, apiUrl: bitbucket.apiUrl });
    useHome(stage);
    open = openPorts(stage);
    found = new Map();
    problems = [];
  });
  afterEach(async () => {
    assert.deepEqual(bitbucket.contractViolations, []);
    await open.close();
    removeStage(stage);
    await bitbucket.close();
  });

  type Owner =
    | { kind: "repository"; repository: string }
    | { kind: "project"; project: string }
    | { kind: "workspace"; workspace: string }
    | { kind: "api"; account: string };

  /** A token on Bitbucket, kept here for these repositories. */
  async function keepToken(owner: Owner, keptFor: readonly string[], scopes = ["repository"]): Promise<void> {
    const { secret } = bitbucket.addToken({ ...owner, scopes, name: `list-${++count}` });
    const account = owner.kind === "api" ? { account: owner.account } : {};
    for (const name of keptFor) {
      const [workspace = "", slug = ""] = name.split("/");
      const stored = { secret, kind: owner.kind, scopes, savedAt: "2026-11-24", ...account };
      await open.ports.tokens.save(stage.site, { workspace, slug }, stored);
    }
  }

  async function createLister(signal = new AbortController().signal): Promise<RepositoryLister> {
    const add = (repositories: readonly FoundRepository[]) => {
      for (const one of repositories) found.set(`${one.workspace}/${one.slug}`, one);
    };
    const fail = (problem: ListProblem) => problems.push(problem);
    return new RepositoryLister(await readReaches(open.ports), { add, fail }, signal);
  }

  const list = async () => (await createLister()).listAll();
  const names = () => [...found.keys()].sort();

  it("is one repository for a repository token, whatever else the workspace has", async () => {
    for (const name of ["acme/payments", "acme/site"]) bitbucket.addRepository(name);
    await keepToken({ kind: "repository", repository: "acme/payments" }, ["acme/payments"]);
    await list();
    assert.deepEqual(names(), ["acme/payments"]);
    assert.equal(bitbucket.requests.length, 1);
  });

  it("is a project's for its token, a workspace's for its token", async () => {
    bitbucket.addRepository("acme/payments", { project: "PAY" });
    bitbucket.addRepository("acme/site", { project: "WEB" });
    bitbucket.addRepository("globex/app");
    await keepToken({ kind: "project", project: "acme/PAY" }, ["acme/payments"]);
    await list();
    assert.deepEqual(names(), ["acme/payments"]);
    await keepToken({ kind: "workspace", workspace: "globex" }, ["globex/app"]);
    await list();
    assert.deepEqual(names(), ["acme/payments", "globex/app"]);
  });

  it("is every workspace of the person for an API token, never by a removed call, and each is asked once", async () => {
    for (const name of ["acme/payments", "globex/app", "initech/tps"]) bitbucket.addRepository(name);
    bitbucket.addAccount("ada@example.com");
    await keepToken({ kind: "api", account: "ada@example.com" }, ["acme/payments", "globex/app"], apiScopes);
    await list();
    assert.deepEqual(names(), ["acme/payments", "globex/app", "initech/tps"]);
    const paths = bitbucket.requests.map(({ path }) => path).sort();
    assert.deepEqual(paths, [
      "/2.0/repositories/acme",
      "/2.0/repositories/globex",
      "/2.0/repositories/initech",
      "/2.0/user/workspaces",
    ]);
  });

  it("comes page by page, the first alone and the rest six at a time at most", async () => {
    for (let n = 0; n < 950; n++) bitbucket.addRepository(`acme/repository-${n}`);
    await keepToken({ kind: "workspace", workspace: "acme" }, ["acme/repository-1"]);
    let running = 0;
    let most = 0;
    const sizes: number[] = [];
    bitbucket.onRequest(async () => {
      most = Math.max(most, ++running);
      sizes.push(found.size);
      await delay(20);
      running--;
    });
    await list();
    assert.equal(found.size, 950);
    assert.equal(bitbucket.requests.length, 10);
    assert.ok(most > 1 && most <= 6, `${most} at once`);
    assert.deepEqual(sizes.slice(0, 2), [0, 100]);
  });

  it("asks Bitbucket for what is typed, quotes and all, where the list isn't whole", async () => {
    for (let n = 0; n < 150; n++) bitbucket.addRepository(`acme/repository-${n}`);
    await keepToken({ kind: "workspace", workspace: "acme" }, ["acme/repository-1"]);
    const lister = new RepositoryLister(
      await readReaches(open.ports),
      { add: () => undefined, fail: () => undefined },
      new AbortController().signal,
      1,
    );
    await lister.listAll();
    const { signal } = new AbortController();
    const answers = await lister.search("ory-14", signal);
    assert.deepEqual(
      answers.map(({ slug }) => slug).sort(),
      ["repository-14", ...Array.from({ length: 10 }, (_, i) => `repository-14${i}`)].sort(),
    );
    assert.deepEqual(await lister.search('a"b\\c', signal), []);
    const query = new URLSearchParams(bitbucket.requests.at(-1)?.query).get("q");
    assert.equal(query, 'name ~ "a\\"b\\\\c"');
  });

  it("asks nothing more once everything is there", async () => {
    bitbucket.addRepository("acme/payments");
    await keepToken({ kind: "workspace", workspace: "acme" }, ["acme/payments"]);
    const lister = await createLister();
    await lister.listAll();
    bitbucket.clearRequests();
    assert.deepEqual(await lister.search("pay", new AbortController().signal), []);
    assert.equal(bitbucket.requests.length, 0);
  });

  it("follows `next` where Bitbucket doesn't count, and never to another origin", async () => {
    for (const name of ["acme/a", "acme/b"]) bitbucket.addRepository(name);
    await keepToken({ kind: "workspace", workspace: "acme" }, ["acme/a"]);
    const page = (name: string, next?: string) => JSON.stringify({ values: [{ full_name: name }], next });
    const answer = (body: string) => {
      bitbucket.faults.add({ kind: "status", status: 200, body, times: 1 });
    };
    answer(page("acme/a", `${bitbucket.apiUrl}/repositories/acme?page=2`));
    answer(page("acme/b", "https://evil.example/2.0/repositories/acme?page=3"));
    await list();
    assert.deepEqual(names(), ["acme/a", "acme/b"]);
    assert.match(problems[0]?.error.message ?? "", /must not receive your token/);
  });

  it("ends where pages lead on and on, or Bitbucket counts beyond all reason (R12)", async () => {
    await keepToken({ kind: "workspace", workspace: "acme" }, ["acme/a"]);
    const [reach] = await readReaches(open.ports);
    assert.ok(reach);
    const value = (slug: string) => ({
      workspace: "acme",
      slug,
      description: "",
      isPrivate: true,
      updatedAt: 0,
      mainBranch: undefined,
    });
    for (const [what, answer, most] of [
      ["the same again", () => ({ values: [value("a")], size: undefined }), 3],
      ["always more", (n: number) => ({ values: [value(`a-${n}`)], size: undefined }), 500],
      ["a size", (n: number) => ({ values: [value(`a-${n}`)], size: 1e12 }), 500],
    ] as const) {
      let asked = 0;
      const next = () => ({ ...answer((asked += 1)), next: `${bitbucket.apiUrl}/?page=${asked}` });
      const lists = Object.assign(Object.create(reach.lists) as typeof reach.lists, {
        repositories: () => Promise.resolve(next()),
        following: () => Promise.resolve(next()),
      });
      const add = () => undefined;
      const { signal } = new AbortController();
      await new RepositoryLister([{ ...reach, lists }], { add, fail: add }, signal).listAll();
      assert.ok(asked <= most, `${what}: ${asked} requests`);
    }
  });

  for (const [name, fault, code] of [
    ["401", { kind: "status", status: 401 }, "TokenRejected"],
    ["403", { kind: "status", status: 403 }, "TokenLacksScope"],
    ["404", { kind: "status", status: 404 }, "RepositoryNotFound"],
    ["410", { kind: "status", status: 410 }, "BadAnswer"],
    ["429", { kind: "rateLimit", retryAfter: 30 }, "RateLimited"],
    ["a page of a proxy", { kind: "html", status: 200 }, "BadAnswer"],
    ["half a JSON text", { kind: "badJson" }, "BadAnswer"],
    ["a cut answer", { kind: "truncated" }, "Offline"],
    ["a dropped connection", { kind: "reset" }, "Offline"],
  ] as const) {
    it(`tells of ${name} in words and reads on from there when tried again`, async () => {
      for (let n = 0; n < 350; n++) bitbucket.addRepository(`acme/repository-${n}`);
      await keepToken({ kind: "workspace", workspace: "acme" }, ["acme/repository-1"]);
      const remove = bitbucket.faults.add({
        ...fault,
        match: ({ query }) => /(^|&)page=[23](&|$)/.test(query),
      });
      await list();
      assert.equal(problems.length, 1);
      const error = problems[0]?.error as UserError;
      assert.equal(error.code, code, error.message);
      assert.ok(!/<html|acme\/repository-\d+ /.test(error.message), error.message);
      if (code === "RateLimited") assert.equal(error.retryAfter, 30);
      assert.ok(found.size >= 100 && found.size < 350);
      remove();
      bitbucket.clearRequests();
      await problems[0]?.retry();
      assert.equal(found.size, 350);
      assert.ok(bitbucket.requests.length < 4, "what was read is not read again");
    });
  }

  it("stops pressing on at a rate limit", async () => {
    for (let n = 0; n < 3000; n++) bitbucket.addRepository(`acme/repository-${n}`);
    await keepToken({ kind: "workspace", workspace: "acme" }, ["acme/repository-1"]);
    bitbucket.faults.add({ kind: "rateLimit", match: ({ query }) => !/(^|&)page=1(&|$)/.test(query) });
    await list();
    assert.ok(bitbucket.requests.length <= 7, `${bitbucket.requests.length} requests`);
    assert.equal(problems.length, 1);
  });

  it("ends without a word when the picker closes", async () => {
    for (let n = 0; n < 950; n++) bitbucket.addRepository(`acme/repository-${n}`);
    await keepToken({ kind: "workspace", workspace: "acme" }, ["acme/repository-1"]);
    bitbucket.latencyMs = 100;
    const abort = new AbortController();
    const running = (await createLister(abort.signal)).listAll();
    await delay(150);
    abort.abort();
    await running;
    assert.deepEqual(problems, []);
    assert.ok(bitbucket.requests.length <= 7);
  });
});

import assert from "node:assert/strict";
import type { HttpAnswer } from "../../src/bitbucket/http";
import { RepositoryListClient } from "../../src/bitbucket/repositoryListClient";
import { RequestBudget } from "../../src/bitbucket/requestBudget";
import { UserError } from "../../src/errors";
import { failure, HttpStage } from "./support/httpStage";

const hourMs = 3_600_000;
const rest = {
  url: "https://api.bitbucket.org/2.0/user",
  authorization: "Bearer a",
  accept: "application/json",
};

describe("the requests of an hour", () => {
  let nowMs = 0;
  let budget: RequestBudget;

  beforeEach(() => {
    nowMs = 1_000;
    budget = new RequestBudget(() => nowMs);
  });

  const answer = (status: number, headers: Record<string, string> = {}): HttpAnswer => ({
    status,
    header: (name) => headers[name],
    body: "",
  });
  const secondsToWait = (authorization = rest.authorization) => {
    try {
      budget.check(authorization);
      return 0;
    } catch (error) {
      assert.ok(error instanceof UserError && error.code === "RateLimited");
      return error.retryAfter;
    }
  };
  const spend = (count: number, request = rest) => {
    for (let n = 0; n < count; n++) budget.spend(request);
  };

  it("are a thousand for each credential, and come back one by one", () => {
    spend(999);
    assert.equal(secondsToWait(), 0);
    nowMs += 60_000;
    spend(1);
    assert.equal(secondsToWait(), 3_540);
    assert.equal(secondsToWait("Bearer b"), 0);
    nowMs += hourMs - 60_000;
    assert.equal(secondsToWait(), 0);
    spend(1_000);
    assert.equal(secondsToWait(), 3_600);
  });

  it("are not spent at git's own door", () => {
    const git = { ...rest, accept: "application/x-git-upload-pack-advertisement" };
    spend(2_000, git);
    budget.learn(git, answer(429, { "retry-after": "60" }), nowMs);
    assert.equal(secondsToWait(), 0);
  });

  it("are as many as Bitbucket says", () => {
    spend(3);
    budget.learn(rest, answer(200, { "x-ratelimit-limit": "3" }), nowMs);
    assert.equal(secondsToWait(), 3_600);
    budget.learn(rest, answer(404, { "x-ratelimit-limit": "4000" }), nowMs);
    assert.equal(secondsToWait(), 0);
  });

  it("end where Bitbucket says so, until it answers again", () => {
    budget.learn(rest, answer(429, { "retry-after": "600" }), nowMs);
    assert.equal(secondsToWait(), 600);
    nowMs += 1_000;
    budget.learn(rest, answer(200), nowMs - 2_000);
    assert.equal(secondsToWait(), 599, "this one was sent before");
    budget.learn(rest, answer(200), nowMs);
    assert.equal(secondsToWait(), 0);
    budget.learn(rest, answer(429), nowMs);
    assert.equal(secondsToWait(), 60);
  });

  it("are more where Bitbucket answers although they are spent", () => {
    spend(1_001);
    assert.equal(secondsToWait(), 3_600);
    budget.learn(rest, answer(200), nowMs);
    assert.equal(secondsToWait(), 0);
  });
});

describe("a budget shared by lists and checks", () => {
  let stage: HttpStage;

  before(async () => {
    stage = await HttpStage.open();
  });
  afterEach(() => {
    stage.reset();
  });
  after(() => stage.bitbucket.close());

  it("refuses at once what can wait, and lets the person's own action out", async () => {
    stage.bitbucket.faults.add({ kind: "rateLimit", retryAfter: 600, times: 1 });
    const send = stage.createSend();
    await send(stage.request());
    stage.bitbucket.clearRequests();
    const error = await failure(send(stage.request({ canWait: true })), "RateLimited");
    assert.equal(error.retryAfter, 600);
    assert.match(error.message, /in 10 minutes/);
    assert.equal(stage.bitbucket.requests.length, 0);
    assert.equal((await send(stage.request())).status, 200);
    assert.equal((await send(stage.request({ canWait: true }))).status, 200, "Bitbucket answers again");
  });

  it("keeps a list from pressing on, and asks again when the person does", async () => {
    stage.bitbucket.faults.add({ kind: "rateLimit", retryAfter: 600, times: 1 });
    const { site, repository: storedFor } = stage;
    const token = { secret: stage.secret, kind: "repository" } as const;
    const lists = new RepositoryListClient({ site, send: stage.createSend(), token, storedFor });
    const { signal } = new AbortController();
    const read = () => lists.repository(storedFor, signal);
    const search = () => lists.repositories("acme", { search: "pay" }, signal);
    assert.equal((await failure(read(), "RateLimited")).retryAfter, 600);
    assert.equal((await failure(search(), "RateLimited")).retryAfter, 600);
    assert.equal(stage.bitbucket.requests.length, 1, "the search was not asked");
    assert.equal((await search()).values.length, 1);
    assert.equal((await read()).slug, "payments");
  });
});

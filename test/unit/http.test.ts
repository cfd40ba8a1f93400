import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { withDeadline } from "../../src/bitbucket/deadline";
import { createSend } from "../../src/bitbucket/http";
import type { FaultKind } from "../bitbucket/wire/faults";
import { failure, HttpStage } from "./support/httpStage";

describe("a request to Bitbucket", () => {
  let stage: HttpStage;

  before(async () => {
    stage = await HttpStage.open();
  });
  afterEach(() => {
    stage.reset();
  });
  after(() => stage.bitbucket.close());

  const statuses = () => stage.traces.map(({ status }) => status);

  describe("is repeated", () => {
    for (const [name, fault, first] of [
      ["a dropped connection", { kind: "reset" }, "ECONNRESET"],
      ["an answer that is cut", { kind: "truncated" }, "ECONNRESET"],
      ["502", { kind: "status", status: 502 }, 502],
      ["503", { kind: "html", status: 503 }, 503],
      ["504", { kind: "status", status: 504 }, 504],
    ] as const) {
      it(`after ${name}, twice at most, after growing pauses`, async () => {
        stage.bitbucket.faults.add({ ...fault, times: 2 });
        const answer = await stage.createSend()(stage.request());
        assert.equal(answer.status, 200);
        assert.deepEqual(statuses(), [first, first, 200]);
        assert.deepEqual(stage.pausesMs, [150, 300]);
        assert.deepEqual(
          stage.traces.map(({ againInMs }) => againInMs),
          [150, 300, undefined],
        );
      });
    }

    it("no third time, and then the failure is told", async () => {
      stage.bitbucket.faults.add({ kind: "status", status: 503 });
      assert.equal((await stage.createSend()(stage.request())).status, 503);
      assert.equal(stage.bitbucket.requests.length, 3);
      stage.reset();
      stage.bitbucket.faults.add({ kind: "reset" });
      await failure(stage.createSend()(stage.request()), "Offline");
      assert.equal(stage.bitbucket.requests.length, 3);
    });

    for (const [name, seconds, pausesMs] of [
      ["when Bitbucket says so", 3, [3150]],
      ["not where Bitbucket wants a longer wait than a person has", 6, []],
    ] as const) {
      it(`at a rate limit ${name}`, async () => {
        stage.bitbucket.faults.add({ kind: "rateLimit", retryAfter: seconds, times: 1 });
        const answer = await stage.createSend()(stage.request());
        assert.equal(answer.status, pausesMs.length > 0 ? 200 : 429);
        assert.deepEqual(stage.pausesMs, pausesMs);
      });
    }

    it("once only at a rate limit", async () => {
      stage.bitbucket.faults.add({ kind: "rateLimit", retryAfter: 1 });
      assert.equal((await stage.createSend()(stage.request())).status, 429);
      assert.deepEqual(stage.pausesMs, [1150]);
    });

    it("after an outage when Bitbucket says so, in seconds or as a date", async () => {
      const date = new Date();
      const inTwoSeconds = new Date(date.getTime() + 2_000).toUTCString();
      for (const retryAfter of ["2", inTwoSeconds]) {
        const headers = { "retry-after": retryAfter, date: date.toUTCString() };
        stage.bitbucket.faults.add({ kind: "status", status: 503, headers, times: 1 });
        await stage.createSend()(stage.request());
      }
      assert.deepEqual(stage.pausesMs, [2150, 2150]);
    });

    it("at the pace of Node's own clock", async () => {
      stage.bitbucket.faults.add({ kind: "status", status: 503, times: 1 });
      const startedAt = performance.now();
      await createSend((trace) => stage.traces.push(trace))(stage.request());
      const pauseMs = stage.traces[0]?.againInMs ?? Infinity;
      assert.ok(pauseMs >= 0 && pauseMs < 300, `${pauseMs} ms`);
      assert.ok(performance.now() - startedAt >= pauseMs - 2);
    });
  });

  describe("is not repeated", () => {
    for (const [name, fault] of [
      ["after 400", { kind: "status", status: 400 }],
      ["after 401", { kind: "status", status: 401 }],
      ["after 500, which may have done something", { kind: "status", status: 500 }],
      ["at a rate limit without a time", { kind: "rateLimit", retryAfter: null }],
    ] satisfies [string, FaultKind][]) {
      it(name, async () => {
        stage.bitbucket.faults.add(fault);
        await stage.createSend()(stage.request());
        assert.equal(stage.bitbucket.requests.length, 1);
      });
    }

    it("where something was posted", async () => {
      for (const fault of [{ kind: "reset" }, { kind: "status", status: 503 }] as const) {
        stage.bitbucket.faults.add({ ...fault, times: 1 });
        await stage
          .createSend()(stage.request({ body: "{}" }))
          .catch(() => undefined);
      }
      assert.deepEqual(
        stage.traces.map(({ method, status }) => [method, status]),
        [
          ["POST", "ECONNRESET"],
          ["POST", 503],
        ],
      );
    });

    it("where no name or port answers", async () => {
      const url = "http://127.0.0.1:1/2.0/repositories/acme/payments";
      await failure(stage.createSend()(stage.request({ url })), "Offline");
      assert.deepEqual(statuses(), ["ECONNREFUSED"]);
    });

    it("after our own time limit, which the person is told of", async () => {
      stage.bitbucket.faults.add({ kind: "slowBody", delayMs: Infinity });
      const error = await failure(stage.createSend({ timeoutMs: 150 })(stage.request()), "Offline");
      assert.match(error.message, /didn't answer in time/);
      assert.deepEqual(statuses(), ["timeout"]);
    });
  });

  describe("ends with its operation", () => {
    it("where its own time limit is longer", async () => {
      stage.bitbucket.faults.add({ kind: "slowHeaders", delayMs: Infinity });
      const startedAt = performance.now();
      await failure(withDeadline(stage.createSend(), 150)(stage.request()), "Offline");
      assert.ok(performance.now() - startedAt < 3_000);
      assert.equal(stage.bitbucket.requests.length, 1);
    });

    it("and is not sent again where the time left is too short for an answer", async () => {
      stage.bitbucket.faults.add({ kind: "reset" });
      await failure(withDeadline(stage.createSend(), 900)(stage.request()), "Offline");
      assert.equal(stage.bitbucket.requests.length, 1);
    });

    it("and never starts after it", async () => {
      const send = withDeadline(stage.createSend(), 20);
      await delay(30);
      await failure(send(stage.request({ body: "{}" })), "Offline");
      assert.equal(stage.bitbucket.requests.length, 0);
    });

    it("and not with a longer one within it", async () => {
      stage.bitbucket.faults.add({ kind: "slowHeaders", delayMs: Infinity });
      const startedAt = performance.now();
      await failure(withDeadline(withDeadline(stage.createSend(), 60_000), 100)(stage.request()), "Offline");
      assert.ok(performance.now() - startedAt < 3_000);
    });
  });

  describe("ends at once when it is aborted", () => {
    it("while it waits for an answer", async () => {
      stage.bitbucket.faults.add({ kind: "slowHeaders", delayMs: Infinity });
      const abort = new AbortController();
      const running = stage.createSend()(stage.request({ signal: abort.signal }));
      await delay(30);
      abort.abort();
      await assert.rejects(running, { name: "AbortError" });
      assert.deepEqual(stage.traces, []);
    });

    it("while it waits to be repeated", async () => {
      stage.bitbucket.faults.add({ kind: "rateLimit", retryAfter: 4 });
      const abort = new AbortController();
      const trace = () => {
        abort.abort(); // the answer is there, and the wait begins
      };
      const startedAt = performance.now();
      const running = createSend(trace)(stage.request({ signal: abort.signal }));
      await assert.rejects(running, { name: "AbortError" });
      assert.ok(performance.now() - startedAt < 2_000);
      assert.equal(stage.bitbucket.requests.length, 1);
    });

    it("before it starts", async () => {
      const running = stage.createSend()(stage.request({ signal: AbortSignal.abort() }));
      await assert.rejects(running, { name: "AbortError" });
      assert.equal(stage.bitbucket.requests.length, 0);
    });
  });

  describe("follows a redirect", () => {
    it("to the same origin, three times at most", async () => {
      stage.bitbucket.faults.add({ kind: "redirect", location: stage.url, times: 3 });
      assert.equal((await stage.createSend()(stage.request())).status, 200);
      assert.equal(stage.bitbucket.requests.length, 4);
      stage.reset();
      stage.bitbucket.faults.add({ kind: "redirect", location: "payments" });
      const error = await failure(stage.createSend()(stage.request()), "BadAnswer");
      assert.match(error.message, /redirects endlessly/);
      assert.equal(stage.bitbucket.requests.length, 4);
      assert.deepEqual(statuses(), ["BadAnswer"]);
    });

    it("never to another origin: the token stays", async () => {
      const other = await HttpStage.open();
      const port = new URL(stage.url).port;
      for (const location of [other.url, `http://localhost:${port}/2.0/user`, "//evil.example/2.0/user"]) {
        stage.bitbucket.faults.add({ kind: "redirect", location, times: 1 });
        const error = await failure(stage.createSend()(stage.request()), "BadAnswer");
        assert.match(error.message, /must not receive your token/);
      }
      assert.deepEqual(other.bitbucket.requests, []);
      assert.equal(stage.bitbucket.requests.length, 3);
      await other.bitbucket.close();
    });

    it("not for what is posted, nor to what is no address", async () => {
      stage.bitbucket.faults.add({ kind: "redirect", location: stage.url, times: 1 });
      assert.equal((await stage.createSend()(stage.request({ body: "{}" }))).status, 302);
      stage.bitbucket.faults.add({ kind: "redirect", location: "http://", times: 1 });
      assert.equal((await stage.createSend()(stage.request())).status, 302);
      assert.equal(stage.bitbucket.requests.length, 2);
    });

    it("not where there is none", async () => {
      stage.bitbucket.faults.add({ kind: "status", status: 304, times: 1 });
      assert.equal((await stage.createSend()(stage.request())).status, 304);
    });
  });

  describe("reads no more than 5 MB", () => {
    it("also where little comes and much unpacks from it", async () => {
      stage.bitbucket.faults.add({ kind: "gzipBomb" });
      const error = await failure(stage.createSend()(stage.request()), "BadAnswer");
      assert.match(error.message, /too large, so it wasn't read/);
    });

    it("unless more is allowed", async () => {
      stage.bitbucket.faults.add({ kind: "gzipBomb", bytes: 6_000_000 });
      const answer = await stage.createSend()(stage.request({ limitBytes: 7_000_000 }));
      assert.equal(answer.body.length, 6_000_000);
    });
  });

  it("takes no token over plain http to another machine", async () => {
    const url = "http://bitbucket.example/2.0/user";
    await assert.rejects(stage.createSend()(stage.request({ url })), /refused to send a token/);
    assert.deepEqual(stage.traces, []);
  });

  it("tells the log of method, host, path, status and time, of no query", async () => {
    await stage.createSend()(stage.request({ url: `${stage.url}?fields=full_name` }));
    const [trace] = stage.traces;
    assert.ok((trace?.elapsedMs ?? -1) >= 0);
    assert.deepEqual(trace, {
      method: "GET",
      host: new URL(stage.url).host,
      path: "/2.0/repositories/acme/payments",
      status: 200,
      elapsedMs: trace?.elapsedMs,
    });
  });
});

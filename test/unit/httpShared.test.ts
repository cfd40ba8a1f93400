import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { withDeadline } from "../../src/bitbucket/deadline";
import type { HttpRequest } from "../../src/bitbucket/http";
import { failure, HttpStage } from "./support/httpStage";

describe("equal requests at the same time", () => {
  let stage: HttpStage;

  before(async () => {
    stage = await HttpStage.open();
  });
  afterEach(() => {
    stage.reset();
  });
  after(() => stage.bitbucket.close());

  it("are one, and all get its answer", async () => {
    const send = stage.createSend();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(stage.request())));
    assert.equal(stage.bitbucket.requests.length, 1);
    assert.equal(stage.traces.length, 1);
    assert.equal(new Set(answers.map(({ body }) => body)).size, 1);
    await send(stage.request());
    assert.equal(stage.bitbucket.requests.length, 2, "a later one is asked again");
  });

  it("are one also where it fails", async () => {
    stage.bitbucket.faults.add({ kind: "status", status: 401 });
    const send = stage.createSend();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(stage.request())));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [401]);
    assert.equal(stage.bitbucket.requests.length, 1);
  });

  it("are several where anything differs, or something is posted", async () => {
    const send = stage.createSend();
    const changes: Partial<HttpRequest>[] = [
      {},
      { url: `${stage.url}?fields=full_name` },
      { authorization: "Bearer another" },
      { accept: "*/*" },
      { gitProtocol: "version=2" },
      { limitBytes: 1_000_000 },
      { body: "{}" },
      { body: "{}" },
    ];
    await Promise.all(changes.map((change) => send(stage.request(change))));
    assert.equal(stage.bitbucket.requests.length, 8);
  });

  it("go on for the others when one is aborted", async () => {
    stage.bitbucket.latencyMs = 100;
    const send = stage.createSend();
    const abort = new AbortController();
    const first = send(stage.request({ signal: abort.signal }));
    const others = Array.from({ length: 9 }, () =>
      send(stage.request({ signal: new AbortController().signal })),
    );
    abort.abort(new Error("not me"));
    await assert.rejects(first, /not me/);
    assert.deepEqual(
      (await Promise.all(others)).map(({ status }) => status),
      Array.from({ length: 9 }, () => 200),
    );
    assert.equal(stage.bitbucket.requests.length, 1);
  });

  it("end on the wire when the last is aborted, and the next begins anew", async () => {
    stage.bitbucket.faults.add({ kind: "slowHeaders", delayMs: Infinity, times: 1 });
    const send = stage.createSend();
    const aborts = [new AbortController(), new AbortController()];
    const running = aborts.map(({ signal }) => send(stage.request({ signal })));
    await delay(50);
    for (const abort of aborts) abort.abort();
    for (const one of running) await assert.rejects(one, { name: "AbortError" });
    assert.equal((await send(stage.request())).status, 200);
    await delay(20);
    assert.notEqual(stage.bitbucket.requests[0]?.elapsedMs, undefined, "the connection is still open");
  });

  it("are several where one may go on for longer than another has time", async () => {
    stage.bitbucket.faults.add({ kind: "slowHeaders", delayMs: Infinity });
    const send = stage.createSend({ timeoutMs: 400 });
    const long = send(stage.request());
    const startedAt = performance.now();
    await failure(withDeadline(send, 100)(stage.request()), "Offline");
    assert.ok(performance.now() - startedAt < 350);
    await failure(long, "Offline");
    assert.equal(stage.bitbucket.requests.length, 2);
  });
});

import assert from "node:assert/strict";
import { tryGit } from "./realGit";
import { at } from "./wireValues";
import { bearer, useBitbucket } from "./testBed";

describe("the embedded Bitbucket's faults", () => {
  const bed = useBitbucket();

  const path = "/repositories/acme/api";

  beforeEach(() => {
    bed.bitbucket.addRepository("acme/api");
  });

  it("answers with a status as often as told, in each door's own manner", async () => {
    bed.bitbucket.faults.add({ kind: "status", status: 502, times: 1 });
    const token = bed.writer("acme/api");
    const { status, body } = await bed.rest(path, bearer(token));
    assert.equal(status, 502);
    assert.equal(at(body, "type"), "error");
    assert.equal((await bed.rest(path, bearer(token))).status, 200);
    bed.bitbucket.faults.add({ kind: "status", status: 503, match: { path: /info\/refs$/ } });
    assert.match(
      (await tryGit(bed.work, ["clone", bed.withUser("x-token-auth", token), "x"])).stderr,
      /error: 503/,
    );
  });

  it("is limited in rate, with and without Retry-After", async () => {
    const forget = bed.bitbucket.faults.add({ kind: "rateLimit", retryAfter: 7 });
    const limited = await bed.rest(path);
    assert.deepEqual([limited.status, limited.headers.get("retry-after")], [429, "7"]);
    forget();
    bed.bitbucket.faults.add({ kind: "rateLimit", retryAfter: null });
    assert.equal((await bed.rest(path)).headers.get("retry-after"), null);
  });

  it("answers HTML, nothing, half a JSON text and redirects", async () => {
    const get = async () => fetch(bed.bitbucket.apiUrl + path, { redirect: "manual" });
    bed.bitbucket.faults.add({ kind: "html", status: 200, times: 1 });
    assert.match(await (await get()).text(), /<h1>/);
    bed.bitbucket.faults.add({ kind: "empty", times: 1 });
    assert.equal(await (await get()).text(), "");
    bed.bitbucket.faults.add({ kind: "badJson", times: 1 });
    await assert.rejects((await get()).json(), SyntaxError);
    bed.bitbucket.faults.add({ kind: "redirect", location: "https://evil.example/x", times: 1 });
    assert.equal((await get()).headers.get("location"), "https://evil.example/x");
  });

  it("cuts the answer short and resets connections", async () => {
    bed.bitbucket.faults.add({ kind: "truncated", times: 1 });
    const cut = await fetch(bed.bitbucket.apiUrl + path);
    await assert.rejects(cut.text());
    bed.bitbucket.faults.add({ kind: "reset", times: 1 });
    const error: unknown = await fetch(bed.bitbucket.apiUrl + path).catch((reason: unknown) => reason);
    assert.equal(at(error, "cause", "code"), "ECONNRESET");
  });

  it("delays headers and bodies, and never answers when told so", async () => {
    bed.bitbucket.faults.add({ kind: "slowHeaders", delayMs: 150, times: 1 });
    const startedAt = performance.now();
    assert.equal((await bed.rest(path)).status, 404);
    assert.ok(performance.now() - startedAt >= 140);
    bed.bitbucket.faults.add({ kind: "slowBody", delayMs: 150, times: 1 });
    const begunAt = performance.now();
    const answer = await fetch(bed.bitbucket.apiUrl + path);
    const headersMs = performance.now() - begunAt;
    await answer.text();
    assert.ok(performance.now() - begunAt - headersMs >= 100);
    bed.bitbucket.faults.add({ kind: "slowHeaders", delayMs: Infinity });
    await assert.rejects(fetch(bed.bitbucket.apiUrl + path, { signal: AbortSignal.timeout(100) }), /timeout/);
  });

  it("sends a small body that unpacks to a large one", async () => {
    bed.bitbucket.faults.add({ kind: "gzipBomb", bytes: 5_000_000, times: 1 });
    const answer = await fetch(bed.bitbucket.apiUrl + path);
    assert.equal((await answer.arrayBuffer()).byteLength, 5_000_000);
  });

  it("breaks only what matches", async () => {
    const token = bed.writer("acme/api");
    bed.bitbucket.faults.add({ kind: "status", status: 500, match: { path: /\/user$/ } });
    bed.bitbucket.faults.add({ kind: "status", status: 500, match: { method: "POST" } });
    bed.bitbucket.faults.add({
      kind: "status",
      status: 500,
      match: (request) => request.token === "another",
    });
    assert.equal((await bed.rest(path, bearer(token))).status, 200);
    assert.equal((await bed.rest("/user", bearer(token))).status, 500);
    bed.bitbucket.faults.clear();
    assert.equal((await bed.rest("/user", bearer(token))).status, 401);
  });
});

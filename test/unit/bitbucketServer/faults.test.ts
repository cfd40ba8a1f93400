import assert from "node:assert/strict";
import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import type { Fault } from "../../bitbucket/wire/faults";
import type { OddJson } from "../../bitbucket/wire/oddJson";
import { commit, git, tryGit } from "./realGit";
import { at, values } from "./wireValues";
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

  /** At REST and at git's door. `fetch` makes an error of its own of some statuses. */
  async function answers(fault: Fault) {
    const [rest, gitDoor] = await Promise.all([
      fetchRaw(fault),
      fetchRaw(fault, "/acme/api.git/info/refs?service=git-upload-pack"),
    ]);
    return { rest, gitDoor };
  }

  /** What one connection carries, byte for byte, until it closes. */
  async function fetchRaw(fault: Fault, target = `/2.0${path}`) {
    const remove = bed.bitbucket.faults.add({
      ...fault,
      match: { path: new RegExp(`^${target.split("?")[0]}$`) },
    });
    const socket = connect(Number(new URL(bed.bitbucket.webUrl).port), "127.0.0.1");
    socket.write(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    let error = "";
    socket.on("error", (reason: NodeJS.ErrnoException) => (error = reason.code ?? ""));
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    await new Promise((resolve) => socket.once("close", resolve));
    remove();
    const all = Buffer.concat(chunks);
    const end = all.indexOf("\r\n\r\n");
    const head = all.subarray(0, end).toString();
    const status = Number(/^HTTP\/1.1 (\d+)/.exec(head)?.[1]);
    const type = /^content-type: ([^;\r]+)/im.exec(head)?.[1];
    return { status, type, head, body: all.subarray(end + 4), all, error, pieces: chunks.length };
  }

  it("has Bitbucket's own words for every status from 400 to 599", async () => {
    for (let status = 400; status < 600; status++) {
      const { rest, gitDoor } = await answers({ kind: "status", status });
      assert.deepEqual([rest.status, rest.type], [status, "application/json"]);
      const { error } = JSON.parse(rest.body.toString()) as { error: { message: string } };
      assert.ok(error.message.length > 3);
      assert.deepEqual([gitDoor.status, gitDoor.type], [status, "text/plain"]);
      assert.ok(gitDoor.body.length > 3);
    }
    const lacking = toJson((await fetchRaw({ kind: "status", status: 403 })).body);
    assert.deepEqual(at(lacking, "error", "detail", "required"), ["repository"]);
    assert.match((await fetchRaw({ kind: "status", status: 410 })).body.toString(), /CHANGE-2770/);
  });

  it("turns away who comes from an address that is not on the allow-list", async () => {
    const { rest, gitDoor } = await answers({ kind: "allowList" });
    const words = "To access this repository, an admin must whitelist your IP.";
    assert.deepEqual([rest.status, at(toJson(rest.body), "error", "message")], [403, words]);
    assert.deepEqual([gitDoor.status, gitDoor.body.toString()], [403, words]);
  });

  it("puts a proxy's page, a captive portal's or an outage's in the answer's place", async () => {
    for (const status of [200, 407, 502, 503, 511]) {
      const { rest, gitDoor } = await answers({ kind: "html", status });
      assert.deepEqual([rest.status, rest.type, gitDoor.status], [status, "text/html", status]);
      assert.match(rest.body.toString(), /<h1>/);
      assert.equal(/^proxy-authenticate:/im.test(rest.head), status === 407);
    }
  });

  it("is limited in rate, with and without Retry-After", async () => {
    const forget = bed.bitbucket.faults.add({ kind: "rateLimit", retryAfter: 7 });
    const limited = await bed.rest(path);
    assert.deepEqual([limited.status, limited.headers.get("retry-after")], [429, "7"]);
    forget();
    bed.bitbucket.faults.add({ kind: "rateLimit", retryAfter: null, times: 1 });
    const { headers } = await bed.rest(path);
    assert.deepEqual([headers.get("retry-after"), headers.get("x-ratelimit-limit")], [null, "1000"]);
    const until = new Date("2027-01-02T03:04:05Z");
    bed.bitbucket.faults.add({ kind: "rateLimit", retryAfter: until });
    const dated = (await bed.rest(path)).headers.get("retry-after");
    assert.equal(dated, "Sat, 02 Jan 2027 03:04:05 GMT");
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

  it("sends a body that can't be unpacked", async () => {
    const { head, body } = await fetchRaw({ kind: "brokenGzip" });
    assert.match(head, /content-encoding: gzip/i);
    assert.throws(() => gunzipSync(body), /incorrect header check/);
  });

  it("leads elsewhere, and in a circle", async () => {
    const follow = () => fetch(bed.bitbucket.apiUrl + path);
    bed.bitbucket.faults.add({ kind: "redirect", location: `${bed.bitbucket.apiUrl}/user`, times: 1 });
    assert.match((await follow()).url, /\/user$/);
    bed.bitbucket.faults.add({ kind: "redirect", location: "?again" });
    const error: unknown = await follow().catch((reason: unknown) => reason);
    assert.match(String(at(error, "cause", "message")), /redirect count exceeded/);
  });

  it("breaks off after exactly so many bytes of the answer, at both doors", async () => {
    bed.bitbucket.addRepository("acme/open", { private: false });
    const targets = [`/2.0${path}`, "/acme/open.git/info/refs?service=git-upload-pack"];
    for (const target of targets) {
      const whole = await fetchRaw({ kind: "clock", offsetMs: 0 }, target);
      assert.equal(whole.error, "");
      for (const afterBytes of [1, 17, whole.all.length - 1]) {
        const cut = await fetchRaw({ kind: "reset", afterBytes }, target);
        // Where the reset comes with the last bytes, Node tells of an end alone.
        assert.match(cut.error, /^(ECONNRESET)?$/);
        assert.equal(cut.all.length, afterBytes);
      }
    }
  });

  it("resets in the midst of what git uploads and downloads", async () => {
    const token = bed.writer("acme/api");
    const dir = await bed.clone(bed.withUser("x-token-auth", token), "mine");
    await commit(dir, "one");
    for (const service of ["receive-pack", "upload-pack"]) {
      const match = { path: new RegExp(`/git-${service}$`) };
      const remove = bed.bitbucket.faults.add({ kind: "reset", afterBytes: 200, match });
      const args = service === "receive-pack" ? ["push", "origin", "main"] : ["clone", ".", "../theirs"];
      const url = bed.withUser("x-token-auth", token);
      const { code, stderr } = await tryGit(
        dir,
        args.map((one) => (one === "." ? url : one)),
      );
      assert.equal(code, 1);
      assert.match(stderr, /RPC failed|hung up|early EOF|unexpected disconnect/);
      remove();
      await git(dir, "push", "-q", "origin", "main");
    }
  });

  it("lets the answer out one byte at a time", async () => {
    const { all, pieces } = await fetchRaw({ kind: "drip", everyMs: 1 });
    assert.match(all.toString(), /^HTTP\/1\.1 404 [^]*\}$/);
    assert.ok(pieces > all.length / 4, "some bytes come together on a busy machine");
  });

  it("dates its answers by a clock that is off", async () => {
    bed.bitbucket.faults.add({ kind: "clock", offsetMs: -3_600_000 });
    const { headers } = await bed.rest(path);
    const offMs = Date.now() - Date.parse(headers.get("date") ?? "");
    assert.ok(Math.abs(offMs - 3_600_000) < 5000, String(offMs));
  });

  async function odd(how: OddJson, of = path): Promise<string> {
    const remove = bed.bitbucket.faults.add({ kind: "oddJson", how });
    const authorization = bearer(
      bed.bitbucket.addToken({
        kind: "workspace",
        workspace: "acme",
        name: `${how} ${of}`,
        scopes: ["repository"],
      }),
    );
    const answer = await fetch(bed.bitbucket.apiUrl + of, { headers: { authorization } });
    remove();
    assert.equal(answer.status, 200);
    return Buffer.from(await answer.arrayBuffer()).toString();
  }

  it("answers with JSON that is valid and odd", async () => {
    assert.equal(at(JSON.parse(await odd("missingFields")), "full_name"), undefined);
    assert.equal(at(JSON.parse(await odd("wrongTypes")), "full_name"), "acme/api".length);
    assert.equal(at(JSON.parse(await odd("nullFields")), "full_name"), null);
    assert.equal(JSON.parse(await odd("null")), null);
    assert.equal(typeof JSON.parse(await odd("aText")), "string");
    assert.ok(values(JSON.parse(await odd("hugeArray", "/repositories/acme"))).length > 1000);
    assert.ok((await odd("hugeArray")).length > 2_000_000);
    assert.ok((await odd("byteOrderMark")).startsWith("\ufeff{"));
    assert.match(await odd("deepNesting"), /\[{50000}\]{50000}\}$/);
  });

  function toJson(body: Buffer): unknown {
    return JSON.parse(body.toString());
  }

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

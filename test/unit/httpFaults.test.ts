import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { faultOf, toNetworkError, type NetworkFaultKind } from "../../src/bitbucket/networkFault";
import { UserError, type ErrorKind } from "../../src/errors";
import { makeCertificate, type CertificateOptions } from "../bitbucket/certificates";
import { startBitbucket } from "../bitbucket/startBitbucket";
import { failure, HttpStage } from "./support/httpStage";

describe("what is told of a network that fails", () => {
  let stage: HttpStage;

  before(async () => {
    stage = await HttpStage.open();
  });
  afterEach(() => {
    stage.reset();
  });
  after(() => stage.bitbucket.close());

  async function assertFault(url: string, kind: NetworkFaultKind, code: string, words: RegExp) {
    const error = await failure(stage.createSend()(stage.request({ url })), "Offline");
    assert.match(error.message, words);
    const fault = faultOf(error);
    assert.deepEqual([fault?.kind, fault?.code], [kind, code]);
    assert.ok(!`${error.stack ?? ""}${String(fault?.stack)}`.includes(stage.secret));
    return error;
  }

  for (const [name, options, kind, code, words] of [
    [
      "a private authority",
      { hosts: ["localhost"] },
      "certificate",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      /doesn't trust the certificate/,
    ],
    [
      "a certificate that has run out",
      { hosts: ["localhost"], validDays: [-9, -1] },
      "clock",
      "CERT_HAS_EXPIRED",
      /Correct the clock/,
    ],
    [
      "a certificate of tomorrow",
      { hosts: ["localhost"], validDays: [1, 9] },
      "clock",
      "CERT_NOT_YET_VALID",
      /Correct the clock/,
    ],
  ] satisfies [string, CertificateOptions, NetworkFaultKind, string, RegExp][]) {
    it(`${name}: ${code}`, async () => {
      // As OpenSSL judges it: the date of one that signs itself is looked at first.
      const tls = makeCertificate("localhost", options);
      const other = await startBitbucket({ tls, hostName: "localhost" });
      try {
        const error = await assertFault(`${other.apiUrl}/user`, kind, code, words);
        assert.ok(error.message.includes(new URL(other.apiUrl).host));
        assert.deepEqual(other.requests, [], "the token was sent");
      } finally {
        await other.close();
      }
    });
  }

  it("a server without TLS where TLS is due", async () => {
    const url = stage.url.replace("http:", "https:");
    const error = await failure(stage.createSend()(stage.request({ url })), "Offline");
    assert.equal(faultOf(error)?.kind, "encryption");
    assert.match(error.message, /secure connection/);
  });

  it("a name that nobody knows, asked for once", async () => {
    const url = "https://bitbucket.invalid/2.0/user";
    const error = await failure(stage.createSend()(stage.request({ url })), "Offline");
    assert.equal(faultOf(error)?.kind, "connection");
    assert.match(error.message, /Can't reach bitbucket\.invalid \((ENOTFOUND|EAI_AGAIN)\)/);
  });

  it("a server that speaks no HTTP", async () => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.end("SSH-2.0-OpenSSH_9.2\r\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/2.0/user`;
    const error = await failure(stage.createSend()(stage.request({ url })), "BadAnswer");
    assert.equal(faultOf(error)?.kind, "unreadable");
    assert.match(error.message, /Can't read the answer/);
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it("a body that is not what its encoding says", async () => {
    stage.bitbucket.faults.add({
      kind: "status",
      status: 200,
      body: "plain",
      headers: { "content-encoding": "gzip" },
    });
    const error = await failure(stage.createSend()(stage.request()), "BadAnswer");
    assert.match(error.message, /Can't read the answer/);
  });

  for (const [name, thrown, code, kind, faultCode] of [
    [
      "the editor's proxy, which can't be reached",
      new Error(
        "request failed, reason: Failed to establish a socket connection to proxies: PROXY 127.0.0.1:1",
      ),
      "Offline",
      "proxy",
      "proxy",
    ],
    [
      "node-fetch's own word",
      Object.assign(new Error("x"), { type: "system" }),
      "Offline",
      "connection",
      "system",
    ],
    ["an error without a code", new TypeError("x"), "Offline", "connection", "TypeError"],
    ["what is no error", "x", "Offline", "connection", "unknown"],
  ] satisfies [string, unknown, ErrorKind, NetworkFaultKind, string][]) {
    it(name, () => {
      const error = toNetworkError(thrown, "api.bitbucket.org");
      assert.equal(error.code, code);
      assert.deepEqual([faultOf(error)?.kind, faultOf(error)?.code], [kind, faultCode]);
      assert.ok(error.message.includes("api.bitbucket.org"));
    });
  }

  it("leads to the editor's setting that mends it", () => {
    const proxy = toNetworkError(new Error("Failed to establish a socket connection to proxies: "), "host");
    assert.deepEqual(
      proxy.fixes.map((fix) => (fix.kind === "runCommand" ? fix.args : fix.kind)),
      ["retry", ["http.proxy"]],
    );
  });

  it("is nothing where an error has no such cause", () => {
    assert.equal(faultOf(new UserError("BadAnswer", "x")), undefined);
    assert.equal(faultOf("x"), undefined);
  });
});

import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createHash } from "node:crypto";
import {
  CredentialServer,
  keyHeader,
  type CredentialServerOptions,
} from "../../src/credentials/credentialServer";

const asked = "protocol=https\nhost=bitbucket.org\npath=ws/slug.git\n\n";

describe("the credential server", () => {
  let socketsDir: string;
  let server: CredentialServer | undefined;
  beforeEach(() => {
    socketsDir = mkdtempSync(join(tmpdir(), "cs-"));
  });
  afterEach(async () => {
    await server?.dispose();
    rmSync(socketsDir, { recursive: true });
  });

  async function start(changes: Partial<CredentialServerOptions> = {}): Promise<string> {
    server = new CredentialServer({
      socketsDir,
      lookUp: () => Promise.resolve({ username: "u", password: "p" }),
      onErase: () => undefined,
      ...changes,
    });
    await server.start();
    return join(socketsDir, server.entryName ?? "");
  }

  it("answers get with a user name and a password", async () => {
    const socket = await start();
    assert.deepEqual(await post(socket, "/get", asked), { status: 200, body: "username=u\npassword=p\n" });
  });

  it("passes on all that was asked, and what was refused", async () => {
    const calls: unknown[] = [];
    const socket = await start({
      lookUp: (request) => {
        calls.push(request);
        return Promise.resolve(undefined);
      },
      onErase: (refused) => calls.push(refused),
    });
    assert.equal((await post(socket, "/get", `username=someone\n${asked}`)).status, 404);
    assert.equal((await post(socket, "/erase", `username=u\npassword=p\n${asked}`)).status, 204);
    const request = { protocol: "https", host: "bitbucket.org", path: "ws/slug.git" };
    assert.deepEqual(calls, [
      { ...request, username: "someone" },
      { ...request, username: "u", password: "p" },
    ]);
  });

  it("answers as if it knew nothing when the look-up fails, and tells of it", async () => {
    const errors: unknown[] = [];
    const failure = new Error("keyring locked");
    const socket = await start({
      lookUp: () => Promise.reject(failure),
      onError: (error) => errors.push(error),
    });
    assert.deepEqual(await post(socket, "/get", asked), { status: 500, body: "" });
    assert.deepEqual(errors, [failure]);
  });

  it("never answers with a value that would begin another line", async () => {
    const socket = await start({
      lookUp: () => Promise.resolve({ username: "u", password: "p\nhost=evil" }),
    });
    assert.deepEqual(await post(socket, "/get", asked), { status: 404, body: "" });
  });

  it("refuses what git would not send", async () => {
    const socket = await start();
    assert.equal((await post(socket, "/get", "junk")).status, 400);
    assert.equal((await post(socket, "/get", `${asked.trim()}\nx=${"x".repeat(70_000)}\n`)).status, 413);
    assert.equal((await post(socket, "/store", asked)).status, 404);
    assert.equal((await post(socket, "/get", "", { method: "GET" })).status, 405);
  });

  it("listens where this user alone can reach it", async () => {
    const link = await start();
    const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);
    const socket = readlinkSync(link);
    assert.deepEqual([socketsDir, dirname(socket), socket].map(mode), ["700", "700", "600"]);
    assert.ok(Buffer.byteLength(socket) <= 103);
  });

  it("prefers the user's runtime folder, unless its path is too long or it can't be used", async () => {
    const known = process.env["XDG_RUNTIME_DIR"];
    try {
      process.env["XDG_RUNTIME_DIR"] = socketsDir;
      assert.ok(readlinkSync(await start()).startsWith(socketsDir));
      await server?.dispose();
      const long = join(socketsDir, "x".repeat(90));
      mkdirSync(long);
      for (const unusable of [long, "/nowhere"]) {
        process.env["XDG_RUNTIME_DIR"] = unusable;
        assert.ok(!readlinkSync(await start()).startsWith(unusable));
        await server?.dispose();
      }
    } finally {
      if (known === undefined) delete process.env["XDG_RUNTIME_DIR"];
      else process.env["XDG_RUNTIME_DIR"] = known;
    }
  });

  it("leaves nothing behind", async () => {
    const runtimeDir = dirname(readlinkSync(await start()));
    await server?.dispose();
    assert.deepEqual(readdirSync(socketsDir), []);
    assert.ok(!existsSync(runtimeDir));
  });

  it("clears what killed windows of this machine left, and nothing else", async () => {
    const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
    const deadPid = "4194304";
    const runtimeDir = mkdtempSync(join(tmpdir(), "bitbucket-connect-"));
    const foreignDir = mkdtempSync(join(tmpdir(), "somebody-"));
    const entries = {
      dead: `${deadPid}-${machine}-01.sock`,
      deadPipe: `${deadPid}-${machine}-02.pipe`,
      deadElsewhere: `${deadPid}-${machine}-03.sock`,
      alive: `${process.pid}-${machine}-04.sock`,
      otherMachine: `${deadPid}-00000000-05.sock`,
    };
    symlinkSync(join(runtimeDir, "git"), join(socketsDir, entries.dead));
    symlinkSync(join(foreignDir, "git"), join(socketsDir, entries.deadElsewhere));
    for (const name of [entries.deadPipe, entries.alive, entries.otherMachine])
      writeFileSync(join(socketsDir, name), "");
    await start();
    const left = readdirSync(socketsDir).filter((name) => name !== server?.entryName);
    assert.deepEqual(left.sort(), [entries.otherMachine, entries.alive].sort());
    assert.ok(!existsSync(runtimeDir));
    assert.ok(existsSync(foreignDir));
    rmSync(foreignDir, { recursive: true });
  });

  it("wants the key of its pipe, which only this user can read", async () => {
    const home = process.cwd();
    // On other systems a pipe's name is a plain file's, in the working folder.
    process.chdir(socketsDir);
    try {
      const entry = await start({ isWindows: true });
      assert.equal(statSync(entry).mode & 0o777, 0o600);
      const [pipe = "", key = ""] = readFileSync(entry, "utf8").split("\n");
      assert.match(pipe, /^\\\\\.\\pipe\\bitbucket-connect-[0-9a-f]{32}$/);
      assert.equal((await post(pipe, "/get", asked)).status, 403);
      assert.equal(
        (await post(pipe, "/get", asked, { headers: { [keyHeader]: key.replace(/./g, "0") } })).status,
        403,
      );
      assert.equal((await post(pipe, "/get", asked, { headers: { [keyHeader]: key } })).status, 200);
    } finally {
      process.chdir(home);
    }
  });

  it("still answers after ten thousand junk requests, its memory flat", async function () {
    this.timeout(60_000);
    const socket = await start();
    const junk = [
      "\0\x01\x02",
      "GET / HTTP/1.1\r\n\r\n",
      `POST /get HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n`,
    ];
    const flood = async (count: number) => {
      for (let sent = 0; sent < count; sent += 100) {
        await Promise.all(
          Array.from({ length: 100 }, (_, i) => sendRaw(socket, junk[i % 3] ?? "", i % 2 === 0)),
        );
      }
    };
    await flood(2000);
    const before = await heapMegabytes();
    await flood(10_000);
    assert.equal((await post(socket, "/get", asked)).status, 200);
    const grown = (await heapMegabytes()) - before;
    console.log(`      heap after 10,000 junk requests: ${grown.toFixed(2)} MB more`);
    assert.ok(grown < 5, `${grown.toFixed(1)} MB more`);
  });

  it("answers beside connections that say nothing", async () => {
    const socket = await start();
    const silent = Array.from({ length: 200 }, () => connect(socket));
    assert.equal((await post(socket, "/get", asked)).status, 200);
    for (const one of silent) one.destroy();
  });
});

interface Posted {
  readonly status: number | undefined;
  readonly body: string;
}

function post(
  socketPath: string,
  path: string,
  body: string,
  options: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const sent = request({ method: "POST", ...options, socketPath, path, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        resolve({ status: response.statusCode, body: text });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Some wait for an answer, others go away at once. */
function sendRaw(socketPath: string, text: string, waits: boolean): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => {
      if (waits) socket.end(text);
      else socket.write(text, () => socket.destroy());
    });
    socket.resume();
    socket.on("error", () => undefined);
    socket.on("close", () => {
      resolve();
    });
  });
}

async function heapMegabytes(): Promise<number> {
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

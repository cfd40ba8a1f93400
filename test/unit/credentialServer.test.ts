import assert from "node:assert/strict";
import {
  chownSync,
  existsSync,
  lutimesSync,
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

const thisMachine = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
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
    return join(socketsDir, server.entryName ?? "", changes.isWindows ? "" : "git");
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
    const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);
    const socket = join(readlinkSync(dirname(await start())), "git");
    assert.deepEqual([socketsDir, dirname(socket), socket].map(mode), ["700", "700", "600"]);
    assert.ok(Buffer.byteLength(socket) <= 103);
  });

  it("prefers the user's runtime folder, unless its path is too long or it can't be used", async () => {
    const known = process.env["XDG_RUNTIME_DIR"];
    try {
      process.env["XDG_RUNTIME_DIR"] = socketsDir;
      assert.ok(readlinkSync(dirname(await start())).startsWith(socketsDir));
      await server?.dispose();
      const long = join(socketsDir, "x".repeat(90));
      mkdirSync(long);
      for (const unusable of [long, "/nowhere"]) {
        process.env["XDG_RUNTIME_DIR"] = unusable;
        assert.ok(!readlinkSync(dirname(await start())).startsWith(unusable));
        await server?.dispose();
      }
    } finally {
      if (known === undefined) delete process.env["XDG_RUNTIME_DIR"];
      else process.env["XDG_RUNTIME_DIR"] = known;
    }
  });

  it("leaves nothing behind", async () => {
    const runtimeDir = readlinkSync(dirname(await start()));
    await server?.dispose();
    assert.deepEqual(readdirSync(socketsDir), []);
    assert.ok(!existsSync(runtimeDir));
  });

  it("listens anew where its folder or its entry is gone", async () => {
    const runtimeDir = readlinkSync(dirname(await start()));
    const entry = () => join(socketsDir, server?.entryName ?? "");
    for (const gone of [() => runtimeDir, entry, () => socketsDir]) {
      rmSync(gone(), { recursive: true });
      await server?.refresh();
      const socket = join(socketsDir, server?.entryName ?? "", "git");
      assert.equal((await post(socket, "/get", asked)).status, 200);
      assert.equal(readdirSync(socketsDir).length, 1);
    }
    const { entryName } = server ?? {};
    await server?.refresh();
    assert.equal(server?.entryName, entryName);
  });

  describe("of what other windows left", () => {
    const deadPid = 4194304;
    let made: string[];
    beforeEach(() => {
      made = [];
    });
    afterEach(() => {
      for (const folder of made) rmSync(folder, { recursive: true, force: true });
    });

    function makeFolder(prefix = "bitbucket-connect-"): string {
      const folder = mkdtempSync(join(tmpdir(), prefix));
      made.push(folder);
      return folder;
    }

    let count = 0;
    /** A window's entry: a link to this folder, or a pipe's file. Its name. */
    function leave(pid: number, folder?: string, machine = thisMachine): string {
      count += 1;
      const name = `${pid}-${machine}-0${count}.${folder === undefined ? "pipe" : "sock"}`;
      if (folder === undefined) writeFileSync(join(socketsDir, name), "");
      else symlinkSync(folder, join(socketsDir, name));
      return name;
    }

    async function leftAfterStart(): Promise<readonly string[]> {
      await start();
      return readdirSync(socketsDir).filter((name) => name !== server?.entryName);
    }

    it("clears what is of killed windows of this machine, and nothing else", async () => {
      const [dead, elsewhere] = [makeFolder(), makeFolder("somebody-")];
      for (const folder of [dead, elsewhere, undefined]) leave(deadPid, folder);
      const kept = [
        leave(process.pid),
        leave(process.pid, makeFolder()),
        leave(deadPid, makeFolder(), "0".repeat(8)),
      ];
      assert.deepEqual([...(await leftAfterStart())].sort(), kept.sort());
      assert.deepEqual(
        made.filter((folder) => !existsSync(folder)),
        [dead],
      );
    });

    it("leaves what a container of this name left, whose processes can't be seen from here, for a day", async () => {
      const [fresh, old] = [makeFolder(), makeFolder()];
      const kept = leave(deadPid, fresh, `${thisMachine}-${"0".repeat(8)}`);
      const gone = leave(deadPid, old, `${thisMachine}-${"0".repeat(8)}`);
      const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
      lutimesSync(join(socketsDir, gone), twoDaysAgo, twoDaysAgo);
      assert.deepEqual(await leftAfterStart(), [kept]);
    });

    it("clears the link of one whose process number another has now", async () => {
      leave(process.pid, "/tmp/bitbucket-connect-gone00");
      assert.deepEqual(await leftAfterStart(), []);
    });

    it("leaves another user's folder of that name as it is, and clears the link to it", async function () {
      if (process.getuid?.() !== 0) return this.skip(); // root alone can make what is another user's
      const theirs = makeFolder();
      chownSync(theirs, 65534, 65534);
      leave(deadPid, theirs);
      leave(process.pid, theirs);
      assert.deepEqual(await leftAfterStart(), []);
      assert.ok(existsSync(theirs));
    });

    it("goes by no link that stands where a folder was", async () => {
      const mine = makeFolder();
      const link = join(makeFolder(), "bitbucket-connect-link00");
      symlinkSync(mine, link);
      leave(deadPid, link);
      assert.deepEqual(await leftAfterStart(), []);
      assert.ok(existsSync(mine) && existsSync(link));
    });

    it("starts though something of it can't be cleared", async () => {
      const name = leave(deadPid);
      rmSync(join(socketsDir, name));
      mkdirSync(join(socketsDir, name));
      assert.deepEqual(await leftAfterStart(), [name]);
    });
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

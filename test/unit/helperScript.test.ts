import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { BitbucketSite } from "../../src/bitbucket/site";
import type { GitCredential, RefusedCredential } from "../../src/credentials/credentialProtocol";
import { CredentialServer } from "../../src/credentials/credentialServer";
import { canCurlReach } from "../../src/credentials/curl";
import { helperConfigValue, helperScript } from "../../src/credentials/helperScript";
import { matchRequest } from "../../src/credentials/matchRequest";
import { createGitMachine, run, type GitMachine } from "./support/gitMachine";

const token = "ATCTT3xFfGN0+/secret=0A1B2C3D";
const ourselves = process.getuid?.();
const nobody = 65534;
const promptRefused = /could not read Username.*terminal prompts disabled/;

describe("the credential helper", function () {
  this.timeout(60_000);
  let machine: GitMachine;
  let site: BitbucketSite;
  const windows: CredentialServer[] = [];
  const cleanUps: (() => Promise<unknown>)[] = [];
  const erased: RefusedCredential[] = [];

  before(async () => {
    machine = await createGitMachine();
    site = { webUrl: machine.server.webUrl, apiUrl: machine.server.webUrl };
    machine.server.addRepository("ws/one", token);
    await machine.install();
  });
  after(() => machine.remove());
  afterEach(async () => {
    await Promise.all(windows.splice(0).map((window) => window.dispose()));
    for (const cleanUp of cleanUps.splice(0)) await cleanUp();
    const sockets = join(machine.storageDir, "sockets");
    for (const entry of readdirSync(sockets)) await rm(join(sockets, entry));
    erased.length = 0;
    machine.server.seen.length = 0;
    machine.spied();
  });

  /** A window that knows these tokens. */
  async function openWindow(tokens: ReadonlyMap<string, string>, socketsDir: string) {
    const lookUp = (request: RefusedCredential): Promise<GitCredential | undefined> => {
      const name = matchRequest(request, site);
      const password = name && tokens.get(`${name.workspace}/${name.slug}`);
      return Promise.resolve(password ? { username: "x-token-auth", password } : undefined);
    };
    const window = new CredentialServer({ socketsDir, lookUp, onErase: (refused) => erased.push(refused) });
    await window.start();
    windows.push(window);
    return window;
  }

  const ways = [
    { way: "curl", hasCurl: true },
    { way: "Node", hasCurl: false },
  ];
  for (const { way, hasCurl } of ways) {
    describe(`by ${way}`, () => {
      let configValue: string;
      let socketsDir: string;
      let dir: string;
      before(async () => {
        ({ configValue, socketsDir } = await machine.install({ hasCurl }));
        dir = machine.connect("ws/one", configValue);
      });

      it("gives git the token, and the person's own helper is never called", async () => {
        await openWindow(machine.server.tokens, socketsDir);
        const { code, stderr } = await machine.git(dir, ["fetch", "-q"]);
        assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
        assert.equal(machine.server.seen[0]?.user, "x-token-auth");
        assert.equal(machine.spied(), "");
      });

      it("gives each of twenty repositories its own token, all at once", async () => {
        const names = Array.from({ length: 20 }, (_, i) => `ws/many-${way.toLowerCase()}-${String(i)}`);
        for (const name of names) machine.server.addRepository(name, `token-of-${name}`);
        await openWindow(machine.server.tokens, socketsDir);
        const dirs = names.map((name) => machine.connect(name, configValue));
        const results = await Promise.all(dirs.map((one) => machine.git(one, ["fetch", "-q"])));
        assert.deepEqual(
          results.map(({ code, stderr }) => ({ code, stderr })),
          names.map(() => ({ code: 0, stderr: "" })),
        );
        const wrong = machine.server.seen.filter(
          ({ repository, password }) => password !== `token-of-${repository}`,
        );
        assert.deepEqual(wrong, []);
        assert.equal(new Set(machine.server.seen.map(({ repository }) => repository)).size, 20);
      });

      it("lets any window answer, after those that don't know or are gone", async () => {
        await openWindow(new Map(), socketsDir);
        await leaveStaleSocket(socketsDir);
        await openWindow(machine.server.tokens, socketsDir);
        await openWindow(new Map(), socketsDir);
        const { code, stderr } = await machine.git(dir, ["ls-remote", "origin"]);
        assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      });

      it("lets git go on to its prompt, silently and soon, when no window runs", async () => {
        await assertGoesOn(`no window (${way})`, dir);
      });

      it("lets git go on when the window was killed", async () => {
        await leaveStaleSocket(socketsDir);
        await assertGoesOn(`killed window (${way})`, dir);
      });

      it("waits for a window where the editor's git is ahead of its extensions", async () => {
        for (const env of [{ VSCODE_GIT_COMMAND: "pull" }, { VSCODE_GIT_FETCH_SILENT: "true" }]) {
          await leaveStaleSocket(socketsDir, "4194304-00000000-00.sock");
          const fetched = machine.git(dir, ["fetch", "-q"], env);
          await setTimeout(500);
          const window = await openWindow(machine.server.tokens, socketsDir);
          const { code, stderr } = await fetched;
          assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
          await window.dispose();
        }
      });

      it("tells every window of a refused token, which is never in any argument or variable", async () => {
        const { log, curlDir, execPath } = spyOnPrograms();
        await machine.install({ hasCurl, execPath });
        const known = new Map([["ws/one", "refused+/token=0A1B2C3D"]]);
        await openWindow(known, socketsDir);
        await openWindow(new Map(), socketsDir);
        const env = {
          PATH: `${curlDir}:${machine.env["PATH"] ?? ""}`,
          request: "",
          line: "",
          SHELLOPTS: "allexport",
        };
        const { code, stderr } = await machine.git(dir, ["fetch"], env);
        await machine.install({ hasCurl });
        assert.notEqual(code, 0);
        assert.match(stderr, /Authentication failed/);
        assert.deepEqual(
          erased.map(({ path, password }) => ({ path, password })),
          [0, 1].map(() => ({ path: "ws/one.git", password: "refused+/token=0A1B2C3D" })),
        );
        const witnessed = readFileSync(log, "utf8");
        assert.match(witnessed, /^argv /m);
        assert.doesNotMatch(witnessed, /0A1B2C3D/);
      });

      const others = [
        { what: "a folder and a socket of another user", folder: nobody, socket: nobody },
        { what: "another user's folder, though the socket is one's own", folder: nobody, socket: ourselves },
        { what: "another user's socket in one's own folder", folder: ourselves, socket: nobody },
      ];
      for (const { what, folder, socket } of others) {
        it(`says nothing to ${what}, beside a window or alone`, async function () {
          if (ourselves !== 0) return this.skip(); // root alone can make what is another user's
          const heard = await listenAsAnother(socketsDir, folder, socket);
          const refused = `protocol=http\nhost=${new URL(site.webUrl).host}\npath=ws/one.git\nusername=u\npassword=p\n\n`;
          for (const isAlone of [true, false]) {
            if (!isAlone) await openWindow(machine.server.tokens, socketsDir);
            const { stderr } = await machine.git(dir, ["ls-remote", "origin"]);
            assert.match(stderr, isAlone ? promptRefused : /^$/);
            await run("git", ["credential", "reject"], machine.env, dir, refused);
          }
          assert.deepEqual(
            erased.map(({ password }) => password),
            ["p"],
          );
          assert.deepEqual(heard, []);
        });
      }

      it("keeps nothing of a credential that git wants stored", async () => {
        await openWindow(machine.server.tokens, socketsDir);
        const input = `protocol=http\nhost=${new URL(site.webUrl).host}\npath=ws/one.git\nusername=u\npassword=typed\n\n`;
        const { code, stdout, stderr } = await run("git", ["credential", "approve"], machine.env, dir, input);
        assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "", stderr: "" });
        assert.deepEqual(erased, []);
        assert.equal(machine.spied(), "");
      });

      it("pays no heed to the person's proxies and curl settings", async () => {
        await openWindow(machine.server.tokens, socketsDir);
        const curlrc = join(machine.home, ".curlrc");
        writeFileSync(
          curlrc,
          `verbose\nproxy = "http://127.0.0.1:1"\noutput = "${join(machine.root, "stolen")}"\n`,
        );
        // git itself obeys http_proxy, so the helper is asked through `git credential`.
        const proxies = {
          http_proxy: "http://127.0.0.1:1",
          ALL_PROXY: "http://127.0.0.1:1",
          NODE_OPTIONS: "--bogus",
        };
        const input = `protocol=http\nhost=${new URL(site.webUrl).host}\npath=ws/one.git\n\n`;
        const filled = await run("git", ["credential", "fill"], { ...machine.env, ...proxies }, dir, input);
        await rm(curlrc);
        assert.equal(filled.stderr, "");
        assert.ok(filled.stdout.includes(`password=${token}\n`));
        assert.ok(!readdirSync(machine.root).includes("stolen"));
      });
    });
  }

  it("lets git go on where the script isn't, without breaking its pipe", async () => {
    const dir = machine.connect("ws/elsewhere", helperConfigValue("/nowhere/at all", "linux"));
    await assertGoesOn("no script", dir);
  });

  it("lets git go on when the editor is uninstalled and there is no curl", async () => {
    const { configValue } = await machine.install({ hasCurl: false, execPath: "/nowhere/code" });
    await assertGoesOn("no editor", machine.connect("ws/one", configValue));
  });

  it("turns to Node where the terminal has no curl", async () => {
    const { configValue, socketsDir } = await machine.install();
    await openWindow(machine.server.tokens, socketsDir);
    const dir = machine.connect("ws/one", configValue);
    const bare = machine.addProgram("unused", "");
    for (const name of ["git", "sh", "cat"]) symlinkSync(await which(name), join(bare, name));
    const { code, stderr } = await machine.git(dir, ["ls-remote", "origin"], { PATH: bare });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  });

  it("leaves other repositories and hosts to the person's own helper", async () => {
    const { configValue, socketsDir } = await machine.install();
    await openWindow(machine.server.tokens, socketsDir);
    machine.server.addRepository("ws/other", "another");
    const dir = machine.connect("ws/one", configValue);
    const { stderr } = await machine.git(dir, ["ls-remote", `${site.webUrl}/ws/other.git`]);
    assert.match(stderr, promptRefused);
    assert.match(machine.spied(), /^called\nprotocol=http\nhost=127\.0\.0\.1:\d+\n/);
  });

  for (const shell of ["dash", "bash", "busybox", "zsh", "ksh", "mksh"]) {
    it(`runs in ${shell}, past another user's socket`, async function () {
      const program = await which(shell).catch(() => undefined);
      if (!program) return this.skip();
      const { configValue, socketsDir } = await machine.install();
      if (ourselves === 0) await listenAsAnother(socketsDir, nobody, nobody);
      await openWindow(machine.server.tokens, socketsDir);
      const input = `protocol=http\nhost=${new URL(site.webUrl).host}\npath=ws/one.git\nwwwauth[]=Basic realm="\\n"\n\n`;
      const args = [...(shell === "busybox" ? ["sh"] : []), "-c", `${configValue.slice(1)} get`];
      const { stdout, stderr } = await run(program, args, machine.env, machine.root, input);
      assert.deepEqual(
        { stdout, stderr },
        { stdout: `username=x-token-auth\npassword=${token}\n`, stderr: "" },
      );
    });
  }

  it("keeps secrets from the environment in a shell that exports all variables", async function () {
    const bash = await which("bash").catch(() => undefined);
    if (!bash) return this.skip();
    const { log, curlDir } = spyOnPrograms();
    const { configValue, socketsDir } = await machine.install();
    await openWindow(new Map(), socketsDir);
    const env = {
      ...machine.env,
      PATH: `${curlDir}:${machine.env["PATH"] ?? ""}`,
      SHELLOPTS: "allexport:nounset:errexit",
    };
    const input = "protocol=https\nhost=x\nusername=u\npassword=0A1B2C3D\n\n";
    await run(bash, ["-c", `${configValue.slice(1)} erase`], env, machine.root, input);
    assert.equal(erased[0]?.password, "0A1B2C3D");
    assert.doesNotMatch(readFileSync(log, "utf8"), /0A1B2C3D/);
  });

  it("is for this user alone, and rewritten only where it differs", async () => {
    const { socketsDir } = await machine.install();
    await openWindow(new Map(), socketsDir);
    const binDir = join(machine.storageDir, "bin");
    const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);
    const files = readdirSync(binDir).map((name) => join(binDir, name));
    assert.deepEqual([binDir, socketsDir, ...files].map(mode), ["700", "700", "700", "700"]);
    const socket = join(socketsDir, readdirSync(socketsDir)[0] ?? "", "git");
    assert.equal(mode(socket), "600");

    const inodes = () => files.map((file) => lstatSync(file).ino);
    const before = inodes();
    await machine.install();
    assert.deepEqual(inodes(), before);
    await machine.install({ execPath: "/opt/moved editor/node" });
    assert.notDeepEqual(inodes(), before);
    assert.deepEqual(readdirSync(binDir).length, 2);
  });

  it("takes curl only where it reaches the socket", async () => {
    const { socketsDir } = await machine.install();
    const window = await openWindow(new Map(), socketsDir);
    assert.equal(await canCurlReach(socketsDir, window.entryName ?? ""), true);
    assert.equal(await canCurlReach(socketsDir, "gone.sock"), false);
  });

  it("writes a Windows path as Git for Windows' shell reads it", () => {
    const storageDir = "C:\\Users\\Jörg O'Neil\\globalStorage";
    const script = helperScript({
      storageDir,
      execPath: "C:\\Program Files\\Code\\Code.exe",
      hasCurl: true,
      platform: "win32",
      nodeHelper: "",
    });
    assert.ok(
      script.includes("exec 'C:/Program Files/Code/Code.exe' 'C:/Users/Jörg O'\\''Neil/globalStorage/bin/"),
    );
    assert.ok(!script.includes("curl"));
    assert.ok(
      helperConfigValue(storageDir, "win32").includes("'C:/Users/Jörg O'\\''Neil/globalStorage/bin/git-"),
    );
  });

  const staleEntry = "1-00000000-00.sock";

  /** A socket whose listener was killed with SIGKILL. */
  async function leaveStaleSocket(socketsDir: string, entry = staleEntry): Promise<void> {
    const folder = join(machine.root, "stale");
    const file = join(folder, "git");
    mkdirSync(folder, { recursive: true });
    await rm(file, { force: true });
    const script = `require("net").createServer().listen(${JSON.stringify(file)}, () => process.stdout.write("x"))`;
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    await rm(join(socketsDir, entry), { force: true });
    symlinkSync(folder, join(socketsDir, entry));
  }

  /** Answers in the place of a window of which the link is left; what it is told. */
  async function listenAsAnother(socketsDir: string, folderOf?: number, socketOf?: number) {
    const heard: string[] = [];
    const server = createServer((request, response) => {
      heard.push(request.url ?? "");
      response.end("username=x\npassword=y\n");
    });
    const folder = mkdtempSync(join(tmpdir(), "bitbucket-connect-"));
    const socket = join(folder, "git");
    await once(server.listen(socket), "listening");
    chmodSync(folder, 0o755);
    chownSync(socket, socketOf ?? 0, 0);
    chownSync(folder, folderOf ?? 0, 0);
    symlinkSync(folder, join(socketsDir, `${process.pid}-00000000-aa.sock`));
    cleanUps.push(async () => {
      server.close();
      await rm(folder, { recursive: true });
    });
    return heard;
  }

  /** git's own words and no others, hardly later than without us. */
  async function assertGoesOn(name: string, dir: string): Promise<void> {
    const bare = machine.connect(`ws/bare-${String(Math.random()).slice(2)}`, "");
    const withUs: number[] = [];
    const without: number[] = [];
    for (let round = 0; round < 5; round++) {
      const { stderr, ms } = await machine.git(dir, ["ls-remote", "origin"]);
      assert.match(stderr, new RegExp(`^fatal: ${promptRefused.source}\n$`));
      withUs.push(ms);
      without.push((await machine.git(bare, ["ls-remote", "origin"])).ms);
    }
    const overheadMs = Math.min(...withUs) - Math.min(...without);
    console.log(`      ${name}: git goes on after ${overheadMs.toFixed(1)} ms`);
    // 300 ms is the promise; a machine busy with other tests gets more room.
    assert.ok(overheadMs < 1000, `git went on after ${overheadMs.toFixed(0)} ms`);
  }

  /** Stand-ins for curl and the editor's Node that note their arguments and environment. */
  function spyOnPrograms(): { log: string; curlDir: string; execPath: string } {
    const log = join(machine.root, `programs-${String(Math.random()).slice(2)}.log`);
    writeFileSync(log, "");
    const note = (real: string) =>
      `#!/bin/sh\n{ echo "argv $*"; tr '\\0' '\\n' </proc/self/environ; } >>'${log}'\nexec ${real} "$@"\n`;
    const execPath = join(machine.addProgram("node", note(process.execPath)), "node");
    return { log, curlDir: machine.addProgram("curl", note("/usr/bin/curl")), execPath };
  }

  async function which(program: string): Promise<string> {
    const { stdout } = await run("sh", ["-c", `command -v ${program}`], machine.env, machine.root);
    if (stdout === "") throw new Error(`no ${program} here`);
    return stdout.trim();
  }
});

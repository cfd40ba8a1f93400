import assert from "node:assert/strict";
import { buildSync } from "esbuild";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { connectRepository } from "../../src/flows/connect/connectRepository";
import { recoverConnect } from "../../src/flows/connect/recoverConnect";
import type { GitAccess } from "../../src/protocol/formMessages";
import { startBitbucket, type Bitbucket } from "../bitbucket/startBitbucket";
import { isThorough } from "../extent.mjs";
import type { ChildOrder } from "./support/connectChild";
import {
  addOwnHelper,
  configText,
  connectRequest,
  createRepository,
  createStage,
  filesHolding,
  git,
  gitOnline,
  openPorts,
  removeStage,
  useHome,
  type ConnectStage,
} from "./support/connectStage";

const atOnce = 2;
/** The default mode at every point; the other two at every third, unless there is time. */
const stride = (gitAccess: GitAccess) => (gitAccess === "vscode" || isThorough ? 1 : 3);

describe("an editor killed while it connects", () => {
  let bitbucket: Bitbucket;
  let stage: ConnectStage;
  let child: string;
  let count = 0;

  before(async () => {
    bitbucket = await startBitbucket({ checkContract: false });
    stage = createStage({ webUrl: bitbucket.webUrl, apiUrl: bitbucket.apiUrl });
    useHome(stage);
    child = join(stage.root, "connectChild.js");
    buildSync({
      entryPoints: [resolve("test/unit/support/connectChild.ts")],
      outfile: child,
      bundle: true,
      platform: "node",
      format: "cjs",
      external: ["esbuild"],
    });
  });
  after(async () => {
    await bitbucket.close();
    removeStage(stage);
  });

  for (const gitAccess of ["vscode", "credentialHelper", "remoteUrl"] as const) {
    it(`leaves the repository as before or as after, wherever it dies (${gitAccess})`, async function () {
      this.timeout(240_000);
      const outcomes = new Set<string>();
      let dieAt = 1;
      for (let isDone = false; !isDone; dieAt += atOnce * stride(gitAccess)) {
        const points = Array.from({ length: atOnce }, (_, n) => dieAt + n * stride(gitAccess));
        const results = await Promise.all(points.map((point) => dieAndRecover(gitAccess, point)));
        for (const result of results) if (result) outcomes.add(result);
        isDone = results.includes(undefined);
      }
      assert.ok(dieAt > 15, `only ${dieAt} points`);
      assert.ok(outcomes.has("before"));
      // The last points are few, and longer strides may miss them.
      if (stride(gitAccess) === 1) assert.ok(outcomes.has("after"));
    });
  }

  /** The editor dies while its push waits; what has come since is not its to take back. */
  it("leaves the token alone where another folder is connected with the same repository since", async () => {
    const scene = openScene("connected-since", "vscode");
    const other = createRepository(scene.stage, "connected-since-2");
    const [isPushing, mayPush] = ["pushing", "go-on"].map((name) => join(stage.root, name)) as [
      string,
      string,
    ];
    const hooks = join(scene.local.root, ".git", "hooks");
    mkdirSync(hooks, { recursive: true });
    const script = `#!/bin/sh\ntouch '${isPushing}'\nwhile ! test -e '${mayPush}'; do sleep 0.1; done\nexit 1\n`;
    writeFileSync(join(hooks, "pre-push"), script, { mode: 0o755 });
    const order = { stage: scene.stage, root: scene.local.root, request: scene.request, dieAt: Infinity };
    const running = startChild(order);
    while (!existsSync(isPushing)) await delay(20);
    running.kill("SIGKILL");
    const open = openPorts(scene.stage);
    try {
      const request = { ...scene.request, existingRemote: "ask", branch: undefined } as const;
      await connectRepository(open.ports, other, request, () => undefined, new AbortController().signal);
      const undone = await recoverConnect(open.ports, scene.local, join(scene.local.root, ".git"));
      assert.equal(undone, "undone");
      await gitOnline(other.root, "fetch", "-q");
      const kept = Object.keys(open.secrets.all()).filter((key) => !key.startsWith("connection:"));
      assert.deepEqual(kept, [`token:${stage.site.webUrl}/acme/connected-since`]);
    } finally {
      writeFileSync(mayPush, "");
      await open.close();
    }
  });

  it("takes no token away on the word of a journal that somebody else wrote", async () => {
    const scene = openScene("kept", "vscode");
    const stranger = createRepository(scene.stage, "stranger");
    const open = openPorts(scene.stage);
    try {
      await connectRepository(
        open.ports,
        scene.local,
        scene.request,
        () => undefined,
        new AbortController().signal,
      );
      const before = open.secrets.all();
      const { webUrl } = stage.site;
      const entry = {
        version: 1,
        id: "1",
        pid: 1,
        host: hostname(),
        startedAt: 0,
        webUrl,
        ...scene.request.repository,
      };
      const journal = { ...entry, remote: "origin", remoteIsNew: false, gitAccess: "vscode", edits: [] };
      const gitDir = join(stranger.root, ".git");
      writeFileSync(join(gitDir, "bitbucket-connect.journal"), JSON.stringify(journal));
      writeFileSync(join(gitDir, "bitbucket-connect.config"), configText(stranger));
      assert.equal(await recoverConnect(open.ports, stranger, gitDir), undefined);
      assert.deepEqual(open.secrets.all(), before);
      assert.ok(!existsSync(join(gitDir, "bitbucket-connect.journal")));
    } finally {
      await open.close();
    }
  });

  /** `undefined` where the child came to its end alive. */
  async function dieAndRecover(gitAccess: GitAccess, dieAt: number): Promise<"before" | "after" | undefined> {
    const slug = `${gitAccess}-${dieAt}-${++count}`.toLowerCase();
    const scene = openScene(slug, gitAccess);
    const before = configText(scene.local);
    const died = await runChild({
      stage: scene.stage,
      root: scene.local.root,
      request: scene.request,
      dieAt,
    });
    if (died === undefined) return undefined;
    const open = openPorts(scene.stage);
    try {
      await recoverConnect(open.ports, scene.local, join(scene.local.root, ".git"));
      await open.signIn.prepare();
      const message = `killed at ${dieAt}, ${died}`;
      const isAfter = (await open.ports.connections.list()).length > 0;
      if (isAfter) await assertAfter(scene, message);
      else assertBefore(scene, before, open.secrets.all(), message);
      const left = readdirSync(join(scene.local.root, ".git")).filter((name) =>
        /bitbucket-connect|\.lock$/.test(name),
      );
      assert.deepEqual(left, [], message);
      return isAfter ? "after" : "before";
    } finally {
      await open.close();
    }
  }

  function openScene(slug: string, gitAccess: GitAccess) {
    bitbucket.addRepository(`acme/${slug}`);
    const { secret } = bitbucket.addToken({
      kind: "repository",
      repository: `acme/${slug}`,
      scopes: ["repository:write"],
      name: slug,
    });
    const own: ConnectStage = {
      ...stage,
      storageDir: join(stage.root, "storage", slug),
      secretsFile: join(stage.root, `${slug}.json`),
    };
    const helper = gitAccess === "credentialHelper" ? addOwnHelper(stage) : undefined;
    const local = createRepository(own, slug);
    git(local.root, "remote", "add", "origin", "https://github.com/ada/payments.git");
    const request = connectRequest({
      repository: { workspace: "acme", slug },
      token: { secret },
      email: "code@bots.bitbucket.org",
      existingRemote: "rename",
      gitAccess,
    });
    return { stage: own, slug, local, request, secret, helper };
  }
  type Scene = ReturnType<typeof openScene>;

  function assertBefore(scene: Scene, before: string, secrets: object, message: string): void {
    assert.equal(configText(scene.local), before, message);
    assert.deepEqual(secrets, {}, message);
    assert.equal(git(scene.local.root, "for-each-ref", "refs/remotes"), "", message);
    assert.deepEqual(filesHolding(join(scene.local.root, ".git"), scene.secret), [], message);
    const kept = scene.helper && existsSync(scene.helper.file) ? readFileSync(scene.helper.file, "utf8") : "";
    assert.ok(!kept.includes(scene.slug), message);
  }

  async function assertAfter(scene: Scene, message: string): Promise<void> {
    const refs = await bitbucket.refs(`acme/${scene.slug}`);
    assert.equal(refs.get("refs/heads/main"), git(scene.local.root, "rev-parse", "main"), message);
    assert.equal(git(scene.local.root, "config", "user.email"), "code@bots.bitbucket.org", message);
    await gitOnline(scene.local.root, "fetch", "-q");
  }

  function startChild(order: ChildOrder) {
    const running = spawn(process.execPath, [child], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, NODE_PATH: resolve("node_modules") },
    });
    running.stdin.end(JSON.stringify(order));
    return running;
  }

  async function runChild(order: ChildOrder): Promise<string | undefined> {
    const running = startChild(order);
    let died = "";
    running.stdout.on("data", (chunk: Buffer) => (died += chunk.toString()));
    const [code] = (await once(running, "close")) as [number | null];
    assert.ok(code === null || code === 0, `the child failed: ${code}`);
    return code === 0 ? undefined : died;
  }
});

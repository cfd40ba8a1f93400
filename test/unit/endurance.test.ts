import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ConnectionStore, type Connection } from "../../src/credentials/connectionStore";
import { FolderIndex } from "../../src/credentials/folderIndex";
import { limitedSecrets } from "../../src/credentials/limitedSecrets";
import { TokenStore, type Secrets } from "../../src/credentials/tokenStore";
import { UserError } from "../../src/errors";
import { readPushFailure, remoteWords } from "../../src/failures/gitFailure";
import { planPush } from "../../src/flows/push/planPush";
import { pushRepository } from "../../src/flows/push/pushRepository";
import { createProgressReader } from "../../src/git/cloneProgress";
import { GitConfigFile } from "../../src/git/gitConfigFile";
import { createRepository, git } from "./support/connectStage";
import { onStage, writing } from "./support/onStage";

const repository = { workspace: "acme", slug: "payments" };
const token = { secret: "s".repeat(20), kind: "repository" as const, scopes: [], savedAt: "" };

/** What goes wrong around the extension (R1 to R14 of our cases) costs only itself, and ends. */
describe("state that survives, and nothing that waits for ever", () => {
  const on = onStage();
  const connection = (changes: Partial<Connection> = {}): Connection => ({
    commonDir: "/work/payments/.git",
    startedAt: 1,
    webUrl: on.stage.site.webUrl,
    ...repository,
    remote: "origin",
    remoteIsNew: true,
    gitAccess: "vscode",
    edits: [],
    text: "",
    ...changes,
  });
  const indexOf = (name: string) => new FolderIndex(join(on.stage.root, name));

  it("R1: two machines that share SecretStorage keep their records of one path apart", async () => {
    const { secrets } = on.open;
    const [laptop, server] = ["laptop", "server"].map(
      (host) => new ConnectionStore(secrets, indexOf(host), () => Promise.resolve(host)),
    );
    await laptop?.save(connection({ text: "the laptop's" }));
    await server?.save(connection({ text: "the server's" }));
    assert.deepEqual(
      (await laptop?.list())?.map(({ text }) => text),
      ["the laptop's"],
    );
    await server?.remove(connection());
    assert.deepEqual(await server?.list(), []);
    assert.deepEqual(
      (await laptop?.list())?.map(({ text }) => text),
      ["the laptop's"],
    );
  });

  it("a newer version's record, and one that can't be read, outlive every change of ours", async () => {
    const { secrets } = on.open;
    const key = "connection:/work/payments/.git";
    const newer = { version: 2, somethingNew: true };
    await secrets.store(key, JSON.stringify([newer, "half"]));
    const store = new ConnectionStore(secrets, indexOf("connections"));
    await store.save(connection());
    assert.equal((await store.list()).length, 1);
    await store.remove(connection());
    assert.deepEqual(JSON.parse((await secrets.get(key)) ?? ""), [newer, "half"]);
  });

  it("R4 and R5: an entry that is a folder, a link, unreadable, half, huge or a stranger's costs only itself", async () => {
    const folder = join(on.stage.root, "odd");
    const index = new FolderIndex(folder);
    await index.add("stays");
    mkdirSync(join(folder, "a".repeat(32)));
    symlinkSync("/nowhere", join(folder, "b".repeat(32)));
    symlinkSync(folder, join(folder, "c".repeat(32)));
    writeFileSync(join(folder, "d".repeat(32)), "stay");
    writeFileSync(join(folder, "e".repeat(32)), "x".repeat(1_000_000));
    writeFileSync(join(folder, "f".repeat(32)), "hidden");
    chmodSync(join(folder, "f".repeat(32)), 0);
    assert.deepEqual(await index.list(), ["stays"]);
  });

  it("R6: a secret storage that never answers, or refuses, ends with words and leaves no ghost", async () => {
    const never: Secrets = {
      get: () => Promise.resolve(undefined),
      store: () => new Promise(() => undefined),
      delete: () => Promise.resolve(),
    };
    const refusing: Secrets = {
      ...never,
      store: () => Promise.reject(new Error("org.freedesktop.Secret.Error")),
    };
    for (const [secrets, words] of [
      [never, /doesn't answer.*keyring/],
      [refusing, /can't be used.*keyring/],
    ] as const) {
      const tokens = new TokenStore(limitedSecrets(secrets, 50), indexOf("ghosts"));
      const error: unknown = await tokens
        .save(on.stage.site, repository, token)
        .catch((thrown: unknown) => thrown);
      assert.ok(error instanceof UserError);
      assert.match(error.message, words);
      assert.deepEqual(await tokens.list(), []);
    }
  });

  it("R3: a hook's line of 100,000 letters and 80 kB of remote lines hold nobody up", async () => {
    on.bitbucket.addRepository("acme/loud");
    const { secret } = on.addToken("loud", writing);
    const local = createRepository(on.stage, "loud");
    const url = new URL(`${on.bitbucket.webUrl}/acme/loud.git`);
    Object.assign(url, { username: "x-token-auth", password: encodeURIComponent(secret) });
    git(local.root, "remote", "add", "origin", url.href);
    const hook = join(local.root, ".git", "hooks", "pre-push");
    mkdirSync(join(local.root, ".git", "hooks"), { recursive: true });
    writeFileSync(
      hook,
      `#!/bin/sh\nhead -c 100000 /dev/zero | tr '\\0' '(' >&2\necho >&2\nyes 'remote: ! [remote rejected] (' | head -c 80000 >&2\nexit 1\n`,
      { mode: 0o755 },
    );
    const plan = await planPush(on.open.ports, local, {});
    const blocked = await longestBlock(async () => {
      const signal = new AbortController().signal;
      await assert.rejects(
        pushRepository(on.open.ports, local, plan, () => undefined, signal),
        {
          code: "PushRejected",
        },
      );
    });
    assert.ok(blocked < 400, `the event loop stood still for ${blocked} ms`);
  });

  it("no text of others is read for longer than its length deserves (P50)", () => {
    for (const piece of [
      "(",
      "! [remote rejected] ((",
      "remote: ",
      "certificate ",
      "https://a@",
      "\u001b[0",
      "error: ",
    ]) {
      const text = piece.repeat(4_000_000 / piece.length);
      const started = performance.now();
      readPushFailure(text);
      remoteWords(text);
      const ms = performance.now() - started;
      assert.ok(ms < 300, `${piece}: ${ms} ms for 4 MB`);
    }
    const read = createProgressReader(() => undefined);
    const started = performance.now();
    for (let n = 0; n < 512; n++) read("x".repeat(65_536));
    assert.ok(performance.now() - started < 2000, "32 MB without a line's end");
  });

  it("R14: a config with a token in a URL is readable by its owner only", async () => {
    const local = createRepository(on.stage, "modes");
    const file = join(local.root, ".git", "config");
    chmodSync(file, 0o644);
    const value = "https://x-token-auth:secret-secret-secret@bitbucket.org/acme/payments.git";
    await new GitConfigFile(file, on.open.ports.openGit).apply([
      { key: "remote.origin.url", before: [], after: [value] },
    ]);
    assert.ok(readFileSync(file, "utf8").includes(value));
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });
});

/** In milliseconds: how long the event loop stood still at most. */
async function longestBlock(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  await work();
  await delay(10);
  clearInterval(timer);
  return Math.round(longest);
}

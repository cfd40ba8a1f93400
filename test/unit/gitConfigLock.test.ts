import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { UserError } from "../../src/errors";
import { GitConfigFile } from "../../src/git/gitConfigFile";
import { createOpenGit } from "../../src/git/openGit";

const text = "[core]\n\tbare = false\n";
const edits = [{ key: "user.email", before: [], after: ["code@bots.bitbucket.org"] }];

describe("the lock of a git config file", () => {
  let dir: string;
  let config: GitConfigFile;
  let lock: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "config-lock-"));
    const file = join(dir, "config");
    lock = `${file}.lock`;
    writeFileSync(file, text);
    config = new GitConfigFile(file, createOpenGit("git"));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it("is gone after an edit, and nothing else is left", async () => {
    await config.apply(edits);
    assert.deepEqual((await config.read()).get("user.email"), ["code@bots.bitbucket.org"]);
    assert.deepEqual(readdirSync(dir), ["config"]);
  });

  it("of another program keeps us from the file", async () => {
    writeFileSync(lock, "theirs");
    const isTold = ({ code, message, fixes }: UserError) =>
      code === "RemoteExists" &&
      message.includes("delete config.lock first") &&
      fixes[0]?.title === "Try again";
    await assert.rejects(config.apply(edits), isTold);
    assert.equal(await config.text(), text);
    assert.equal(readFileSync(lock, "utf8"), "theirs");
  });

  it("that a killed editor left is taken away, with its copy", async () => {
    const copy = join(dir, "config.bitbucket-connect-0123456789ab");
    writeFileSync(copy, text);
    linkSync(copy, lock);
    await config.removeLeftovers();
    assert.deepEqual(readdirSync(dir), ["config"]);
    await config.apply(edits);
  });

  it("that a killed editor left is taken away by the next change too, which needs no journal", async () => {
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
    const [left, live] = [dead, process.ppid].map((pid) =>
      join(dir, `config.bitbucket-connect-${host}-${pid}-0123456789ab`),
    ) as [string, string];
    for (const copy of [left, live]) writeFileSync(copy, text);
    linkSync(left, lock);
    await config.apply(edits);
    assert.deepEqual((await config.read()).get("user.email"), ["code@bots.bitbucket.org"]);
    assert.deepEqual(readdirSync(dir).sort(), ["config", basename(live)]);
  });

  it("of another program stays when a killed editor left a copy", async () => {
    writeFileSync(join(dir, "config.bitbucket-connect-0123456789ab"), text);
    writeFileSync(lock, text);
    await config.removeLeftovers();
    assert.ok(existsSync(lock));
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GitConfigFile } from "../../src/git/gitConfigFile";
import { createOpenGit } from "../../src/git/openGit";

const values = [
  "",
  "plain",
  "https://bitbucket.org/acme/pay.api.git",
  "!f() { test -r '/a b/c' && \"$0\" \\; }; f # no comment",
  " spaces at both ends ",
  "two\nlines\tand a tab",
  "a;b",
  'say "hi"',
  "back\\slash\\",
  "日本語 ✓",
];

describe("what is added to a git config", () => {
  let dir: string;
  let file: string;
  const open = () => new GitConfigFile(file, createOpenGit("git"));
  const edit = (key: string, ...after: string[]) => ({ key, before: [], after });

  before(() => {
    dir = mkdtempSync(join(tmpdir(), "config-text-"));
    file = join(dir, "config");
  });
  after(() => {
    rmSync(dir, { recursive: true });
  });

  it("is read by git as it was meant, whatever is in it", async () => {
    writeFileSync(file, "[core]\n\tbare = false");
    const keys = ["one.value", "one.other", 'two.A "b" \\c.d.value', "https.https://x.org/a.git.helper"];
    const edits = keys.map((key) => edit(key, ...values));
    await open().apply(edits);
    const config = await open().read();
    for (const key of keys) assert.deepEqual(config.get(key), values);
    assert.deepEqual(config.get("core.bare"), ["false"]);
    assert.equal(readFileSync(file, "utf8").match(/^\[one\]$/gm)?.length, 1);
  });

  it("goes into its section where there is one", async () => {
    writeFileSync(file, "[user]\n\tname = Ada\n[core]\n\tbare = false\n");
    await open().apply([edit("user.email", "ada@example.com")]);
    assert.equal(
      readFileSync(file, "utf8"),
      "[user]\n\tname = Ada\n\temail = ada@example.com\n[core]\n\tbare = false\n",
    );
  });

  it("leaves a value whole that the text ends in the middle of", async () => {
    for (const text of ["[user]\n\tname = Ada\\", "[user]\n\tname = Ada\\\n"]) {
      writeFileSync(file, text);
      await open().apply([edit("remote.origin.url", "x")]);
      const now = await open().read();
      assert.deepEqual([now.get("user.name"), now.get("remote.origin.url")], [["Ada"], ["x"]]);
    }
  });
});

import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GitConfigFile, toDoneEdit } from "../../src/git/gitConfigFile";
import { createOpenGit, type OpenGit } from "../../src/git/openGit";

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

  it("is of this file alone, whatever it includes", async () => {
    writeFileSync(join(dir, "shared"), "[user]\n\temail = team@example.com\n");
    for (const included of ["shared", join(dir, "shared")]) {
      const text = `[include]\n\tpath = ${included}\n`;
      writeFileSync(file, text);
      const edits = [edit("user.email", "ada@example.com")];
      await open().apply(edits);
      assert.deepEqual((await open().read()).get("user.email"), ["ada@example.com"]);
      await open().revert(edits.map(toDoneEdit), text);
      assert.equal(readFileSync(file, "utf8"), text);
    }
  });

  it("is not added to what is no UTF-8: not a byte of it is changed", async () => {
    const bytes = Buffer.from("[user]\n\tname = J\xfcrgen\n", "latin1");
    writeFileSync(file, bytes);
    await assert.rejects(open().apply([edit("user.email", "ada@example.com")]), /isn't UTF-8/);
    assert.deepEqual(readFileSync(file), bytes);
  });

  it("leaves the file to all who may write it", async () => {
    writeFileSync(file, "[core]\n\tbare = false\n");
    chmodSync(file, 0o664);
    await open().apply([edit("user.email", "ada@example.com")]);
    assert.equal(statSync(file).mode & 0o777, 0o664);
  });

  it("stands in no argument of a process where it may hold a secret", async () => {
    const args: string[] = [];
    const openGit = createOpenGit("git");
    const watched: OpenGit = (options) => {
      const git = openGit(options);
      const raw = git.raw.bind(git);
      return Object.assign(git, {
        raw: (list: string[]) => {
          args.push(...list);
          return raw(list);
        },
      });
    };
    for (const value of [
      "https://x-token-auth:SECRET@bitbucket.org/acme/payments.git",
      "Authorization: Basic SECRET",
      '!printf "username=x-token-auth\\npassword=SECRET\\n"',
      "!echo SECRET",
    ]) {
      writeFileSync(file, `[one]\n\tkey = ${JSON.stringify(value)}\n`);
      const done = { key: "one.key", before: [value], after: ["other"] };
      const config = new GitConfigFile(file, watched);
      await config.apply([done]);
      await config.revert([toDoneEdit(done)], "");
      assert.deepEqual((await config.read()).get("one.key"), [value]);
    }
    assert.ok(!args.join(" ").includes("SECRET"), args.join(" "));
  });
});

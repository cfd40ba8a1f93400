import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { UserError } from "../../src/errors";
import { changeGitSetUp, describeGitSetUp } from "../../src/flows/setUp/setUpGit";
import { git } from "./support/connectStage";
import { onStage } from "./support/onStage";

/** What people's configs look like, and what editors make of them. */
const odd: Readonly<Record<string, string | Buffer>> = {
  "an ordinary one": "[user]\n\tname = Ada\n",
  "an empty one": "",
  "one with a line end alone": "\n",
  "comments alone": "# mine\n; and mine\n",
  "a comment as its last line, not ended": "[user]\n\tname = Ada\n# the end",
  "a last line that is not ended": "[user]\n\tname = Ada",
  "a last line that goes on": "[user]\n\tname = Ada \\\n",
  "a last line that goes on and is not ended": "[user]\n\tname = Ada \\",
  "Windows line ends": "[user]\r\n\tname = Ada\r\n[core]\r\n\tautocrlf = true\r\n",
  "Windows line ends, the last one missing": "[user]\r\n\tname = Ada",
  "both kinds of line ends": "[user]\r\n\tname = Ada\n[core]\n\tautocrlf = input\r\n",
  "a byte order mark": "\uFEFF[user]\n\tname = Ada\n",
  "an include": "[include]\n\tpath = ~/more\n",
  "an includeIf as its last": '[user]\n\tname = Ada\n[includeIf "gitdir:~/work/"]\n\tpath = ~/work.inc',
  "Latin-1": Buffer.from("[user]\n\tname = J\xfcrgen\n# \xe4\xf6\n", "latin1"),
  "a person's own helpers":
    '[credential]\n\thelper = store\n[credential "https://github.com"]\n\thelper = cache\n',
  "helpers for this very host": '[credential "WEB"]\n\thelper = store\n\tusername = ada\n',
  "blank lines and trailing blanks": "\n\n[user]   \n\n  name=Ada   \n\n\n",
  "quotes, escapes and several keys in a line":
    '[a "b \\"c\\" \\\\d"] e = "f # g" ; h\n[alias]\n\tx = "!f() { echo \\"y\\"; }; f"\n',
  "very long lines": `[alias]\n\tx = ${"y".repeat(50_000)}\n`,
  "umlauts in UTF-8": "[user]\n\tname = Jürgen Ünal 日本\n",
};

describe("the person's own Git config, set up and given back (P40)", () => {
  const on = onStage({}, { checkContract: false });
  const file = () => join(on.stage.home, ".gitconfig");
  const change = (enable: boolean) => changeGitSetUp(on.open.ports, enable);
  const helpers = () => {
    const key = `credential.${on.stage.site.webUrl}`;
    return git(on.stage.home, "config", "--global", "--get-urlmatch", "credential.helper", key.slice(11));
  };

  for (const [name, content] of Object.entries(odd)) {
    it(`is the same byte for byte after on and off: ${name}`, async () => {
      const before = Buffer.from(content.toString("latin1").replace("WEB", on.stage.site.webUrl), "latin1");
      const bytes =
        typeof content === "string" ? Buffer.from(content.replace("WEB", on.stage.site.webUrl)) : before;
      writeFileSync(file(), bytes);
      chmodSync(file(), 0o640);
      const on1 = await change(true);
      assert.equal(on1.isOn, true);
      assert.match(helpers(), /git-credential-bitbucket-connect/);
      const once = readFileSync(file());
      assert.deepEqual((await change(true)).isOn, true);
      assert.deepEqual(readFileSync(file()), once, "on twice is on once");
      assert.equal((await change(false)).isOn, false);
      assert.deepEqual(readFileSync(file()), bytes);
      assert.equal(statSync(file()).mode & 0o777, 0o640);
    });
  }

  it("keeps what the person changed meanwhile, above, below and between", async () => {
    writeFileSync(file(), "[user]\n\tname = Ada\n[core]\n\tpager = less");
    await change(true);
    git(on.stage.home, "config", "--global", "user.name", "Grace");
    git(on.stage.home, "config", "--global", "alias.st", "status");
    git(on.stage.home, "config", "--global", `credential.${on.stage.site.webUrl}.username`, "grace");
    await change(false);
    assert.equal(
      readFileSync(file(), "utf8"),
      `[user]\n\tname = Grace\n[core]\n\tpager = less\n[credential "${on.stage.site.webUrl}"]\n\tusername = grace\n[alias]\n\tst = status\n`,
    );
  });

  it("goes back to its place after what was set below it", async () => {
    await change(true);
    git(on.stage.home, "config", "--global", "credential.helper", "store");
    await change(true);
    const values = git(on.stage.home, "config", "--global", "--list");
    assert.ok(
      values.indexOf("credential.helper=store") < values.lastIndexOf("git-credential-bitbucket-connect"),
    );
  });

  it("is made where there is none, and gone again", async () => {
    rmSync(file());
    await change(true);
    assert.ok(existsSync(file()));
    await change(false);
    assert.ok(!existsSync(file()));
  });

  it("is the file that Git says: XDG's, or GIT_CONFIG_GLOBAL", async () => {
    const xdg = join(on.stage.home, "xdg", "git", "config");
    mkdirSync(join(xdg, ".."), { recursive: true });
    writeFileSync(xdg, "[user]\n\tname = Xenia\n");
    rmSync(file());
    assert.equal((await change(true)).file, xdg);
    await change(false);
    assert.equal(readFileSync(xdg, "utf8"), "[user]\n\tname = Xenia\n");
    const other = join(on.stage.home, "other config");
    process.env["GIT_CONFIG_GLOBAL"] = other;
    try {
      assert.equal((await change(true)).file, other);
      await change(false);
      assert.ok(!existsSync(other));
    } finally {
      delete process.env["GIT_CONFIG_GLOBAL"];
    }
  });

  const managed = {
    "a link into dotfiles": () => {
      const dotfiles = join(on.stage.home, "dotfiles");
      mkdirSync(dotfiles);
      writeFileSync(join(dotfiles, "gitconfig"), "[user]\n\tname = Ada\n");
      rmSync(file());
      symlinkSync(join(dotfiles, "gitconfig"), file());
      return join(dotfiles, "gitconfig");
    },
    "a read-only file": () => {
      chmodSync(file(), 0o444);
      return file();
    },
  };
  for (const [name, make] of Object.entries(managed)) {
    it(`is left alone where it is ${name}, and the lines are told`, async () => {
      const real = make();
      const before = readFileSync(real, "utf8");
      await assert.rejects(change(true), (error) => {
        assert.ok(error instanceof UserError);
        assert.ok(error.message.includes(`[credential "${on.stage.site.webUrl}"]`), error.message);
        return true;
      });
      assert.equal(readFileSync(real, "utf8"), before);
      const { lines, isOn } = await describeGitSetUp(on.open.ports);
      assert.equal(isOn, false);
      chmodSync(real, 0o644);
      appendFileSync(real, `${lines.join("\n")}\n`);
      assert.equal((await describeGitSetUp(on.open.ports)).isOn, true, "added there by hand, it counts");
    });
  }

  it("is not touched where Git can't read it", async () => {
    writeFileSync(file(), "[user\n");
    await assert.rejects(change(true), /Git can't read its own config: bad config line 1/);
    assert.equal(readFileSync(file(), "utf8"), "[user\n");
  });

  it("waits for another program's lock, and says so where it stays", async () => {
    writeFileSync(`${file()}.lock`, "");
    setTimeout(() => {
      rmSync(`${file()}.lock`);
    }, 200);
    assert.equal((await change(true)).isOn, true);
    assert.ok(!existsSync(`${file()}.lock`));
  });

  it("leaves the answer for another host as it was", async () => {
    writeFileSync(file(), '[credential]\n\thelper = "!f() { echo username=own; echo password=mine; }; f"\n');
    const fill = () =>
      execFileSync("git", ["credential", "fill"], {
        cwd: on.stage.home,
        input: "protocol=https\nhost=github.com\n\n",
      });
    const before = fill();
    await change(true);
    assert.deepEqual(fill(), before);
  });
});

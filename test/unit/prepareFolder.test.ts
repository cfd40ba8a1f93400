import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { UserError, type ErrorKind } from "../../src/errors";
import { prepareFolder, type FolderChoices } from "../../src/flows/publish/prepareFolder";
import { bigFileBytes, listFiles } from "../../src/flows/publish/prepareFolderFiles";
import { proposeIgnored } from "../../src/flows/publish/prepareFolderIgnore";
import { lookAtFolder } from "../../src/flows/publish/prepareFolderLook";
import { createOpenGit, type OpenGit } from "../../src/git/openGit";
import { isThorough } from "../extent.mjs";
import { createStage, git, removeStage, useHome, type ConnectStage } from "./support/connectStage";

const openGit = createOpenGit("git");
const signal = new AbortController().signal;
/** From one of git's calls that is broken to the next. */
const stride = isThorough ? 1 : 3;

describe("preparing a folder for its first push", () => {
  let stage: ConnectStage;
  let folder: string;

  beforeEach(() => {
    stage = createStage({ webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" });
    useHome(stage);
    folder = join(stage.root, "work");
    mkdirSync(folder);
  });
  afterEach(() => {
    removeStage(stage);
  });

  function write(files: Record<string, string>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  }

  const threeFiles = { "a.txt": "a\n", "src/b.ts": "b\n", "README.md": "# Work\n" };

  /** Everything below the folder; of git's objects, which are no change, none. */
  function snapshot(): Record<string, string> {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    return Object.fromEntries(
      names
        .filter((name) => lstatSync(join(folder, name)).isFile() && !name.startsWith(join(".git", "objects")))
        .map((name) => [name, readFileSync(join(folder, name), "latin1")]),
    );
  }

  async function prepare(changes: Partial<FolderChoices> = {}, open: OpenGit = openGit, abort = signal) {
    const situation = await lookAtFolder(open, folder);
    const choices = {
      defaultBranch: undefined,
      ignored: [],
      files: undefined,
      identity: undefined,
      ...changes,
    };
    return prepareFolder(open, situation, choices, abort);
  }

  async function assertFails(work: Promise<unknown>, code: ErrorKind): Promise<UserError> {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.code, code, error.message);
    return error;
  }

  const committed = () =>
    git(folder, "ls-tree", "-r", "--name-only", "-z", "HEAD").split("\0").filter(Boolean);
  const list = (ignored: readonly string[] = []) =>
    listFiles(openGit, { folder, hasGit: existsSync(join(folder, ".git")), ignored, signal });

  it("makes a repository with one commit of all files, in the person's name, on the configured branch", async () => {
    write(threeFiles);
    await prepare({ defaultBranch: "trunk" });
    assert.deepEqual(committed(), ["README.md", "a.txt", "src/b.ts"]);
    assert.equal(git(folder, "log", "--format=%an <%ae> %s"), "Ada <ada@example.com> First commit");
    assert.equal(git(folder, "symbolic-ref", "--short", "HEAD"), "trunk");
    assert.equal(git(folder, "status", "--porcelain"), "");
  });

  it("takes git's own default branch where the editor names none", async () => {
    git(folder, "config", "--global", "init.defaultBranch", "hauptzweig");
    write(threeFiles);
    await prepare();
    assert.equal(git(folder, "symbolic-ref", "--short", "HEAD"), "hauptzweig");
  });

  it("commits what was chosen and nothing else, whatever the names hold", async () => {
    const odd = { ":(top)x": "1", "ü *.txt": "2", "-n": "3", "[a].md": "4" };
    write({ ...threeFiles, ...odd });
    await prepare({ files: [...Object.keys(odd), "a.txt"] });
    assert.deepEqual(committed().sort(), [...Object.keys(odd), "a.txt"].sort());
  });

  it("is undone without a trace", async () => {
    write(threeFiles);
    const before = snapshot();
    const prepared = await prepare({
      ignored: ["node_modules/"],
      identity: { name: "Bo", email: "bo@x.org" },
    });
    assert.ok(existsSync(join(folder, ".gitignore")));
    await prepared.undo();
    assert.deepEqual(snapshot(), before);
    assert.deepEqual(readdirSync(folder).sort(), ["README.md", "a.txt", "src"]);
  });

  it("leaves everything where somebody has committed since", async () => {
    write(threeFiles);
    const prepared = await prepare({ ignored: ["node_modules/"] });
    git(folder, "commit", "-q", "--allow-empty", "-m", "Second");
    const before = snapshot();
    await prepared.undo();
    assert.deepEqual(snapshot(), before);
  });

  it("keeps a .gitignore that was changed since it was written", async () => {
    write(threeFiles);
    const prepared = await prepare({ ignored: ["node_modules/"] });
    writeFileSync(join(folder, ".gitignore"), "mine\n");
    await prepared.undo();
    assert.equal(readFileSync(join(folder, ".gitignore"), "utf8"), "mine\n");
  });

  for (const state of ["a folder without git", "a repository without a commit"] as const) {
    describe(state, () => {
      beforeEach(() => {
        write(threeFiles);
        if (state === "a folder without git") return;
        git(folder, "init", "-q");
        git(folder, "add", "a.txt");
        git(folder, "config", "user.name", "Staged");
      });

      it("is as before after a failure or a cancel at each call of git", async () => {
        const choices = { ignored: ["node_modules/"], identity: { name: "Bo", email: "bo@x.org" } };
        const before = snapshot();
        for (const how of ["fail", "cancel"] as const) {
          const calls = await countCalls(choices);
          assert.ok(calls > 5);
          for (let at = how === "fail" ? 1 : 2; at <= calls; at += stride) {
            const abort = new AbortController();
            const broken = breakAt(at, how === "fail" ? undefined : abort);
            const outcome = await prepare(choices, broken, abort.signal).then(
              (prepared) => prepared,
              () => undefined,
            );
            await outcome?.undo(); // some answers git may owe us
            assert.deepEqual(snapshot(), before, `${how} at call ${at}`);
          }
        }
      });

      for (const [how, script, words] of [
        ["in words", "echo 'no commits on Fridays' >&2; exit 1", /no commits on Fridays/],
        ["without a word", "exit 1", /exit code 1/],
      ] as const) {
        it(`is as before when a hook refuses the commit ${how}`, async () => {
          const hooks = join(stage.home, "hooks");
          mkdirSync(hooks);
          writeFileSync(join(hooks, "pre-commit"), `#!/bin/sh\n${script}\n`);
          chmodSync(join(hooks, "pre-commit"), 0o755);
          git(folder, "config", "--global", "core.hooksPath", hooks);
          const before = snapshot();
          const error = await assertFails(prepare(), "NothingToPush");
          assert.match(error.message, words);
          assert.deepEqual(snapshot(), before);
        });
      }
    });
  }

  async function countCalls(choices: Partial<FolderChoices>): Promise<number> {
    let calls = 0;
    const { undo } = await prepare(
      choices,
      onEachCall(() => {
        calls++;
      }),
    );
    const counted = calls;
    await undo();
    return counted;
  }

  /** Fails at the n-th call of git alone, or cancels right before it. */
  function breakAt(at: number, abort: AbortController | undefined): OpenGit {
    let calls = 0;
    return onEachCall(() => {
      if (++calls !== at) return;
      if (!abort) throw new Error("made to fail");
      abort.abort();
    });
  }

  function onEachCall(act: () => void): OpenGit {
    return (options) => {
      const opened = openGit(options);
      const raw = opened.raw.bind(opened) as (args: string[]) => Promise<string>;
      const watched = async (args: string[]) => {
        act();
        const output = await raw(args);
        return output;
      };
      return Object.assign(Object.create(opened) as typeof opened, { raw: watched });
    };
  }

  it("touches nothing in a repository that has commits", async () => {
    write(threeFiles);
    git(folder, "init", "-q");
    git(folder, "add", "a.txt");
    git(folder, "commit", "-q", "-m", "Mine");
    const before = snapshot();
    const prepared = await prepare({ ignored: ["x"], identity: { name: "Bo", email: "bo@x.org" } });
    assert.deepEqual(snapshot(), before);
    await prepared.undo();
    assert.deepEqual(snapshot(), before);
  });

  it("makes no commit of an empty folder", async () => {
    const prepared = await prepare();
    assert.throws(() => git(folder, "rev-parse", "HEAD"));
    await prepared.undo();
    assert.deepEqual(readdirSync(folder), []);
  });

  describe("the person's name", () => {
    beforeEach(() => {
      writeFileSync(join(stage.home, ".gitconfig"), "[user]\n\tname = Ada\n");
      write(threeFiles);
    });

    it("is asked for where git doesn't know it, and never made up", async () => {
      assert.deepEqual((await lookAtFolder(openGit, folder)).identity, { name: "Ada" });
      const error = await assertFails(prepare(), "NothingToPush");
      assert.match(error.message, /name and email/);
      assert.deepEqual(readdirSync(folder).sort(), ["README.md", "a.txt", "src"]);
    });

    it("is kept for this repository alone", async () => {
      const global = readFileSync(join(stage.home, ".gitconfig"), "utf8");
      await prepare({ identity: { name: "Ada Love", email: "ada@work.example" } });
      assert.equal(git(folder, "log", "--format=%an <%ae> %cn"), "Ada Love <ada@work.example> Ada Love");
      assert.equal(git(folder, "config", "--local", "user.email"), "ada@work.example");
      assert.equal(readFileSync(join(stage.home, ".gitconfig"), "utf8"), global);
    });
  });

  describe("what would be committed", () => {
    const warned = async (ignored: readonly string[] = []) =>
      Object.fromEntries((await list(ignored)).map((file) => [file.path, file.warning]));

    it("is told before anything changes, by the ignore rules of the folder and of the person", async () => {
      write({
        ...threeFiles,
        "node_modules/x/index.js": "",
        "mine.log": "",
        "sub/.gitignore": "gone\n",
        "sub/gone": "",
      });
      writeFileSync(join(stage.home, "ignore"), "*.log\n");
      git(folder, "config", "--global", "core.excludesFile", join(stage.home, "ignore"));
      const before = snapshot();
      assert.deepEqual(Object.keys(await warned(["node_modules/"])), [
        "README.md",
        "a.txt",
        "src/b.ts",
        "sub/.gitignore",
      ]);
      assert.ok("node_modules/x/index.js" in (await warned()));
      assert.deepEqual(snapshot(), before);
    });

    it("names files over 50 MB", async () => {
      write({ "fits.bin": "", "big.bin": "" });
      truncateSync(join(folder, "fits.bin"), bigFileBytes);
      truncateSync(join(folder, "big.bin"), bigFileBytes + 1);
      assert.deepEqual(await warned(), { "fits.bin": undefined, "big.bin": "big" });
    });

    it("names a folder that is a repository of its own, which git would only link to", async () => {
      write({ "a.txt": "" });
      mkdirSync(join(folder, "lib"));
      git(join(folder, "lib"), "init", "-q");
      git(join(folder, "lib"), "commit", "-q", "--allow-empty", "-m", "x");
      assert.deepEqual(await warned(), { "a.txt": undefined, "lib/": "repository" });
      await prepare();
      assert.deepEqual(committed(), ["a.txt"]);
    });

    const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb\n-----END OPENSSH PRIVATE KEY-----\n";
    const secrets: Record<string, string> = {
      ".env": "",
      "config/.env.production": "",
      id_rsa: "",
      ".netrc": "",
      "release.keystore": "",
      "credentials.json": "{}",
      "prod.tfstate": "{}",
      "deploy/key.txt": key,
      "server.pem": key.replace("OPENSSH ", ""),
      "aws.ini": "id = AKIAABCDEFGHIJKLMNOP\n",
      "ci.yml": `token: ghp_${"a1B2".repeat(9)}\n`,
      "bitbucket.sh": "curl -H 'Bearer ATCTT3xFfGN0abcdefghij=12345678'\n",
      ".npmrc": "//registry.example/:_authToken=abcdef0123456789\n",
      "strings.xml": `<key>AIza${"x".repeat(35)}</key>`,
    };
    const harmless: Record<string, string> = {
      ".env.example": "TOKEN=\n",
      "id_rsa.pub": "ssh-rsa AAAA",
      "cert.pem": "-----BEGIN CERTIFICATE-----\n",
      "public.txt": "-----BEGIN PUBLIC KEY-----\n",
      "sub/.npmrc": "//registry.example/:_authToken=${NPM_TOKEN}\n",
      "env.ts": "export const env = process.env;\n",
      "token.ts": "const prefix = 'ghp_';\n",
    };

    it("names what looks like a secret, by name or content, and nothing else", async () => {
      write({ ...secrets, ...harmless });
      const found = await warned();
      for (const name of Object.keys(secrets)) assert.equal(found[name], "secret", name);
      for (const name of Object.keys(harmless)) assert.equal(found[name], undefined, name);
    });

    it("goes without what carries a warning unless it was chosen, and says so", async () => {
      write({ ...threeFiles, ".env": "TOKEN=x\n" });
      const prepared = await prepare();
      assert.deepEqual(
        prepared.leftOut.map(({ path }) => path),
        [".env"],
      );
      assert.deepEqual(committed(), ["README.md", "a.txt", "src/b.ts"]);
      await prepared.undo();
      await prepare({ files: [".env", "a.txt"] });
      assert.deepEqual(committed(), [".env", "a.txt"]);
    });
  });

  describe("a .gitignore", () => {
    for (const [names, some] of [
      [["package.json"], "node_modules/"],
      [["pyproject.toml"], "__pycache__/"],
      [["main.py"], ".venv/"],
      [["Cargo.toml"], "target/"],
      [["App.csproj"], "obj/"],
      [["main.tf"], ".terraform/"],
      [[".env"], ".env"],
    ] as const) {
      it(`offers ${some} for ${names.join(", ")}`, () => {
        assert.ok(proposeIgnored(names).includes(some));
      });
    }

    it("is not offered where nothing calls for one, or where there is one", async () => {
      assert.deepEqual(proposeIgnored(["README.md", "notes.txt", ".env.example"]), []);
      write({ "package.json": "{}", ".gitignore": "dist\n" });
      assert.deepEqual((await lookAtFolder(openGit, folder)).proposal, []);
    });

    it("keeps out of the commit what it names, and is committed itself", async () => {
      write({ "package.json": "{}", "node_modules/x/index.js": "" });
      const { proposal } = await lookAtFolder(openGit, folder);
      await prepare({ ignored: proposal });
      assert.deepEqual(committed(), [".gitignore", "package.json"]);
    });

    it("that came in the meantime stays as it is", async () => {
      write(threeFiles);
      const situation = await lookAtFolder(openGit, folder);
      write({ ".gitignore": "theirs\n" });
      const choices = { defaultBranch: undefined, ignored: ["ours/"], files: undefined, identity: undefined };
      const prepared = await prepareFolder(openGit, situation, choices, signal);
      await prepared.undo();
      assert.equal(readFileSync(join(folder, ".gitignore"), "utf8"), "theirs\n");
    });
  });

  describe("a folder that can't be published by itself", () => {
    it("inside another repository is not made one of its own: that one is offered", async () => {
      git(folder, "init", "-q");
      write({ "sub/a.txt": "" });
      const error = await assertFails(lookAtFolder(openGit, join(folder, "sub")), "NotARepository");
      assert.deepEqual(error.fixes[0], {
        kind: "retry",
        title: `Publish ${folder}`,
        change: { folder },
      });
    });

    it("is said to be missing", async () => {
      await assertFails(lookAtFolder(openGit, join(folder, "nowhere")), "NotARepository");
    });

    it("that became a repository meanwhile stays as it is", async () => {
      const situation = await lookAtFolder(openGit, folder);
      git(folder, "init", "-q");
      const before = snapshot();
      const choices = { defaultBranch: undefined, ignored: ["x"], files: undefined, identity: undefined };
      await assertFails(prepareFolder(openGit, situation, choices, signal), "NotARepository");
      assert.deepEqual(snapshot(), before);
    });
  });
});

import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { UserError } from "../../src/errors";
import { readScene } from "../../src/flows/check/scene";
import { connectRepository } from "../../src/flows/connect/connectRepository";
import type { ConnectRequest } from "../../src/flows/connect/connectRequest";
import { describeRepository } from "../../src/flows/describeRepository";
import { planPush } from "../../src/flows/push/planPush";
import { pushRepository } from "../../src/flows/push/pushRepository";
import { addOwnHelper, connectRequest, createRepository, git } from "./support/connectStage";
import type { GitRepository } from "./support/gitRepository";
import { onStage, writing } from "./support/onStage";

/** G8 to G10 of our cases. */
describe("what a person has set up for Git", () => {
  const on = onStage();
  let count = 0;

  function prepare(changes: Partial<ConnectRequest> = {}) {
    const slug = `own-${++count}`;
    on.bitbucket.addRepository(`acme/${slug}`);
    const name = `token of ${slug}`;
    const { secret } = on.addToken(slug, writing, name);
    const local = createRepository(on.stage, slug);
    const repository = { workspace: "acme", slug };
    const request = connectRequest({ repository, token: { secret }, ...changes });
    const url = `${on.bitbucket.webUrl}/acme/${slug}.git`;
    return { local, request, url, ssh: `git@${new URL(url).hostname}:acme/${slug}.git`, slug, name };
  }
  const connect = (local: GitRepository, request: ConnectRequest) =>
    connectRepository(on.open.ports, local, request, () => undefined, new AbortController().signal);
  const values = (local: GitRepository, key: string) =>
    git(local.root, "config", "--get-all", key).split("\n");

  describe("G8: a helper for Bitbucket alone, in the global config", () => {
    beforeEach(() => {
      const { webUrl } = on.bitbucket;
      appendFileSync(join(on.stage.home, ".gitconfig"), `[credential "${webUrl}"]\n\thelper = store\n`);
    });

    it("is known to the form, before and after connecting", async () => {
      const { local, request } = prepare({ branch: undefined });
      const isKnown = async () => (await describeRepository(on.open.ports, local)).hasCredentialHelper;
      assert.equal(await isKnown(), true);
      await connect(local, request);
      assert.equal(await isKnown(), true);
    });

    it("is enough to hand the token to, also in place of ours", async () => {
      const { local, request, slug } = prepare({ branch: undefined });
      await connect(local, request);
      await connect(local, { ...request, gitAccess: "credentialHelper" });
      assert.match(readFileSync(join(on.stage.home, ".git-credentials"), "utf8"), new RegExp(slug));
    });
  });

  it("no program that the repository names is run to read it (P33)", async () => {
    const { local, request } = prepare();
    await connect(local, request);
    const ran = join(on.stage.root, "ran");
    const program = join(on.stage.root, "program");
    writeFileSync(program, `#!/bin/sh\necho "$0 $*" >>'${ran}'\n`);
    chmodSync(program, 0o755);
    const names = [
      "core.fsmonitor",
      "core.sshCommand",
      "core.pager",
      "core.editor",
      "core.askPass",
      "diff.external",
    ];
    for (const name of [
      ...names,
      "gpg.program",
      "core.gitProxy",
      "pager.config",
      "pager.remote",
      "alias.remote",
    ])
      git(local.root, "config", name, program);
    git(local.root, "config", "core.hooksPath", on.stage.root);
    git(local.root, "commit", "-q", "--allow-empty", "--no-verify", "-m", "One more");
    rmSync(ran, { force: true });
    const reading = await on.open.ports.readRepository(local.root);
    await Promise.all([reading.branch("main"), reading.author(), reading.unpushed("main")]);
    await planPush(on.open.ports, local, {});
    await readScene(on.open.ports, local);
    assert.equal(existsSync(ran), false);
  });

  it("a helper for another host is none", async () => {
    appendFileSync(
      join(on.stage.home, ".gitconfig"),
      '[credential "https://github.com"]\n\thelper = store\n',
    );
    const { local } = prepare();
    assert.equal((await describeRepository(on.open.ports, local)).hasCredentialHelper, false);
    addOwnHelper(on.stage);
    assert.equal((await describeRepository(on.open.ports, local)).hasCredentialHelper, true);
  });

  describe("G9: the person's locale", () => {
    // No machine is sure to have a German locale; Git's German needs only the language.
    const locale = { LANG: "de_DE.UTF-8", LC_ALL: "C.UTF-8", LANGUAGE: "de" };
    const before = Object.keys(locale).map((name) => [name, process.env[name]] as const);
    beforeEach(() => {
      Object.assign(process.env, locale);
    });
    afterEach(() => {
      for (const [name, value] of before) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    });

    async function connected() {
      const prepared = prepare();
      await connect(prepared.local, prepared.request);
      git(prepared.local.root, "commit", "-q", "--allow-empty", "-m", "One more");
      return prepared;
    }
    const push = async (local: GitRepository) =>
      pushRepository(
        on.open.ports,
        local,
        await planPush(on.open.ports, local, {}),
        () => undefined,
        new AbortController().signal,
      );

    it("is their hooks'", async () => {
      const { local } = await connected();
      const seen = join(on.stage.root, "seen");
      addHook(local, `echo "$LANG $LC_ALL" >'${seen}'`);
      await push(local);
      assert.equal(readFileSync(seen, "utf8"), "de_DE.UTF-8 C.UTF-8\n");
    });

    it("hides no refusal: Git's words are read all the same", async () => {
      const { local, name } = await connected();
      addHook(local, 'echo "Größe: zu groß" >&2; exit 1');
      await assert.rejects(push(local), (error: unknown) => {
        assert.ok(error instanceof UserError);
        assert.equal(error.code, "PushRejected");
        assert.match(error.message, /Größe: zu groß/);
        return true;
      });
      addHook(local, "exit 0");
      on.bitbucket.revoke(name);
      await assert.rejects(push(local), { code: "TokenRejected" });
    });

    function addHook(local: GitRepository, script: string): void {
      const folder = join(local.root, ".git", "hooks");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "pre-push"), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, "pre-push"), 0o755);
    }
  });

  describe("G10: a push URL of its own, by SSH, beside an https URL", () => {
    function withPushUrl() {
      const prepared = prepare({ branch: undefined });
      git(prepared.local.root, "remote", "add", "origin", prepared.url);
      git(prepared.local.root, "config", "remote.origin.pushurl", prepared.ssh);
      return prepared;
    }

    it("is asked about, and stands as it was until then", async () => {
      const { local, request, ssh } = withPushUrl();
      await assert.rejects(connect(local, request), (error: unknown) => {
        assert.ok(error instanceof UserError);
        assert.equal(error.code, "RemoteExists");
        assert.ok(error.message.includes(ssh), error.message);
        assert.deepEqual(
          error.fixes.map(({ title }) => title),
          ["Keep push URL", "Replace push URL"],
        );
        return true;
      });
      assert.deepEqual(values(local, "remote.origin.pushurl"), [ssh]);
    });

    it("stays, or goes, as the person says", async () => {
      const kept = withPushUrl();
      await connect(kept.local, { ...kept.request, existingRemote: "keepPushUrl" });
      assert.deepEqual(values(kept.local, "remote.origin.pushurl"), [kept.ssh]);
      const replaced = withPushUrl();
      await connect(replaced.local, { ...replaced.request, existingRemote: "replace" });
      assert.throws(() => values(replaced.local, "remote.origin.pushurl"));
    });
  });
});

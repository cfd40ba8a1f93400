import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { GitAccess } from "../../src/protocol/formMessages";
import { isThorough } from "../extent.mjs";
import type { EditorWindow } from "./driver/editorWindow";
import { until } from "./driver/until";
import { ConnectForm } from "./scene/connectForm";
import {
  configText,
  connectFiles,
  ConnectScene,
  gitConfigWithHelper,
  type Prepared,
} from "./scene/connectScene";
import { SecretSearch } from "./scene/secretSearch";

/** How long a git of the dead editor gets to do harm. */
const settleMs = 1_500;

/** The other modes take a minute more each; connectKilled.test.ts goes through all of them without an editor. */
const modes: readonly GitAccess[] = isThorough ? ["vscode", "credentialHelper", "remoteUrl"] : ["vscode"];

for (const gitAccess of modes) {
  describe(`an extension host killed while it connects (${gitAccess})`, () => {
    const root = mkdtempSync(join(tmpdir(), "connect-killed-"));
    const credentials = join(root, "credentials");
    let scene: ConnectScene;
    let prepared: Prepared;
    let window: EditorWindow;
    let untouched: string;

    before(async () => {
      scene = await ConnectScene.open();
      prepared = scene.prepare();
      untouched = configText(prepared.folder);
      const gitConfig = gitConfigWithHelper(credentials, join(root, "calls"));
      const settings = { "bitbucketConnect.gitAccess": gitAccess };
      window = await scene.openWindow({ folder: prepared.folder, gitConfig, settings });
    });

    after(async () => {
      await window.close();
      await scene.close();
      rmSync(root, { recursive: true });
    });

    it("leaves the repository as before, when Bitbucket was still verifying", async () => {
      const verification = scene.hold(/^\/2\.0\/repositories\//, "GET");
      await startConnecting();
      await verification.arrived;
      await window.killExtensionHost();
      verification.letGo();
      await assertAsBefore();
    });

    it("leaves the repository as before, when another program held the config", async () => {
      const lock = join(prepared.folder, ".git", "config.lock");
      writeFileSync(lock, "");
      await startConnecting();
      await untilJournal();
      await window.killExtensionHost();
      rmSync(lock);
      await assertAsBefore();
    });

    it("leaves the repository as before, when the push was under way, also once Bitbucket goes on", async () => {
      const push = scene.hold(/git-receive-pack$/, "POST");
      await startConnecting();
      await push.arrived;
      assert.notEqual(configText(prepared.folder), untouched);
      await window.killExtensionHost();
      await window.reload();
      await assertAsBefore();
      push.letGo();
      await sleep(settleMs);
      await assertAsBefore();
    });

    it("connects after all that", async () => {
      await startConnecting();
      await window
        .form()
        .getByRole("heading", { name: /^Connected/ })
        .waitFor();
      assert.deepEqual(connectFiles(prepared.folder), []);
      const { code, output } = await window.runInTerminal("git fetch && git status -sb");
      assert.equal(code, 0, output);
      assert.match(output, /main\.\.\.origin\/main/);
    });

    async function startConnecting(): Promise<void> {
      const form = await ConnectForm.open(window);
      await form.fill(prepared.repository, prepared.token);
      await form.field("Commit e-mail").fill(prepared.botEmail);
      await form.button("Connect").click();
    }

    async function untilJournal(): Promise<void> {
      const journal = join(prepared.folder, ".git", "bitbucket-connect.journal");
      await until("connecting has begun", () => existsSync(journal) || undefined);
    }

    /** By the extension that has come up again. */
    async function assertAsBefore(): Promise<void> {
      await window.extensionHost.pid();
      await until("the journal is gone", () => connectFiles(prepared.folder).length === 0 || undefined);
      assert.equal(configText(prepared.folder), untouched);
      const kept = existsSync(credentials) ? readFileSync(credentials, "utf8") : "";
      assert.ok(!new SecretSearch(prepared.token).isIn(kept), "the person's helper still has the token");
      assert.deepEqual(new SecretSearch(prepared.token).inFiles(prepared.folder).found, []);
    }
  });
}

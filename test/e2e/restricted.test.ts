import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EditorWindow } from "./driver/editorWindow";
import { ConnectForm } from "./scene/connectForm";
import { ConnectScene, git, type Prepared } from "./scene/connectScene";

describe("a folder that is not trusted", () => {
  let scene: ConnectScene;
  let prepared: Prepared;
  let window: EditorWindow;
  let trap: string;

  before(async () => {
    scene = await ConnectScene.open();
    prepared = scene.prepare();
    git(prepared.folder, "remote", "add", "origin", prepared.url);
    trap = join(prepared.folder, "ran");
    const program = join(prepared.folder, "trap.sh");
    writeFileSync(program, `#!/bin/sh\ntouch '${trap}'\n`, { mode: 0o755 });
    git(prepared.folder, "config", "core.fsmonitor", program);
    window = await scene.openWindow({
      folder: prepared.folder,
      settings: {
        "security.workspace.trust.enabled": true,
        "security.workspace.trust.startupPrompt": "never",
      },
    });
  });
  after(async () => {
    await window.close();
    await scene.close();
  });

  for (const title of ["Bitbucket: Push", "Bitbucket: Open on Bitbucket"]) {
    it(`runs no git, and explains: ${title} (P32)`, async () => {
      await window.runCommand(title);
      await window.notification(/Git doesn't run in Restricted Mode/).waitFor();
      if (title.endsWith("Push")) await window.screenshot("restricted-push");
      await window.runCommand("Notifications: Clear All Notifications");
      assert.equal(await window.statusBarItem(prepared.repository).count(), 0);
      assert.equal(existsSync(trap), false);
    });
  }

  it("the form explains too, and is itself once the folder is trusted", async () => {
    await window.runCommand("Bitbucket: Connect repository");
    const alert = window.form().getByRole("alert");
    await alert.getByText(/Git doesn't run in Restricted Mode/).waitFor();
    await window.screenshot("restricted-form");
    await window.form().getByRole("button", { name: "Manage workspace trust" }).click();
    git(prepared.folder, "config", "--unset", "core.fsmonitor");
    await window.page.getByRole("button", { name: "Trust", exact: true }).click();
    await window.statusBarItem(prepared.repository).waitFor();
    await window.page.keyboard.press("Escape");
    const form = await ConnectForm.open(window);
    await form.fill(prepared.repository, prepared.token);
    await form.connect();
    assert.equal(existsSync(trap), false);
  });
});

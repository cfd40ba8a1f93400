import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isThorough } from "../extent.mjs";
import type { EditorWindow } from "./driver/editorWindow";
import { ConnectScene, git, type Prepared } from "./scene/connectScene";

/** What asks for a repository, beside the form; the first two speak for the others in all but a thorough run. */
const aboutRepository = [
  "Push",
  "Publish repository",
  "Push another branch or with tags",
  "Check connection",
  "Disconnect repository",
  "Open on Bitbucket",
];
const aboutGit = [...aboutRepository, "Clone repository", "Manage tokens", "Replace token"];
const some = (titles: readonly string[]) => (isThorough ? titles : titles.slice(0, 2));

describe("surroundings without a repository", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "connect-surroundings-")));
  const plain = join(root, "notes");
  let scene: ConnectScene;
  let repository: Prepared;
  let window: EditorWindow;

  before(async () => {
    scene = await ConnectScene.open();
    repository = scene.prepare();
    git(repository.folder, "remote", "add", "origin", repository.url);
    mkdirSync(plain);
    writeFileSync(join(plain, "one.txt"), "one\n");
    window = await scene.openWindow({});
  });
  after(async () => {
    await window.close();
    await scene.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** It is all that is said: nothing came up at the start (P34). */
  async function isTold(title: string, words: RegExp, button: string): Promise<void> {
    await window.runCommand(`Bitbucket: ${title}`);
    const told = window.notification(words);
    await told.getByRole("button", { name: button, exact: true }).waitFor();
    const all = await window.notifications();
    assert.deepEqual(
      all.filter((text) => !words.test(text) && !isEditors(text)),
      [],
    );
  }

  async function formIsTold(words: RegExp, button: string): Promise<void> {
    await window.runCommand("Bitbucket: Connect repository");
    await window.form().getByRole("alert").getByText(words).waitFor();
    await window.form().getByRole("button", { name: button, exact: true }).waitFor();
  }

  async function putAside(): Promise<void> {
    await window.runCommand("Notifications: Clear All Notifications");
  }

  describe("no folder", () => {
    for (const title of some(aboutRepository)) {
      it(`${title} says so, and opens one`, async () => {
        await isTold(title, /No folder is open/, "Open folder");
        await window.screenshot(`surroundings-no-folder-${title}`);
        await putAside();
      });
    }

    it("the form says so, and clones and tokens need none", async () => {
      await formIsTold(/No folder is open/, "Open folder");
      await window.screenshot("surroundings-no-folder-form");
      await window.runCommand("Bitbucket: Clone repository");
      await window.quickInput.item("Add token").waitFor();
      await window.screenshot("surroundings-no-folder-clone");
      await window.quickInput.cancel();
      await window.runCommand("Bitbucket: Manage tokens");
      await window.quickInput.item("Add token").waitFor();
      await window.screenshot("surroundings-no-folder-tokens");
      await window.quickInput.cancel();
    });

    it("Replace token says that there is none, and adds one", async () => {
      await isTold("Replace token", /No token is stored yet/, "Add token");
      await window.screenshot("surroundings-no-folder-replace");
    });
  });

  describe("git switched off", () => {
    before(async () => {
      window.settings.write({ ...window.settings.current, "git.enabled": false });
      await window.openFolder(repository.folder);
    });

    for (const title of some(aboutGit)) {
      it(`${title} says so, and leads to the setting`, async () => {
        await isTold(title, /Git is turned off/, "Open settings");
        await window.screenshot(`surroundings-git-off-${title}`);
        await putAside();
      });
    }

    it("the form says so, and it and the push button know when it is on again", async () => {
      await formIsTold(/Git is turned off/, "Open settings");
      await window.screenshot("surroundings-git-off-form");
      await window.form().getByRole("button", { name: "Open settings", exact: true }).click();
      const box = window.page.getByRole("checkbox", { name: "git.enabled" });
      await box.waitFor();
      await window.screenshot("surroundings-git-off-settings");
      await box.click();
      await window.statusBarItem("main").first().waitFor(); // the git extension is back
      await window.page.keyboard.press("Escape"); // the settings lie over all else
      await window.statusBarItem(repository.repository).waitFor();
      await window.form().getByRole("button", { name: "Connect", exact: true }).waitFor();
      await window.screenshot("surroundings-git-on");
    });
  });

  describe("no git", () => {
    const words = /can't find Git on this computer/;
    let program: string;

    before(async () => {
      program = window.personsProgram("git");
      writeFileSync(program, "#!/bin/sh\nexit 127\n", { mode: 0o755 });
      window.settings.write({ ...window.settings.current, "git.enabled": true });
      await window.openFolder(plain);
    });

    for (const title of some(aboutGit)) {
      it(`${title} says so, and leads to git's page`, async () => {
        await isTold(title, words, "Download Git");
        await window.screenshot(`surroundings-no-git-${title}`);
        await putAside();
      });
    }

    it("the form says so", async () => {
      await formIsTold(words, "Download Git");
      await window.screenshot("surroundings-no-git-form");
    });

    it("once it is installed and the window reloaded, what the folder lacks is a repository", async () => {
      rmSync(program);
      await window.reload();
      await isTold("Push", /isn't a Git repository yet/, "Initialize repository");
      await window.screenshot("surroundings-plain-push");
      await formIsTold(/isn't a Git repository yet/, "Initialize repository");
      await window.screenshot("surroundings-plain-form");
    });
  });

  describe("a folder that is not on disk", () => {
    const words = /isn't on disk/;

    before(async () => {
      const file = join(root, "virtual.code-workspace");
      writeFileSync(file, JSON.stringify({ folders: [{ uri: "vscode-vfs://github/acme/payments" }] }));
      window.settings.write({ ...window.settings.current, "git.enabled": true });
      await window.openFolder(file);
    });

    for (const title of some(aboutRepository)) {
      it(`${title} says so`, async () => {
        await isTold(title, words, "Open folder");
        await window.screenshot(`surroundings-virtual-${title}`);
        await putAside();
      });
    }

    it("the form says so", async () => {
      await formIsTold(words, "Open folder");
      await window.screenshot("surroundings-virtual-form");
    });
  });
});

/** The git extension's own, where there is no git. */
function isEditors(text: string): boolean {
  return /Git not found/.test(text);
}

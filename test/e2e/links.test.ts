import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { makeSampleRepository } from "../host/sampleRepository.mjs";
import type { EditorWindow } from "./driver/editorWindow";
import { until } from "./driver/until";
import { ConnectScene, git, type Prepared } from "./scene/connectScene";

describe("a window with a repository on Bitbucket and one that is elsewhere", () => {
  let scene: ConnectScene;
  let window: EditorWindow;
  let ours: Prepared;

  before(async () => {
    scene = await ConnectScene.open();
    ours = scene.prepare();
    const theirs = makeSampleRepository(join(dirname(ours.folder), "elsewhere"));
    git(ours.folder, "remote", "add", "origin", ours.url);
    git(theirs, "remote", "add", "origin", "https://github.com/octo/elsewhere.git");
    for (const [folder, name] of [
      [ours.folder, "ours.md"],
      [theirs, "theirs.md"],
    ] as const) {
      mkdirSync(join(folder, "docs"));
      writeFileSync(join(folder, "docs", name), "one\ntwo\nthree\n");
      git(folder, "add", ".");
      git(folder, "commit", "-q", "-m", `Add ${name}`);
    }
    // As if it had been pushed and fetched.
    git(ours.folder, "update-ref", "refs/remotes/origin/main", "HEAD");
    const file = join(dirname(ours.folder), "both.code-workspace");
    writeFileSync(file, JSON.stringify({ folders: [{ path: ours.folder }, { path: theirs }] }));
    window = await scene.openWindow({ folder: file });
    await window.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  });
  after(async () => {
    await window.close();
    await scene.close();
  });

  async function menuOf(name: string): Promise<boolean> {
    await window.openFile(name);
    await window.runCommand("File: Reveal Active File in Explorer View");
    const explorer = window.page.locator("#workbench\\.view\\.explorer");
    await explorer.locator(".monaco-list-row", { hasText: name }).click({ button: "right" });
    await window.menuItem("Copy Path").waitFor();
    const isThere = await window.menuItem("Open on Bitbucket").isVisible();
    await window.screenshot(`links-menu-${basename(name)}`);
    await window.page.keyboard.press("Escape");
    await window.menuItem("Copy Path").waitFor({ state: "hidden" });
    return isThere;
  }

  const copied = () => window.page.evaluate(() => navigator.clipboard.readText());

  it("offers Bitbucket's page of a file only where its repository is on Bitbucket (U11)", async () => {
    await window.openFile("ours.md");
    await window.statusBarItem(ours.repository).waitFor();
    assert.equal(await menuOf("ours.md"), true);
    assert.equal(await menuOf("theirs.md"), false);
  });

  it("from the palette it is the repository on Bitbucket, whichever file is open", async () => {
    await window.openFile("theirs.md");
    await window.runCommand("Bitbucket: Open on Bitbucket");
    const page = await window.openedPage(() => window.quickInput.choose(/The repository/));
    assert.ok(page.pathname.endsWith(`/${ours.repository}`), page.pathname);
  });

  it("copies the link of a file and of the lines that are selected in it", async () => {
    const head = git(ours.folder, "rev-parse", "HEAD");
    const url = `${scene.bitbucket.webUrl}/${ours.repository}/src/${head}/docs/ours.md?at=main`;
    await window.openFile("ours.md");
    await window.page.keyboard.press("ControlOrMeta+Home");
    await window.runCommand("Bitbucket: Copy link");
    await window.quickInput.choose(/This file/);
    await window.statusBarItem("Copied the link").waitFor();
    await window.screenshot("links-copied");
    assert.equal(await copied(), url);
    await window.page.locator(".editor-instance .view-lines").first().click();
    await window.page.keyboard.press("ControlOrMeta+Home");
    await window.page.keyboard.press("Shift+ArrowDown");
    await window.page.keyboard.press("Shift+ArrowDown");
    await window.runCommand("Bitbucket: Copy link");
    await window.quickInput.choose(/This file/);
    await window.page.waitForTimeout(500);
    assert.equal(await copied(), `${url}#lines-1:2`);
  });
});

describe("a fresh profile", () => {
  let scene: ConnectScene;
  let window: EditorWindow;

  before(async () => {
    scene = await ConnectScene.open();
    window = await scene.openWindow({ folder: scene.prepare().folder });
  });
  after(async () => {
    await window.close();
    await scene.close();
  });

  it("connects with “bitbucket connect” and Enter (U10)", async () => {
    await until("the palette has it", async () => {
      await window.page.keyboard.press("F1");
      await window.quickInput.fill(">bitbucket connect");
      if (await window.quickInput.hasItem("Bitbucket: Connect repository")) return true;
      await window.quickInput.cancel();
      return undefined;
    });
    assert.equal((await window.quickInput.labels())[0]?.trim(), "Bitbucket: Connect repository");
    await window.screenshot("palette-connect");
    await window.page.keyboard.press("Enter");
    await window.form().getByLabel("Access token").first().waitFor();
  });
});

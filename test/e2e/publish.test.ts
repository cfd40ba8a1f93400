import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EditorWindow } from "./driver/editorWindow";
import { until } from "./driver/until";
import { ConnectForm } from "./scene/connectForm";
import { ConnectScene, git, write } from "./scene/connectScene";

const title = "Bitbucket: Publish repository";
/** By what each shows once it can be answered. */
const questions = [
  "acme",
  "Bitbucket's choice",
  /acme\/photo-gallery/,
  "Private",
  "Write a .gitignore",
  "index.html",
] as const;

describe("a person who publishes a folder without git", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "publish-scene-")));
  const folder = join(root, "Photo gallery");
  let scene: ConnectScene;
  let window: EditorWindow;

  before(async () => {
    scene = await ConnectScene.open();
    scene.bitbucket.addRepository("acme/existing");
    mkdirSync(join(folder, "node_modules"), { recursive: true });
    mkdirSync(join(root, "clones"));
    writeFileSync(join(folder, "index.html"), "<h1>Photos</h1>\n");
    writeFileSync(join(folder, "package.json"), "{}\n");
    writeFileSync(join(folder, "node_modules", "big.js"), "0;\n");
    writeFileSync(join(folder, ".env"), "PASSWORD=secret\n");
    window = await scene.openWindow({ folder });
    await keepToken();
  });
  after(async () => {
    await window.close();
    await scene.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** As people do it who have connected or cloned before. */
  async function keepToken(): Promise<void> {
    const scopes = ["repository", "repository:write", "repository:admin", "project"];
    const request = { kind: "workspace", workspace: "acme", scopes, name: "admin" } as const;
    const { secret } = scene.bitbucket.addToken(request);
    const url = scene.bitbucket.webUrl.replace("://", `://x-token-auth:${encodeURIComponent(secret)}@`);
    await window.runCommand("Bitbucket: Clone repository");
    await window.quickInput.item("Add token").waitFor();
    await window.page.keyboard.insertText(`git clone ${url}/acme/existing.git`);
    await window.quickInput.item("Clone acme/existing").waitFor();
    await window.page.keyboard.press("Enter");
    await window.quickInput.chooseFolder(`${join(root, "clones")}/`, "Clone here");
    await window.notification("Cloned acme/existing").waitFor({ timeout: 60_000 });
    await window.runCommand("Notifications: Clear All Notifications");
  }

  const shown = (text: string | RegExp) => window.quickInput.widget.getByText(text).first();

  async function step(question: string | RegExp, picture?: string): Promise<void> {
    await shown(question).waitFor();
    if (picture) await window.screenshot(picture);
    await window.page.keyboard.press("Enter");
  }

  it("is offered it in the Source Control view", async () => {
    const view = await window.sourceControlView();
    await view.getByRole("button", { name: "Publish to Bitbucket" }).waitFor();
    await window.screenshot("publish-1-welcome");
  });

  it("leaves the folder as it was with Escape at any question", async () => {
    for (let asked = 0; asked < questions.length; asked++) {
      await window.runCommand(title);
      for (const question of questions.slice(0, asked)) await step(question);
      await shown(questions[asked] ?? "").waitFor();
      await window.quickInput.cancel();
    }
    assert.equal(existsSync(join(folder, ".git")), false);
    assert.equal(existsSync(join(folder, ".gitignore")), false);
  });

  it("has it on Bitbucket by the keyboard alone, without what should not be there", async () => {
    await window.runCommand(title);
    for (const [n, question] of questions.entries()) await step(question, `publish-${n + 2}`);
    await window.notification("Connected: main is on acme/photo-gallery").waitFor({ timeout: 60_000 });
    await window.screenshot("publish-8-done");
    await until("the branch is on Bitbucket", async () =>
      (await scene.bitbucket.refs("acme/photo-gallery")).has("refs/heads/main") ? true : undefined,
    );
    const files = git(folder, "ls-tree", "-r", "--name-only", "HEAD").split("\n");
    assert.deepEqual(files, [".gitignore", "index.html", "package.json"]);
    await window.statusBarItem("acme/photo-gallery").waitFor();
  });
});

describe("a person who publishes without a token that may create", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "publish-page-")));
  const folder = join(root, "notes");
  let scene: ConnectScene;
  let window: EditorWindow;

  before(async () => {
    scene = await ConnectScene.open();
    scene.bitbucket.addRepository("acme/existing");
    mkdirSync(folder);
    for (const name of ["one.txt", "two.txt", "three.txt"]) writeFileSync(join(folder, name), `${name}\n`);
    window = await scene.openWindow({ folder });
  });
  after(async () => {
    await window.close();
    await scene.close();
    rmSync(root, { recursive: true, force: true });
  });

  async function answer(question: string | RegExp): Promise<void> {
    await window.quickInput.widget.getByText(question).first().waitFor();
    await window.page.keyboard.press("Enter");
  }

  it("creates it on Bitbucket's page, comes back, and connects with a token by the form", async () => {
    await window.runCommand(title);
    await window.quickInput.widget.getByText("(1/").waitFor();
    await window.quickInput.fill("acme");
    await answer("Use acme");
    await answer("Bitbucket's choice");
    await answer(/acme\/notes/);
    await answer("Private");
    const page = await window.openedPage(() => answer("one.txt"));
    assert.equal(
      `${page.pathname}${page.search}`.replace(/^\/proxy\/\d+/, ""),
      "/repo/create?workspace=acme",
    );

    const browser = await window.context.newPage();
    await browser.goto(`${scene.bitbucket.webUrl}/repo/create?workspace=acme`);
    await browser.getByLabel("Repository name").fill("notes");
    await browser.getByRole("button", { name: "Create repository" }).click();
    await browser.getByText("This repository is empty.").waitFor();
    await browser.close();

    await window.quickInput.widget.getByText("Create it on the page in your browser").waitFor();
    await window.screenshot("publish-page-1");
    await window.page.keyboard.press("Enter");
    const form = new ConnectForm(window, window.form());
    await form.frame.locator("fieldset.all-fields:enabled").waitFor(); // until then it is empty
    assert.equal(await form.field("Repository").inputValue(), "acme/notes");
    await form.field("Access token").fill(scene.addToken("acme/notes", write).secret);
    await window.screenshot("publish-page-2");
    await form.connect();
    const files = (await scene.bitbucket.refs("acme/notes")).has("refs/heads/main");
    assert.ok(files);
    assert.equal(git(folder, "ls-tree", "-r", "--name-only", "HEAD"), "one.txt\nthree.txt\ntwo.txt");
  });
});

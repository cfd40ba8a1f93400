import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EditorWindow } from "./driver/editorWindow";
import { until } from "./driver/until";
import { Actions } from "./scene/actions";
import { ConnectScene, git, write } from "./scene/connectScene";

const title = "Bitbucket: Publish repository";
/** By what each shows once it can be answered. */
const questions = [
  "acme",
  "Automatic",
  /acme\/photo-gallery/,
  "Private",
  "Add .gitignore",
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
    await window.notification("Connected and pushed main to acme/photo-gallery").waitFor({ timeout: 60_000 });
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
  let scene: ConnectScene;
  let window: EditorWindow;

  const folderOf = (name: string) => join(root, name);
  before(async () => {
    scene = await ConnectScene.open();
    scene.bitbucket.addRepository("acme/existing");
    for (const name of ["notes", "letters"]) {
      mkdirSync(folderOf(name));
      for (const file of ["one.txt", "two.txt", "three.txt"])
        writeFileSync(join(folderOf(name), file), `${file}\n`);
    }
    window = await scene.openWindow({ folder: folderOf("notes") });
  });
  after(async () => {
    await window.close();
    await scene.close();
    rmSync(root, { recursive: true, force: true });
  });

  const shown = (text: string | RegExp) => window.quickInput.widget.getByText(text).first();
  const answer = async (question: string | RegExp) => {
    await shown(question).waitFor();
    await window.page.keyboard.press("Enter");
  };

  it("creates it in the browser, as chosen, and is asked for its URL, a token and what is left", async () => {
    await window.runCommand(title);
    await window.quickInput.item("Create it in the browser").waitFor();
    await window.screenshot("publish-start");
    await window.page.keyboard.press("ArrowDown");
    const page = await window.openedPage(() => window.page.keyboard.press("Enter"));
    assert.equal(page.pathname.replace(/^\/proxy\/\d+/, ""), "/repo/create");

    const browser = await window.context.newPage();
    await browser.goto(`${scene.bitbucket.webUrl}/repo/create?workspace=acme`);
    await browser.getByLabel("Repository name").fill("notes");
    await browser.getByRole("button", { name: "Create repository" }).click();
    await browser.getByText("This repository is empty.").waitFor();
    const made = browser.url();
    await browser.close();

    await shown(/without README and .gitignore. Then paste its URL here/).waitFor();
    await window.screenshot("publish-page-1");
    await window.quickInput.accept(made);
    await shown(/Repositories: Write/).waitFor();
    await window.screenshot("publish-page-2");
    await window.quickInput.accept(scene.addToken("acme/notes", write).secret);
    await answer("one.txt");
    await window.notification("Connected and pushed main to acme/notes").waitFor({ timeout: 60_000 });
    assert.ok((await scene.bitbucket.refs("acme/notes")).has("refs/heads/main"));
    const files = git(folderOf("notes"), "ls-tree", "-r", "--name-only", "HEAD");
    assert.equal(files, "one.txt\nthree.txt\ntwo.txt");
  });

  it("pastes a token first, and is done in eight actions without a page", async () => {
    await window.openFolder(folderOf("letters"));
    const account = "ada@example.com";
    scene.bitbucket.addAccount(account, { workspaces: ["acme"] });
    const scopes = [
      "read:workspace",
      "read:repository",
      "write:repository",
      "admin:repository",
      "read:project",
    ];
    const { secret } = scene.bitbucket.addToken({
      ...{ kind: "api", account, scopes: scopes.map((scope) => `${scope}:bitbucket`), name: "creates" },
    });
    const actions = new Actions();
    await actions.do("run Publish", () => window.runCommand(title));
    await window.quickInput.item("Create it in the browser").waitFor();
    await actions.do("paste the token", () => window.page.keyboard.insertText(secret));
    for (const question of ["acme", "Automatic", /acme\/letters/, "Private", "one.txt"])
      await actions.do(`answer ${String(question)}`, () => answer(question));
    await window.notification("Connected and pushed main to acme/letters").waitFor({ timeout: 60_000 });
    actions.assertAtMost(8);
    assert.ok((await scene.bitbucket.refs("acme/letters")).has("refs/heads/main"));
    assert.equal(window.context.pages().length, 1, "no page opened");
    assert.ok(!(await window.page.content()).includes(secret.slice(0, 20)));
  });
});

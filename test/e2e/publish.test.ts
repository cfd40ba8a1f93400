import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EditorWindow } from "./driver/editorWindow";
import { until } from "./driver/until";
import { ConnectScene, git } from "./scene/connectScene";

const title = "Bitbucket: Publish repository";

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
    await window.quickInput.item("Connect with an access token").waitFor();
    await window.page.keyboard.insertText(`git clone ${url}/acme/existing.git`);
    await window.quickInput.item("Clone acme/existing").waitFor();
    await window.page.keyboard.press("Enter");
    await window.quickInput.widget.getByText("Clone here").waitFor();
    await window.quickInput.accept(`${join(root, "clones")}/`);
    await window.notification("Cloned acme/existing").waitFor({ timeout: 60_000 });
    await window.runCommand("Notifications: Clear All Notifications");
  }

  async function step(text: string | RegExp, picture?: string): Promise<void> {
    await window.quickInput.widget.getByText(text).first().waitFor();
    if (picture) await window.screenshot(picture);
    await window.page.keyboard.press("Enter");
  }

  it("is offered it in the Source Control view", async () => {
    const view = await window.sourceControlView();
    await view.getByRole("button", { name: "Publish to Bitbucket" }).waitFor();
    await window.screenshot("publish-1-welcome");
  });

  it("leaves the folder as it was with Escape at any question", async () => {
    await keepToken();
    for (let questions = 0; questions < 5; questions++) {
      await window.runCommand(title);
      for (let n = 0; n < questions; n++) {
        await window.quickInput.widget.getByText(new RegExp(`\\(${n + 1}/\\d\\)`)).waitFor();
        await window.quickInput.widget
          .locator(".monaco-progress-container.done")
          .waitFor({ state: "attached" });
        await window.page.keyboard.press("Enter");
      }
      await window.quickInput.widget.getByText(new RegExp(`\\(${questions + 1}/\\d\\)`)).waitFor();
      await window.quickInput.cancel();
    }
    assert.equal(existsSync(join(folder, ".git")), false);
    assert.equal(existsSync(join(folder, ".gitignore")), false);
  });

  it("has it on Bitbucket by the keyboard alone, without what should not be there", async () => {
    await window.runCommand(title);
    await step("acme");
    await step("Bitbucket's choice", "publish-2-project");
    await step(/acme\/photo-gallery/, "publish-3-name");
    await step("Private");
    await step("Write a .gitignore", "publish-4-gitignore");
    await step("index.html", "publish-5-files");
    await window.notification("Connected: main is on acme/photo-gallery").waitFor({ timeout: 60_000 });
    await window.screenshot("publish-6-done");
    await until("the branch is on Bitbucket", async () =>
      (await scene.bitbucket.refs("acme/photo-gallery")).has("refs/heads/main") ? true : undefined,
    );
    const files = git(folder, "ls-tree", "-r", "--name-only", "HEAD").split("\n");
    assert.deepEqual(files, [".gitignore", "index.html", "package.json"]);
    await window.statusBarItem("acme/photo-gallery").waitFor();
  });
});

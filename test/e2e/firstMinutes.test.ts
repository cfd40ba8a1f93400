import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeSampleRepository } from "../host/sampleRepository.mjs";
import type { EditorWindow } from "./driver/editorWindow";
import { Actions } from "./scene/actions";
import { ConnectScene, git, type Prepared } from "./scene/connectScene";

/** The email of the person's Git. */
const account = "ada@example.com";
const apiScopes = ["read:workspace:bitbucket", "read:repository:bitbucket", "write:repository:bitbucket"];

describe("a person's first minutes, in an empty window", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "first-minutes-")));
  const clones = join(root, "clones");
  let scene: ConnectScene;
  let window: EditorWindow;

  before(async () => {
    mkdirSync(clones);
    scene = await ConnectScene.open();
    const seedFrom = makeSampleRepository(join(root, "seed"));
    for (const name of ["payments", "site"]) scene.bitbucket.addRepository(`acme/${name}`, { seedFrom });
    scene.bitbucket.addAccount(account, { workspaces: ["acme"] });
    window = await scene.openWindow({});
  });
  after(async () => {
    await window.close();
    await scene.close();
    rmSync(root, { recursive: true, force: true });
  });

  const press = (key: string) => window.page.keyboard.press(key);
  const paste = (text: string) => window.page.keyboard.insertText(text);
  const chooseFolder = () => window.quickInput.chooseFolder(`${clones}/`, "Clone here");
  const addApiToken = (name: string, owner = account) =>
    scene.bitbucket.addToken({ kind: "api", account: owner, scopes: apiScopes, name }).secret;
  const isNowhere = async (secret: string) => {
    assert.ok(!(await window.page.content()).includes(secret.slice(0, 20)));
  };

  /** The one token that there is. */
  async function removeToken(name: RegExp): Promise<void> {
    await window.runCommand("Bitbucket: Manage tokens");
    await window.quickInput.choose(name);
    await window.quickInput.choose(/^\s*Remove token\s*$/);
    const { page } = window;
    await page
      .locator(".monaco-dialog-box")
      .getByRole("button", { name: /Remove token/ })
      .click();
    await window.notification(/Removed the token/).waitFor();
    await window.runCommand("Notifications: Clear All Notifications");
  }

  it("clone with a token at hand, which is pasted into the list, in five actions", async () => {
    const secret = addApiToken("first");
    const actions = new Actions();
    await actions.do("run Clone", () => window.runCommand("Bitbucket: Clone repository"));
    await window.quickInput.item("Add token").waitFor();
    assert.equal((await window.quickInput.labels())[0]?.trim(), "Add token");
    await window.screenshot("first-clone-picker");
    await actions.do("paste the token", () => paste(secret));
    await window.quickInput.item("acme/payments").waitFor();
    await isNowhere(secret);
    await window.screenshot("first-clone-list");
    await window.notification(/Stored: API token of ada@example.com/).waitFor();
    await window.quickInput.fill("payments");
    await window.quickInput.item("acme/site").waitFor({ state: "hidden" });
    await actions.do("choose the repository", () => press("Enter"));
    await window.quickInput.item("Only main").waitFor();
    await actions.do("take the default branch", () => press("Enter"));
    await actions.do("choose the folder", chooseFolder);
    await window.notification("Cloned acme/payments").waitFor({ timeout: 60_000 });
    actions.assertAtMost(5);
    assert.ok(existsSync(join(clones, "payments", ".git")));
    await window.runCommand("Notifications: Clear All Notifications");
  });

  it("a cancel after the token was taken loses nothing: the next clone lists at once (P44)", async () => {
    await window.runCommand("Bitbucket: Clone repository");
    await window.quickInput.item("acme/site").waitFor();
    await window.quickInput.cancel();
    await removeToken(/API token of ada@example.com/);
  });

  it("the first row asks for the token, and an email that Bitbucket refuses is corrected in place (P43)", async () => {
    const secret = addApiToken("of Bob", "bob@example.com");
    scene.bitbucket.addAccount("bob@example.com", { workspaces: ["acme"] });
    await window.runCommand("Bitbucket: Clone repository");
    await window.quickInput.item("Add token").waitFor();
    await press("Enter");
    const { widget } = window.quickInput;
    await widget
      .getByText(/Paste a token, or all that Bitbucket showed with it.*read:repository:bitbucket/)
      .waitFor();
    assert.equal(await window.quickInput.input.getAttribute("type"), "password");
    await window.screenshot("add-token");
    await window.quickInput.accept("not a token");
    await widget.getByText(/placeholder from an example/).waitFor();
    await window.screenshot("add-token-fault");
    await window.quickInput.accept(`export BITBUCKET_TOKEN=${secret}`);
    await widget.getByText(/Enter the email of your Atlassian account/).waitFor();
    assert.equal(await window.quickInput.input.inputValue(), account, "Git's own is proposed");
    await press("Enter");
    await widget.getByText(/Bitbucket rejected this token with the email/).waitFor();
    await window.screenshot("add-token-email");
    await window.quickInput.accept("bob@example.com");
    await window.quickInput.item("acme/site").waitFor();
    await isNowhere(secret);
    await window.quickInput.cancel();
    await removeToken(/API token of bob@example.com/);
  });

  it("an access token, of which Bitbucket doesn't tell where it works, is asked for its workspace", async () => {
    const scopes = ["repository", "repository:write"];
    const token = scene.bitbucket.addToken({ kind: "workspace", workspace: "acme", scopes, name: "acme" });
    await window.runCommand("Bitbucket: Clone repository");
    await window.quickInput.item("Add token").waitFor();
    await paste(token.secret);
    await window.quickInput.widget.getByText(/Enter the workspace or repository/).waitFor();
    await window.screenshot("add-token-place");
    await window.quickInput.accept("globex");
    await window.quickInput.widget.getByText(/doesn't have access to globex/).waitFor();
    await window.quickInput.accept(`${scene.bitbucket.webUrl}/acme/workspace/overview`);
    await window.quickInput.item("acme/site").waitFor();
    await window.quickInput.cancel();
    await window.runCommand("Bitbucket: Manage tokens");
    await window.quickInput.item("Workspace access token for acme").waitFor();
    await window.screenshot("manage-added-token");
    await window.quickInput.cancel();
    await removeToken(/Workspace access token for acme/);
  });
});

describe("a person's first push, in a clone that Git made", () => {
  let scene: ConnectScene;
  let window: EditorWindow;
  let prepared: Prepared;

  before(async () => {
    scene = await ConnectScene.open();
    prepared = scene.prepare();
    git(prepared.folder, "remote", "add", "origin", prepared.url);
    window = await scene.openWindow({ folder: prepared.folder });
  });
  after(async () => {
    await window.close();
    await scene.close();
  });

  const isPushed = async (repository: string) => {
    await window.notification(/Pushed main to/).waitFor({ timeout: 60_000 });
    assert.ok((await scene.bitbucket.refs(repository)).has("refs/heads/main"));
    await window.runCommand("Notifications: Clear All Notifications");
  };
  const push = async () => {
    await window.runCommand("Bitbucket: Push");
    await window.dialog().getByRole("button", { name: "Push", exact: true }).click();
  };

  it("asks for a token in the same breath, and goes on (P43)", async () => {
    await push();
    const told = window.notification(/No stored token can push to acme/);
    await told.getByRole("button", { name: "Add token", exact: true }).waitFor();
    await window.screenshot("push-without-token");
    await told.getByRole("button", { name: "Add token", exact: true }).click();
    await window.quickInput.widget.getByText(/Repositories: Write/).waitFor();
    await window.screenshot("push-add-token");
    await window.quickInput.accept(prepared.token);
    await isPushed(prepared.repository);
    await window.statusBarItem(prepared.repository).waitFor();
  });

  it("is told of a refused token behind Git's own dialog of a pull, for as long as it takes (U12)", async () => {
    scene.bitbucket.revoke(prepared.tokenName);
    await window.runCommand("Git: Pull");
    await window
      .dialog()
      .getByText(/Failed to authenticate/)
      .waitFor();
    const ours = window.notification(/Bitbucket rejected the token/);
    await ours.waitFor();
    await window.page.waitForTimeout(16_000); // a notice that may hide itself would be gone
    await window.page.keyboard.press("Escape");
    await ours.getByRole("button", { name: "Replace token", exact: true }).waitFor();
    await window.screenshot("pull-refused");
    assert.equal((await window.notifications()).length, 1);
    await window.runCommand("Notifications: Clear All Notifications");
  });

  it("takes the stored token that can push, with one button (U5)", async () => {
    const other = scene.prepare();
    git(other.folder, "remote", "add", "origin", other.url);
    const account = "ada@example.com";
    scene.bitbucket.addAccount(account, { workspaces: ["acme"] });
    const { secret } = scene.bitbucket.addToken({ kind: "api", account, scopes: apiScopes, name: "person" });
    await window.runCommand("Bitbucket: Add token");
    await window.quickInput.accept(secret);
    await window.notification(/Stored: API token of ada@example.com/).waitFor();
    await window.openFolder(other.folder);
    await push();
    await window.pressInNotification(
      /isn't connected, but a stored token can push to it/,
      "Connect and push",
    );
    await isPushed(other.repository);
  });
});

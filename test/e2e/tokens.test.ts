import assert from "node:assert/strict";
import type { EditorWindow } from "./driver/editorWindow";
import { ConnectForm } from "./scene/connectForm";
import { ConnectScene, configText, git, type Prepared } from "./scene/connectScene";

const title = "Bitbucket: Manage tokens";

describe("a person who looks after the tokens", () => {
  let scene: ConnectScene;
  let prepared: Prepared;
  let window: EditorWindow;

  before(async () => {
    scene = await ConnectScene.open();
    prepared = scene.prepare();
    window = await scene.openWindow({ folder: prepared.folder });
    const form = await ConnectForm.open(window);
    await form.fill(prepared.repository, prepared.token);
    await form.field("Expires").selectOption("date");
    await form.field("Expiry date").fill(new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10));
    await form.connect();
    await form.button("Close").click();
    await form.waitForEnd();
  });
  after(async () => {
    await window.close();
    await scene.close();
  });

  const name = () => `Repository access token for ${prepared.repository}`;
  const account = "ada@example.com";

  async function choose(action: RegExp | string, token = name()): Promise<void> {
    await window.runCommand(title);
    await window.quickInput.choose(token);
    await window.quickInput.choose(action);
  }

  it("sees what it is, what it may do and how long it works, and nothing of the secret", async () => {
    await window.runCommand(title);
    await window.quickInput.item(name()).waitFor();
    await window.screenshot("tokens-1-list");
    const text = await window.quickInput.widget.innerText();
    assert.match(text, /expires in 5 days/);
    assert.match(text, /Repositories: Write/);
    await window.quickInput.choose(name());
    await window.quickInput.item("Check now").waitFor();
    await window.screenshot("tokens-2-actions");
    assert.ok(!(await window.page.content()).includes(prepared.token.slice(0, 24)));
    await window.quickInput.cancel();
  });

  it("asks Bitbucket whether it works", async () => {
    await choose("Check now");
    await window.quickInput.widget.getByText("works, pull and push").waitFor();
    await window.screenshot("tokens-3-checked");
    await window.quickInput.cancel();
  });

  it("reads where it is (P15)", async () => {
    await choose("Where it's stored");
    await window
      .dialog()
      .getByText(/secret storage/)
      .first()
      .waitFor();
    await window.screenshot("tokens-4-where");
    await window.page.keyboard.press("Escape");
    await window.quickInput.item("Check now").waitFor();
    await window.quickInput.cancel();
  });

  it("is reminded of its end by a push, once (P19)", async () => {
    for (const n of [1, 2]) {
      git(prepared.folder, "commit", "-q", "--allow-empty", "-m", `More ${n}`);
      await window.statusBarItem(`${prepared.repository} ↑1`).click();
      await window.notification("Pushed main to").waitFor();
      const reminder = window.notification(/expires in 5 days/);
      if (n === 1) {
        await reminder.waitFor();
        await window.screenshot("tokens-5-reminder");
        await window.pressInNotification(/expires in 5 days/, "Later");
      } else assert.equal(await reminder.count(), 0);
      await window.runCommand("Notifications: Clear All Notifications");
    }
  });

  it("replaces it with an API token, is asked for its account, and writes down until when it works", async () => {
    scene.bitbucket.addAccount(account);
    const scopes = ["read:repository:bitbucket", "write:repository:bitbucket"];
    const { secret } = scene.bitbucket.addToken({ kind: "api", account, scopes, name: "of Ada" });
    const asked = window.quickInput.widget.getByText(/Atlassian account/);
    const paste = async () => {
      await choose("Replace token");
      await window.quickInput.widget.getByText(/Press Rotate/).waitFor();
      await window.quickInput.accept(secret);
      await asked.waitFor();
    };
    await paste();
    await window.screenshot("tokens-6-account");
    await window.quickInput.cancel();
    await paste(); // Esc has left the old one
    await window.quickInput.accept("ada");
    await window.quickInput.widget.getByText("This isn't a valid email").waitFor();
    // Bitbucket shows a token once: what was pasted is not asked for again after an outage.
    const mend = scene.bitbucket.faults.add({ kind: "status", status: 500 });
    await window.quickInput.accept(account);
    await window.notification(/500/).waitFor();
    await window.screenshot("tokens-6-outage");
    mend();
    await window.pressInNotification(/500/, "Try again");
    await window.pressInNotification(/Replaced the token/, "Set expiry");
    await window.quickInput.choose("365 days");
    await window.quickInput.widget.waitFor({ state: "hidden" });
    await window.runCommand(title);
    await window.quickInput.item(`API token of ${account}`).waitFor();
    assert.match(await window.quickInput.widget.innerText(), /expires in 36\d days/);
    await window.quickInput.cancel();
  });

  it("forgets it after being told what stops working, and git's config stays as it is", async () => {
    const config = configText(prepared.folder);
    await choose("Remove token", `API token of ${account}`);
    await window.dialog().getByText(prepared.repository).first().waitFor();
    await window.screenshot("tokens-7-forget");
    await window.dialog().getByRole("button", { name: "Remove token", exact: true }).click();
    await window.notification(/Removed the token/).waitFor();
    await window.runCommand(title);
    await window.quickInput.item("Add token").waitFor();
    await window.quickInput.cancel();
    assert.equal(configText(prepared.folder), config);
  });
});

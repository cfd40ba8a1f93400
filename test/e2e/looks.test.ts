import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { isThorough } from "../extent.mjs";
import type { EditorWindow, Theme } from "./driver/editorWindow";
import { ConnectForm } from "./scene/connectForm";
import { ConnectScene, git, shownByBitbucket, type Prepared } from "./scene/connectScene";

const themes: readonly Theme[] = ["light", "dark", "highContrast"];
const tall = { width: 1100, height: 1900 };

/** Pictures to look at, in out/screenshots. That they are there and not blank is all that a test can tell. */
const describeThorough = isThorough ? describe : describe.skip;

describeThorough("the form in the editor", () => {
  let scene: ConnectScene;
  let prepared: Prepared;
  let window: EditorWindow;

  before(async () => {
    scene = await ConnectScene.open();
    prepared = scene.prepare();
    git(prepared.folder, "remote", "add", "origin", "https://github.com/ada/payments.git");
    git(prepared.folder, "branch", "next");
    window = await scene.openWindow({ folder: prepared.folder });
    await window.page.setViewportSize(tall);
  });

  after(async () => {
    await window.close();
    await scene.close();
  });

  for (const theme of themes) {
    it(`has its picture taken in ${theme}`, async () => {
      await window.setTheme(theme);
      const form = await ConnectForm.open(window);
      await picture(`form-${theme}`);
      await form.field("Access token").focus();
      await form.paste(shownByBitbucket(prepared));
      await form.frame.getByText("Found in what you pasted").waitFor();
      await picture(`form-${theme}-pasted`);
      const reader = scene.addToken(prepared.repository, ["repository"]);
      await form.field("Access token").fill(reader.secret);
      await form.button("Connect").click();
      await form.alert.getByText("repository:write").waitFor();
      await picture(`form-${theme}-refused`);
    });
  }

  it("has its picture taken at work and when it is done", async () => {
    const form = await ConnectForm.open(window);
    await form.fill(prepared.repository, prepared.token);
    const push = scene.hold(/git-receive-pack$/, "POST");
    await form.button("Connect").click();
    await push.arrived;
    await picture("form-highContrast-running");
    push.letGo();
    await form.heading.waitFor();
    await picture("form-highContrast-connected");
  });

  async function picture(name: string): Promise<void> {
    const file = await window.screenshot(name);
    assert.ok(statSync(file).size > 20_000, `${file} is blank`);
  }
});

import assert from "node:assert/strict";
import type { EditorWindow } from "./driver/editorWindow";
import { until } from "./driver/until";
import { ConnectScene, configText, git, type Prepared } from "./scene/connectScene";

const title = "Bitbucket: Check connection";

describe("a person whose remote holds the token in plain text", () => {
  let scene: ConnectScene;
  let prepared: Prepared;
  let window: EditorWindow;
  let configBefore: string;

  before(async () => {
    scene = await ConnectScene.open();
    prepared = scene.prepare();
    const secret = encodeURIComponent(prepared.token);
    git(
      prepared.folder,
      "remote",
      "add",
      "origin",
      prepared.url.replace("://", `://x-token-auth:${secret}@`),
    );
    configBefore = configText(prepared.folder);
    window = await scene.openWindow({ folder: prepared.folder });
  });
  after(async () => {
    await window.close();
    await scene.close();
  });

  const openFindings = async () => {
    await window.runCommand(title);
    await window.quickInput
      .item(/in a URL/)
      .first()
      .waitFor();
  };

  it("is warned by the push button, and nowhere reads the token", async () => {
    const item = window.statusBarItem(prepared.repository);
    await item.waitFor();
    await item.hover();
    await window.page.locator(".monaco-hover", { hasText: "in plain text" }).waitFor();
    await window.page.mouse.move(0, 0);
    await openFindings();
    await window.screenshot("check-1-findings");
    assert.ok(!(await window.page.content()).includes(prepared.token.slice(0, 24)));
  });

  it("sees what will be changed, has it changed, and can take it back (P14)", async () => {
    await window.quickInput.item(/token/).first().click();
    await window.dialog().waitFor();
    await window.screenshot("check-2-preview");
    assert.ok(!(await window.dialog().innerText()).includes(prepared.token.slice(0, 24)));
    await window.dialog().getByRole("button", { name: "Clean up", exact: true }).click();
    await until("the URL is clean", () =>
      configText(prepared.folder).includes(`url = ${prepared.url}`) ? true : undefined,
    );
    assert.ok(!configText(prepared.folder).includes(prepared.token.slice(0, 24)));
    await window.screenshot("check-3-fixed");
    await window.page.getByRole("button", { name: "Undo", exact: true }).first().click();
    await until("the config is as it was", () =>
      configText(prepared.folder) === configBefore ? true : undefined,
    );
  });

  it("still pushes once it is clean, and is found healthy", async () => {
    await openFindings();
    await window.quickInput.item(/token/).first().click();
    await window.dialog().getByRole("button", { name: "Clean up", exact: true }).click();
    await until("the URL is clean", () =>
      configText(prepared.folder).includes(`url = ${prepared.url}`) ? true : undefined,
    );
    const { code, output } = await window.runInTerminal("git push -u origin main");
    assert.equal(code, 0, output);
  });
});

import assert from "node:assert/strict";
import axe, { type AxeResults } from "axe-core";
import type { EditorWindow } from "./driver/editorWindow";
import { until } from "./driver/until";
import { ConnectForm } from "./scene/connectForm";
import {
  configText,
  connectFiles,
  ConnectScene,
  git,
  shownByBitbucket,
  type Prepared,
} from "./scene/connectScene";

describe("a person who connects a repository", () => {
  let scene: ConnectScene;
  let prepared: Prepared;
  let window: EditorWindow;
  let untouched: string;

  before(async () => {
    scene = await ConnectScene.open();
    prepared = scene.prepare();
    untouched = configText(prepared.folder);
    window = await scene.openWindow({ folder: prepared.folder });
  });

  after(async () => {
    await window.close();
    await scene.close();
  });

  function assertUntouched(): void {
    assert.equal(configText(prepared.folder), untouched);
    assert.deepEqual(connectFiles(prepared.folder), []);
  }

  it("meets a form in which axe-core finds nothing", async () => {
    const form = await ConnectForm.open(window);
    const root = await form.frame.locator("html").elementHandle();
    const frame = await root.ownerFrame();
    assert.ok(frame);
    await frame.evaluate(axe.source);
    const violations = (await frame.evaluate<AxeResults>("axe.run()")).violations;
    assert.deepEqual(
      violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
      [],
    );
  });

  it("is led back to it by the same command, with all that was typed", async () => {
    const form = await ConnectForm.open(window);
    await form.field("Repository").fill(prepared.repository);
    await form.field("Commit e-mail").fill(prepared.botEmail);
    await window.openFile("README.md");
    const again = await ConnectForm.open(window);
    assert.equal(await again.field("Repository").inputValue(), prepared.repository);
    assert.equal(await again.field("Commit e-mail").inputValue(), prepared.botEmail);
    assert.equal(await window.page.getByRole("tab", { name: "Connect to Bitbucket" }).count(), 1);
  });

  it("leaves with Esc, and nothing has changed (P2)", async () => {
    const form = await ConnectForm.open(window);
    await form.fill(prepared.repository, prepared.token);
    await window.page.keyboard.press("Escape");
    await form.frame.getByText("Press Esc again to close and discard your entries.").waitFor();
    await window.page.keyboard.press("Escape");
    await form.waitForEnd();
    assertUntouched();
  });

  it("cancels while Bitbucket takes its time, and nothing has changed (P2)", async () => {
    const form = await ConnectForm.open(window);
    await form.fill(prepared.repository, prepared.token);
    const verification = scene.hold(/^\/2\.0\/repositories\//, "GET");
    await form.button("Connect").click();
    await verification.arrived;
    await form.button("Cancel").click();
    await form.frame.getByText("Cancelled. Changes undone.").waitFor();
    verification.letGo();
    assertUntouched();
  });

  it("reads at the field what a token lacks, and connects with a better one (P7)", async () => {
    const form = await ConnectForm.open(window);
    const reader = scene.addToken(prepared.repository, ["repository"]);
    await form.fill(prepared.repository, reader.secret);
    await form.button("Connect").click();
    await form.alert.getByText("repository:write").waitFor();
    await form.button("Open token page").last().waitFor();
    const box = form.field("Access token");
    assert.equal(await box.getAttribute("aria-invalid"), "true");
    assert.equal(await box.inputValue(), "", "the form keeps no token");
    assertUntouched();
    await box.fill(prepared.token);
    await form.connect();
    const refs = await scene.bitbucket.refs(prepared.repository);
    assert.equal(refs.get("refs/heads/main"), git(prepared.folder, "rev-parse", "main"));
  });

  it("needs the keyboard alone, and pastes all that Bitbucket showed (P5)", async function () {
    this.timeout(180_000); // it opens a window of its own
    const other = scene.prepare();
    const second = await scene.openWindow({ folder: other.folder, beside: window });
    try {
      const form = await ConnectForm.openByKeyboard(second);
      await form.tabTo(form.field("Access token"));
      await form.paste(shownByBitbucket(other));
      await until("the repository is read from the paste", async () =>
        (await form.field("Repository").inputValue()) === other.repository ? true : undefined,
      );
      assert.equal(await form.field("Access token").inputValue(), other.token);
      assert.equal(await form.field("Commit e-mail").inputValue(), other.botEmail);
      assert.equal(await form.field("Branch to push").inputValue(), "main");
      await form.tabTo(form.button("Connect"));
      await second.page.keyboard.press("Enter");
      await form.heading.waitFor();
      const refs = await scene.bitbucket.refs(other.repository);
      assert.equal(refs.get("refs/heads/main"), git(other.folder, "rev-parse", "main"));
      assert.equal(git(other.folder, "remote", "get-url", "origin"), other.url);
      assert.equal(git(other.folder, "config", "--local", "user.email"), other.botEmail);
    } finally {
      await second.close();
    }
  });
});

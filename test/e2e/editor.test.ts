import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeSampleRepository } from "../host/sampleRepository.mjs";
import type { EditorWindow } from "./driver/editorWindow";
import { openWindow } from "./driver/openWindow";

describe("in a window of the editor", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "connect-window-")));
  let window: EditorWindow;

  before(async () => {
    makeSampleRepository(folder);
    window = await openWindow({ folder });
  });

  after(async () => {
    await window.close();
    rmSync(folder, { recursive: true });
  });

  it("the palette opens the form, which asks for what connecting needs", async () => {
    await window.runCommand("Bitbucket: Connect repository");
    const form = window.form();
    await form.getByRole("textbox", { name: "Repository", exact: true }).waitFor();
    await form.getByLabel("Access token", { exact: true }).waitFor();
    await form.getByRole("button", { name: "Connect", exact: true }).waitFor();
    await window.screenshot("form");
  });

  it("the terminal has the person's own git and nobody's credential helper", async () => {
    const { output } = await window.runInTerminal(
      "git config user.email; git config credential.helper; git log --oneline",
    );
    const [email, ...commits] = output.trim().split("\n");
    assert.equal(email, "ada@example.com");
    assert.equal(commits.length, 3);
  });

  it("the extension is there again after a reload and after its host was killed", async () => {
    await window.reload();
    await window.killExtensionHost();
    await window.runCommand("Bitbucket: Connect repository");
    await window.form().getByRole("button", { name: "Connect", exact: true }).waitFor();
  });
});

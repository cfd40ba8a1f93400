import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { EditorWindow } from "./driver/editorWindow";
import { ConnectForm } from "./scene/connectForm";
import { ConnectScene, configText, git, type Prepared } from "./scene/connectScene";

describe("a person with two repositories and one form", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "connect-form-folder-")));
  let scene: ConnectScene;
  let first: Prepared;
  let second: Prepared;
  let window: EditorWindow;

  before(async () => {
    scene = await ConnectScene.open();
    [first, second] = [scene.prepare(), scene.prepare()];
    for (const { folder } of [first, second]) {
      const file = `only-${basename(folder)}.md`;
      writeFileSync(join(folder, file), "Mine\n");
      git(folder, "add", ".");
      git(folder, "commit", "-qm", "A file of its own");
    }
    const both = join(root, "both.code-workspace");
    writeFileSync(both, JSON.stringify({ folders: [{ path: first.folder }, { path: second.folder }] }));
    window = await scene.openWindow({ folder: both });
  });
  after(async () => {
    await window.close();
    await scene.close();
    rmSync(root, { recursive: true, force: true });
  });

  const openFileOf = ({ folder }: Prepared) => window.openFile(`only-${basename(folder)}.md`);

  it("connects the one whose file was looked at, whatever file is looked at after", async () => {
    await openFileOf(second);
    const form = await ConnectForm.open(window);
    await form.fill(second.repository, second.token);
    assert.equal(await form.field("Folder").inputValue(), second.folder);
    await openFileOf(first);
    const again = await ConnectForm.open(window);
    assert.equal(await again.field("Folder").inputValue(), second.folder);
    assert.equal(await again.field("Repository").inputValue(), second.repository);
  });

  it("is asked before a new form takes the place of what was entered", async () => {
    await openFileOf(first);
    await window.runCommand("Bitbucket: Push");
    await window.pressInNotification(/doesn't have a remote on Bitbucket/, "Connect repository");
    await window.dialog().getByText("The open form is connecting another repository").waitFor();
    await window.screenshot("form-in-the-way");
    await window.page.keyboard.press("Escape");
    const form = new ConnectForm(window, window.form());
    assert.equal(await form.field("Repository").inputValue(), second.repository);
    const untouched = configText(first.folder);
    await form.connect();
    assert.equal(configText(first.folder), untouched);
    const branches = await scene.bitbucket.refs(second.repository);
    assert.equal(branches.get("refs/heads/main"), git(second.folder, "rev-parse", "main"));
  });
});

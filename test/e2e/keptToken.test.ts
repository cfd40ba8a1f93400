import assert from "node:assert/strict";
import type { EditorWindow } from "./driver/editorWindow";
import { ConnectForm } from "./scene/connectForm";
import { ConnectScene, configText, git, write } from "./scene/connectScene";

describe("a person who connects a second repository of a workspace", () => {
  let scene: ConnectScene;
  let window: EditorWindow;

  before(async () => {
    scene = await ConnectScene.open();
  });
  after(async () => {
    await window.close();
    await scene.close();
  });

  it("leaves the token to the one that is kept, and creates none", async () => {
    const [first, second] = [scene.prepare(), scene.prepare()];
    const { secret } = scene.bitbucket.addToken({
      kind: "workspace",
      workspace: "acme",
      scopes: write,
      name: "of acme",
    });
    window = await scene.openWindow({ folder: first.folder });
    const form = await ConnectForm.open(window);
    await form.fill(first.repository, secret);
    await form.connect();
    await window.openFolder(second.folder);

    const again = await ConnectForm.open(window);
    await again.field("Repository").fill(second.repository);
    await again.frame.getByText(`The token stored for ${first.repository} may have access too.`).waitFor();
    await window.screenshot("kept-token-offered");
    scene.bitbucket.clearRequests();
    await again.connect();
    const branches = await scene.bitbucket.refs(second.repository);
    assert.equal(branches.get("refs/heads/main"), git(second.folder, "rev-parse", "main"));
    const users = new Set(scene.bitbucket.requests.map(({ token }) => token));
    users.delete(undefined); // git asks without a token first
    assert.deepEqual([...users], ["of acme"]);
    assert.ok(!configText(second.folder).includes(secret));
  });
});

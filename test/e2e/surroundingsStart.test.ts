import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Locator } from "playwright-core";
import { isThorough } from "../extent.mjs";
import type { EditorWindow } from "./driver/editorWindow";
import { until } from "./driver/until";
import { ConnectForm } from "./scene/connectForm";
import { ConnectScene, git, type Prepared } from "./scene/connectScene";

const ask = [
  "Push another branch or with tags",
  "Check connection",
  "Disconnect repository",
  "Open on Bitbucket",
];

describe("surroundings with two repositories, each with a token of its own", () => {
  let scene: ConnectScene;
  let payments: Prepared;
  let site: Prepared;
  let window: EditorWindow;
  let both: string;

  before(async () => {
    scene = await ConnectScene.open();
    [payments, site] = [scene.prepare(), scene.prepare()];
    both = join(dirname(site.folder), "both.code-workspace");
    const folders = [payments, site].map(({ folder }) => ({ path: folder }));
    writeFileSync(both, JSON.stringify({ folders }));
    commit(site, "only-site.txt");
    window = await scene.openWindow({ folder: both });
    await connect(payments);
    await connect(site, "2020-01-31");
  });
  after(async () => {
    await window.close();
    await scene.close();
  });

  /** In the form that is open for the first repository until another is chosen. */
  async function connect(repository: Prepared, expires?: string): Promise<void> {
    const form = await ConnectForm.open(window);
    await form.field("Folder").selectOption(repository.folder);
    await form.fill(repository.repository, repository.token);
    if (expires !== undefined) {
      await form.field("Expires").selectOption("date");
      await form.field("Expiry date").fill(expires);
    }
    await form.connect();
    await form.button("Close").click();
    await form.waitForEnd();
  }

  function commit({ folder }: Prepared, name: string): void {
    writeFileSync(join(folder, name), `${name}\n`);
    git(folder, "add", ".");
    git(folder, "commit", "-q", "-m", `Add ${name}`);
  }

  const subject = async ({ repository }: Prepared) =>
    (await scene.bitbucket.commits(repository, "main"))[0]?.subject;
  const which = () => window.quickInput.widget.getByPlaceholder("Which repository?");

  async function isOnBitbucket(repository: Prepared, name: string): Promise<void> {
    await until("the commit is on Bitbucket", async () =>
      (await subject(repository)) === `Add ${name}` ? true : undefined,
    );
  }

  for (const title of isThorough ? ask : ask.slice(1, 2)) {
    it(`${title} asks which, where no open file says`, async () => {
      await window.runCommand(`Bitbucket: ${title}`);
      await which().waitFor();
      await window.screenshot(`surroundings-which-${title}`);
      await window.quickInput.cancel();
      assert.deepEqual(await window.notifications(), []);
    });
  }

  it("Push asks which, pushes that one with its token, and its buttons are about that one too", async () => {
    commit(site, "asked.txt");
    scene.bitbucket.clearRequests();
    await window.runCommand("Bitbucket: Push");
    await which().waitFor();
    await window.quickInput.choose(/payments-3$/);
    await isOnBitbucket(site, "asked.txt");
    const asked = scene.bitbucket.requests.map(({ path }) => path);
    assert.ok(
      asked.every((path) => path.includes(site.repository)),
      asked.join(),
    );
  });

  it("the open file says which", async () => {
    await window.openFile("only-site.txt");
    await window.statusBarItem(site.repository).waitFor();
    commit(site, "active.txt");
    await window.runCommand("Bitbucket: Push");
    await isOnBitbucket(site, "active.txt");
  });

  it("nothing is said at the start: one is connected, the token of the other has expired (P34)", async () => {
    window.settings.write({ ...window.settings.current, "workbench.editor.restoreEditors": false });
    await window.openFolder(both);
    await window.openFile("only-site.txt");
    const item = window.statusBarItem(site.repository);
    await item.waitFor();
    await tells(item, /The token expired\. Replace it to push\./);
    await window.screenshot("surroundings-start-expired");
    await isQuiet();
  });

  it("the editor has lost the tokens: nothing is said at the start, and once when git needs one (P31, P34)", async () => {
    await window.close();
    // The tokens are in the browser, as code-server keeps secrets.
    window = await scene.openWindow({ folder: payments.folder });
    const item = window.statusBarItem(payments.repository);
    await item.waitFor();
    await tells(item, /token is no longer stored\. Connect again to push\./);
    await window.screenshot("surroundings-start-lost");
    await isQuiet();
    const fetch = "GIT_TERMINAL_PROMPT=0 GIT_ASKPASS= git fetch";
    assert.notEqual((await window.runInTerminal(`${fetch}; ${fetch}`)).code, 0);
    const lost = window.notification(/The token for .* is no longer stored/);
    await lost.getByRole("button", { name: "Connect repository", exact: true }).waitFor();
    await window.screenshot("surroundings-lost-told");
    assert.equal((await window.notifications()).length, 1);
    await window.pressInNotification(/is no longer stored/, "Connect repository");
    const form = new ConnectForm(window, window.form());
    await until("the form has the repository", async () =>
      (await form.field("Repository").inputValue()) === payments.repository ? true : undefined,
    );
  });

  it("in Restricted Mode nothing is said at the start either, until somebody asks (P32, P34)", async () => {
    window.settings.write({
      ...window.settings.current,
      "security.workspace.trust.enabled": true,
      "security.workspace.trust.startupPrompt": "never",
    });
    await window.openFolder(site.folder);
    await window.runCommand("Bitbucket: Push");
    const told = window.notification(/Git doesn't run in Restricted Mode/);
    await told.getByRole("button", { name: "Manage workspace trust", exact: true }).waitFor();
    assert.equal((await window.notifications()).length, 1);
  });

  async function tells(item: Locator, words: RegExp): Promise<void> {
    await until(`the push button tells ${String(words)}`, async () => {
      const label = await item.locator("a").getAttribute("aria-label");
      return words.test(label ?? "") ? true : undefined;
    });
  }

  /** Neither a notification nor one that waits behind the bell. */
  async function isQuiet(): Promise<void> {
    assert.deepEqual(await window.notifications(), []);
    assert.deepEqual(await window.waitingNotifications(), []);
  }
});

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Locator } from "playwright-core";
import type { EditorWindow } from "./driver/editorWindow";
import { until } from "./driver/until";
import { ConnectForm } from "./scene/connectForm";
import { ConnectScene, git, type Prepared } from "./scene/connectScene";

describe("a window with two repositories on Bitbucket", () => {
  let scene: ConnectScene;
  let payments: Prepared;
  let site: Prepared;
  let window: EditorWindow;
  let sourceControl: Locator;
  let file: string;
  let folders: readonly { readonly path: string }[];

  before(async () => {
    scene = await ConnectScene.open();
    payments = scene.prepare();
    site = scene.prepare();
    git(site.folder, "remote", "add", "origin", site.url);
    for (const [folder, name] of [
      [payments.folder, "only-payments.md"],
      [site.folder, "only-site.md"],
    ] as const) {
      writeFileSync(join(folder, name), "one\ntwo\nthree\n");
      git(folder, "add", ".");
      git(folder, "commit", "-q", "-m", `Add ${name}`);
    }
    file = join(dirname(site.folder), "both.code-workspace");
    folders = [payments, site].map(({ folder }) => ({ path: folder }));
    writeFileSync(file, JSON.stringify({ folders }));
    window = await scene.openWindow({ folder: file });
    sourceControl = await window.sourceControlView();
  });
  after(async () => {
    await window.close();
    await scene.close();
  });

  const warns = (repository: string) => async () => {
    const kind = await window.statusBarItem(repository).getAttribute("class");
    return kind?.includes("warning-kind") === true ? true : undefined;
  };

  const rightClickRow = (folder: string) =>
    sourceControl.getByText(basename(folder), { exact: true }).first().click({ button: "right" });
  const rowHasMenu = async ({ folder }: Prepared) => {
    await rightClickRow(folder);
    const ofGit = window.menuItem("Close Repository");
    await ofGit.waitFor();
    const isThere = await window.menuItem("Bitbucket").isVisible();
    await window.page.keyboard.press("Escape");
    await ofGit.waitFor({ state: "hidden" });
    return isThere;
  };

  it("a file's menu in the Explorer has its page on Bitbucket, whichever repository is active", async () => {
    await window.openFile("only-site.md");
    await window.statusBarItem(site.repository).waitFor();
    await window.runCommand("File: Reveal Active File in Explorer View");
    const explorer = window.page.locator("#workbench\\.view\\.explorer");
    const row = explorer.locator(".monaco-list-row", { hasText: "only-site.md" });
    await row.waitFor();
    await window.openFile("only-payments.md"); // its repository has no remote yet
    await window.statusBarItem(site.repository).waitFor({ state: "hidden" });
    await row.click({ button: "right" });
    await window.menuItem("Open on Bitbucket").waitFor();
    await window.page.keyboard.press("Escape");
    await window.menuItem("Open on Bitbucket").waitFor({ state: "hidden" });
    sourceControl = await window.sourceControlView();
  });

  it("the push button follows the active editor, and each row's menu its own repository", async () => {
    await window.openFile("only-site.md");
    await window.statusBarItem(site.repository).waitFor();
    assert.equal(await rowHasMenu(payments), false);
    await window.openFile("only-payments.md");
    await window.statusBarItem(site.repository).waitFor({ state: "hidden" });
    assert.equal(await rowHasMenu(site), true);
    git(payments.folder, "remote", "add", "origin", payments.url);
    await window.statusBarItem(payments.repository).waitFor();
  });

  it("warns of a token that ends soon, and says so", async () => {
    const form = await ConnectForm.open(window);
    await form.fill(payments.repository, payments.token);
    await form.field("Expires").selectOption("date");
    const soon = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
    await form.field("Expiry date").fill(soon);
    await form.connect();
    await form.button("Close").click();
    await form.waitForEnd();
    await window.openFile("only-payments.md");
    const item = window.statusBarItem(payments.repository);
    await until("the item warns", warns(payments.repository));
    await item.hover();
    await window.page.locator(".monaco-hover", { hasText: "The token expires soon." }).waitFor();
    await window.screenshot("push-11-expires-soon");
    await window.page.mouse.move(0, 0);
  });

  it("pushes a branch with its tags from the menu of the Source Control view", async () => {
    git(payments.folder, "tag", "-a", "v1", "-m", "One");
    await rightClickRow(payments.folder);
    await window.menuItem("Bitbucket").hover();
    await window.menuItem("Push another branch or with tags").waitFor();
    await window.screenshot("push-12-menu");
    await window.menuItem("Push another branch or with tags").click();
    await window.quickInput.choose(/main with tags/);
    await until("the tag is on Bitbucket", async () =>
      (await scene.bitbucket.refs(payments.repository)).has("refs/tags/v1") ? true : undefined,
    );
  });

  it("pushes another branch than the one checked out", async () => {
    git(payments.folder, "branch", "side");
    await window.openFile("only-payments.md");
    await window.runCommand("Bitbucket: Push another branch or with tags");
    await window.quickInput.choose(/^\s*side\s*$/);
    await window.dialog().getByRole("button", { name: "Push", exact: true }).click();
    await until("the branch is on Bitbucket", async () =>
      (await scene.bitbucket.refs(payments.repository)).has("refs/heads/side") ? true : undefined,
    );
    assert.equal(git(payments.folder, "branch", "--show-current"), "main");
  });

  it("opens the lines that are selected, as they are on Bitbucket", async () => {
    const head = git(payments.folder, "rev-parse", "HEAD");
    await window.openFile("only-payments.md");
    await window.page.keyboard.press("ControlOrMeta+Home");
    await window.page.keyboard.press("Shift+ArrowDown");
    await window.page.keyboard.press("Shift+ArrowDown");
    await window.runCommand("Bitbucket: Open on Bitbucket");
    const { pathname, search, hash } = await window.openedPage(() => window.quickInput.choose(/This file/));
    const expected = `/${payments.repository}/src/${head}/only-payments.md?at=main#lines-1:2`;
    assert.ok(`${pathname}${search}${hash}`.endsWith(expected), `${pathname}${search}${hash}`);
  });

  it("warns of a token that Bitbucket refuses, and pushes once more when it is replaced (P18)", async () => {
    scene.bitbucket.revoke(payments.tokenName);
    await window.openFile("only-payments.md");
    git(payments.folder, "commit", "-q", "--allow-empty", "-m", "More");
    await window.statusBarItem(`${payments.repository} ↑1`).click();
    await window.notification(/rejected the token/).waitFor();
    const item = window.statusBarItem(payments.repository);
    await window.page.mouse.move(0, 0);
    await item.hover();
    await window.page.locator(".monaco-hover", { hasText: "Bitbucket rejected the token" }).waitFor();
    await window.screenshot("push-13-refused");
    await window.page.mouse.move(0, 0);
    const { secret } = scene.addToken(payments.repository, ["repository", "repository:write"]);
    const prompts = (await window.notifications()).filter((text) => /rejected|refused/.test(text));
    assert.equal(prompts.length, 1, prompts.join());
    await window.pressInNotification(/rejected the token/, "Replace token");
    await window.quickInput.accept(secret);
    await window.notification(`Pushed main to ${payments.repository}`).waitFor();
    await until("the item is calm", async () => ((await warns(payments.repository)()) ? undefined : true));
  });

  it("is hidden where the setting says so", async () => {
    const item = window.statusBarItem(payments.repository);
    await item.waitFor();
    const settings = { "bitbucketConnect.statusBar": false };
    writeFileSync(file, JSON.stringify({ folders, settings }));
    await item.waitFor({ state: "hidden" });
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import type { EditorWindow } from "./driver/editorWindow";
import { until } from "./driver/until";
import { ConnectForm } from "./scene/connectForm";
import { ConnectScene, git, type Prepared } from "./scene/connectScene";

describe("the push button in the status bar", () => {
  const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), "connect-theirs-")));
  let scene: ConnectScene;
  let prepared: Prepared;
  let window: EditorWindow;
  let item: Locator;

  before(async () => {
    scene = await ConnectScene.open();
    prepared = scene.prepare();
    window = await scene.openWindow({ folder: prepared.folder });
    item = window.statusBarItem(prepared.repository);
  });
  after(async () => {
    await window.close();
    await scene.close();
    rmSync(elsewhere, { recursive: true, force: true });
  });

  function commit(name: string): void {
    writeFileSync(join(prepared.folder, `${name}.txt`), `${name}\n`);
    git(prepared.folder, "add", ".");
    git(prepared.folder, "commit", "-q", "-m", `Add ${name}`);
  }

  /** Somebody else's commit on Bitbucket. */
  async function commitThere(name: string): Promise<void> {
    const clone = join(elsewhere, name);
    git(elsewhere, "clone", "-q", await scene.bitbucket.gitDir(prepared.repository), clone);
    writeFileSync(join(clone, `${name}.txt`), `${name}\n`);
    git(clone, "add", ".");
    git(clone, "commit", "-q", "-m", `Add ${name}`);
    git(clone, "push", "-q", "origin", "HEAD:main");
  }

  /** The text without the icon. */
  const waitForText = (text: string) =>
    until(`the item says "${text}"`, async () => {
      const shown = await item.innerText().catch(() => "");
      return shown.trim().endsWith(text) ? true : undefined;
    });
  const isWarning = async () => (await item.getAttribute("class"))?.includes("warning-kind") === true;
  /** Our notification, beside which the editor may show its own for a command that failed. */
  const refusal = (words: string, button: string) =>
    window
      .notification(words)
      .filter({ has: window.page.getByRole("button", { name: button, exact: true }) })
      .getByRole("button", { name: button, exact: true });
  const subjects = async () =>
    (await scene.bitbucket.commits(prepared.repository, "main")).map((one) => one.subject);

  it("is not there without a remote on Bitbucket, and appears with one, without a restart (P24)", async () => {
    await window.statusBarItem("main").first().waitFor(); // the git extension has found the repository
    assert.equal(await item.count(), 0);
    git(prepared.folder, "remote", "add", "bb", prepared.url);
    await waitForText("unpublished branch");
    assert.equal(await isWarning(), false);
    assert.match((await item.locator("a").getAttribute("aria-label")) ?? "", /doesn't track a branch yet/);
    await window.screenshot("push-1-no-upstream");
    git(prepared.folder, "remote", "remove", "bb");
    await item.waitFor({ state: "hidden" });
  });

  it("is calm once connected, and its tooltip tells the rest", async () => {
    const form = await ConnectForm.open(window);
    await form.fill(prepared.repository, prepared.token);
    await form.field("Commit e-mail").fill(prepared.botEmail);
    await form.connect();
    await waitForText(prepared.repository);
    await until("the item is calm", async () => ((await isWarning()) ? undefined : true));
    await item.hover();
    const tooltip = window.page.locator(".monaco-hover", { hasText: "Commit e-mail" });
    await tooltip.waitFor();
    const text = (await tooltip.innerText()).replaceAll("\u00a0", " ");
    for (const part of ["main, tracks origin/main", prepared.botEmail, "repository access token"]) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    assert.ok(!text.includes(prepared.token));
    await window.screenshot("push-2-calm-tooltip");
  });

  it("shows a commit made in a terminal within a second of the git extension's own item", async () => {
    await window.page.mouse.move(0, 0);
    commit("terminal");
    const seenAt = (selectorText: string) =>
      window.page.waitForFunction(
        (text) => {
          const items = [...document.querySelectorAll(".statusbar-item")];
          return items.some((one) => one.textContent.includes(text)) ? Date.now() : undefined;
        },
        selectorText,
        { polling: 20 },
      );
    const [builtIn, ours] = await Promise.all([seenAt("1↑"), seenAt("↑1")]);
    const lateMs = ((await ours.jsonValue()) ?? 0) - ((await builtIn.jsonValue()) ?? 0);
    console.log(`      after the git extension's own item: ${lateMs} ms`);
    assert.ok(lateMs < 1000, `${lateMs} ms`);
    await window.screenshot("push-3-ahead");
  });

  it("pushes with one click and without a question", async () => {
    await item.click();
    await window.notification("Pushed main to").waitFor();
    await window.screenshot("push-4-pushed");
    assert.equal((await subjects())[0], "Add terminal");
    await waitForText(prepared.repository);
  });

  it("has done these steps of the walkthrough by then: connect in the form, push with the button", async () => {
    await window.runCommand("Welcome: Open Walkthrough...");
    await window.quickInput.choose("Connect to Bitbucket");
    const steps = window.page.locator(".getting-started-step[data-step-id]");
    await until("these two are ticked", async () => {
      const ids = await steps.evaluateAll((all) =>
        all.flatMap((step) => (step.ariaChecked === "true" ? (step.dataset["stepId"] ?? "") : [])),
      );
      const done = ids.map((id) => id.replace(/^.*#/, ""));
      return done.join() === "connect,push" ? true : undefined;
    });
    await window.page.locator(".tab.active .tab-actions .action-label").click();
  });

  it("warns when the commit address is not the token's any more", async () => {
    git(prepared.folder, "config", "user.email", "someone@else.example");
    await until("the item warns", async () => ((await isWarning()) ? true : undefined));
    await window.page.mouse.move(0, 0);
    await item.hover();
    await window.page.locator(".monaco-hover", { hasText: "email isn't the one" }).waitFor();
    await window.screenshot("push-5-other-address");
    await window.page.mouse.move(0, 0);
    git(prepared.folder, "config", "user.email", prepared.botEmail);
    await until("the item is calm", async () => ((await isWarning()) ? undefined : true));
  });

  it("not fast-forward: shows what is incoming, pulls when told, never forces (P29)", async () => {
    await commitThere("theirs");
    commit("mine");
    await waitForText("↑1");
    await item.click();
    await refusal("that you don't have", "See incoming changes").waitFor();
    await window.screenshot("push-6-not-fast-forward");
    await refusal("that you don't have", "See incoming changes").click();
    await window.page.locator(".multiDiffEditor", { hasText: "theirs.txt" }).waitFor();
    await window.screenshot("push-7-incoming");
    assert.equal((await subjects())[0], "Add theirs");
    git(prepared.folder, "config", "pull.rebase", "true");
    await waitForText("↑1 ↓1");
    await item.click();
    await refusal("that you don't have", "Pull, then push").click();
    await until("both are there", async () => ((await subjects())[0] === "Add mine" ? true : undefined));
    assert.deepEqual((await subjects()).slice(0, 2), ["Add mine", "Add theirs"]);
  });

  it("names branch and target before a first push, then offers a pull request", async () => {
    git(prepared.folder, "switch", "-q", "-c", "feature/x#1");
    commit("feature");
    await waitForText("unpublished branch");
    await item.click();
    const dialog = window.dialog();
    await dialog.getByText("feature/x#1").first().waitFor();
    await window.screenshot("push-8-first-push");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    assert.equal((await scene.bitbucket.refs(prepared.repository)).has("refs/heads/feature/x#1"), false);
    await item.click();
    await dialog.getByRole("button", { name: "Push", exact: true }).click();
    await window
      .notification("Pushed feature/x#1")
      .getByRole("button", { name: "Create pull request" })
      .waitFor();
    await window.screenshot("push-9-pull-request");
    assert.equal(git(prepared.folder, "rev-parse", "--abbrev-ref", "@{upstream}"), "origin/feature/x#1");
  });

  it("gives the editor's own push the same words", async () => {
    scene.bitbucket.restrict(prepared.repository, { branches: ["feature/*"] });
    commit("closed");
    await waitForText("↑1");
    await window.runCommand("Git: Push");
    await refusal("Permission denied to update branch feature/x#1", "Push to a new branch").waitFor();
    await window.screenshot("push-10-editors-own-push");
  });
});

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { makeSampleRepository } from "../host/sampleRepository.mjs";
import type { EditorWindow } from "./driver/editorWindow";
import { until } from "./driver/until";
import { ConnectScene, git } from "./scene/connectScene";

describe("a person who clones a repository", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "clone-scene-")));
  const clones = join(root, "clones");
  let scene: ConnectScene;
  let window: EditorWindow;
  let token: string;

  before(async () => {
    scene = await ConnectScene.open();
    const seedFrom = makeSampleRepository(join(root, "seed"));
    const names = ["payments", "site", "mobile-app", "infrastructure"];
    for (const [n, name] of names.entries()) {
      const updatedOn = new Date(Date.now() - n * 50 * 3_600_000);
      const description = name === "payments" ? "Cards, cash and everything between" : "";
      scene.bitbucket.addRepository(`acme/${name}`, {
        seedFrom,
        updatedOn,
        description,
        private: name !== "site",
      });
    }
    const scopes = ["repository", "repository:write"];
    token = scene.bitbucket.addToken({ kind: "workspace", workspace: "acme", scopes, name: "clone" }).secret;
    mkdirSync(clones);
    mkdirSync(join(root, "empty"));
    window = await scene.openWindow({ folder: join(root, "empty") });
  });

  after(async () => {
    await window.close();
    await scene.close();
    rmSync(root, { recursive: true, force: true });
  });

  const chooseFolder = () => window.quickInput.chooseFolder(`${clones}/`, "Clone here");

  /** The line that Bitbucket shows with a new token. */
  const gitClone = (name: string, user: string, secret: string) => {
    const url = scene.bitbucket.webUrl.replace("://", `://${user}:${encodeURIComponent(secret)}@`);
    return `git clone ${url}/acme/${name}.git`;
  };

  /** A list that still loads moves under the mouse; what is typed stays. */
  async function chooseByTyping(name: string): Promise<void> {
    await window.quickInput.item(`acme/${name}`).waitFor();
    await window.quickInput.item("acme/site").waitFor();
    await window.quickInput.fill(name);
    await window.quickInput.item("acme/site").waitFor({ state: "hidden" });
    await window.page.keyboard.press("Enter");
  }

  async function awaitClone(name: string): Promise<void> {
    await window.notification(`Cloned acme/${name}`).waitFor({ timeout: 60_000 });
    assert.equal(git(join(clones, name), "log", "--oneline").split("\n").length, 3);
    await window.runCommand("Notifications: Clear All Notifications");
  }

  it("pastes the line that Bitbucket showed with the token, which is never seen again (P5)", async () => {
    await window.runCommand("Bitbucket: Clone repository");
    await window.quickInput.item("Add token").waitFor();
    await window.screenshot("clone-without-token");
    await window.page.keyboard.insertText(gitClone("payments", "x-token-auth", token));
    await window.quickInput.item("Clone acme/payments").waitFor();
    assert.equal(await window.quickInput.input.inputValue(), "acme/payments");
    assert.ok(!(await window.page.content()).includes(token.slice(0, 20)));
    await window.page.keyboard.press("Enter");
    await chooseFolder();
    await awaitClone("payments");
    assert.deepEqual(readdirSync(clones), ["payments"]);
  });

  it("finds another by typing, and chooses branch and folder by keyboard alone", async () => {
    await window.runCommand("Bitbucket: Clone repository");
    await window.quickInput.item("acme/mobile-app").waitFor();
    await window.screenshot("clone-picker");
    assert.equal(
      (await window.quickInput.labels())[0]?.trim(),
      "acme/payments",
      "the recent one comes first",
    );
    await window.quickInput.fill("mob");
    await until("the others are gone", async () =>
      (await window.quickInput.labels()).join() === "acme/mobile-app" ? true : undefined,
    );
    await window.page.keyboard.press("Enter");
    await window.quickInput.item("Only main").waitFor();
    await window.screenshot("clone-branch");
    await window.page.keyboard.press("Enter");
    await chooseFolder();
    await awaitClone("mobile-app");
    assert.ok(existsSync(join(clones, "mobile-app", ".git")));
  });

  it("reads in the picker why the list can't be had, and tries again with one key (P26)", async () => {
    const remove = scene.bitbucket.faults.add({
      kind: "rateLimit",
      retryAfter: 30,
      match: { path: /^\/2\.0\// },
    });
    await window.runCommand("Bitbucket: Clone repository");
    const problem = window.quickInput.item(/rate limit is reached/);
    await problem.waitFor();
    await window.screenshot("clone-rate-limited");
    remove();
    await window.page.keyboard.press("Home");
    await window.page.keyboard.press("Enter");
    await window.quickInput.item("acme/infrastructure").waitFor();
    await problem.waitFor({ state: "hidden" });
    await window.quickInput.cancel();
  });

  it("is told of the clone that is there already, and may have another beside it", async () => {
    await window.runCommand("Bitbucket: Clone repository");
    await chooseByTyping("payments");
    await window.quickInput.item("Open payments").waitFor();
    await window.screenshot("clone-already");
    await window.quickInput.choose("Clone again to another folder");
    await window.quickInput.choose("Only main");
    await chooseFolder();
    await window.pressInNotification(/already exists and isn't empty/, "Clone into payments-2");
    await window.notification("Cloned acme/payments").waitFor({ timeout: 60_000 });
    assert.ok(existsSync(join(clones, "payments-2", ".git")));
    await window.runCommand("Notifications: Clear All Notifications");
  });

  it("cancels a clone that takes its time, and nothing is left of it (P2)", async () => {
    const before = readdirSync(clones);
    const fetch = scene.hold(/^\/acme\/infrastructure\.git\/info\/refs/, "GET");
    await window.runCommand("Bitbucket: Clone repository");
    await chooseByTyping("infrastructure");
    await window.quickInput.choose("Only main");
    await chooseFolder();
    await fetch.arrived;
    const notice = window.notification("Cloning acme/infrastructure");
    await notice.waitFor();
    await window.screenshot("clone-progress");
    await notice.getByRole("button", { name: "Cancel" }).click();
    await until("nothing is left", () => isDeepStrictEqual(readdirSync(clones), before) || undefined);
    fetch.letGo();
  });

  it("is offered the same repositories by the editor's own Git: Clone, which signs in with the token", async () => {
    await window.runCommand("Git: Clone");
    await window.quickInput.choose(/Clone from Bitbucket/);
    await window.quickInput.item("acme/infrastructure").waitFor();
    await window.screenshot("clone-built-in");
    await chooseByTyping("infrastructure");
    await window.quickInput.chooseFolder(`${clones}/`, "Select as Repository Destination");
    await until(
      "the clone is there",
      () => existsSync(join(clones, "infrastructure", "README.md")) || undefined,
    );
    assert.equal(git(join(clones, "infrastructure"), "log", "--oneline").split("\n").length, 3);
    await window
      .dialog()
      .getByText(/open the (cloned )?repository/)
      .waitFor();
    await window.page.keyboard.press("Escape");
  });

  it("pastes an API token for a repository that another token reaches, and is asked for its account", async () => {
    const account = "grace@example.com"; // not the email of the person's Git
    scene.bitbucket.addAccount(account);
    const scopes = ["read:repository:bitbucket", "write:repository:bitbucket"];
    const { secret } = scene.bitbucket.addToken({ kind: "api", account, scopes, name: "of Ada" });
    await window.runCommand("Bitbucket: Clone repository");
    await window.quickInput.item("acme/site").waitFor();
    await window.page.keyboard.insertText(gitClone("site", "x-bitbucket-api-token-auth", secret));
    await window.quickInput.item("acme/infrastructure").waitFor({ state: "hidden" });
    await window.page.keyboard.press("Enter");
    await window.quickInput.widget.getByText(/email of your Atlassian account/).waitFor();
    await window.screenshot("clone-account");
    await window.quickInput.accept("ada");
    await window.quickInput.widget.getByText("This isn't a valid email").waitFor();
    await window.quickInput.accept(account);
    await chooseFolder();
    await awaitClone("site");
    assert.ok(!git(join(clones, "site"), "config", "--list").includes(secret));
    await window.runCommand("Bitbucket: Manage tokens");
    await window.quickInput.item(`API token of ${account}`).waitFor();
    await window.quickInput.cancel();
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EditorWindow } from "./driver/editorWindow";
import { until } from "./driver/until";
import { ConnectScene, git, write, type Prepared } from "./scene/connectScene";

/** G1, G2, G4, G5 and G6 of our cases, where a person sees them: on the button, in the question, by the check. */
describe("a person whose Git has rules of its own", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "connect-routing-")));
  const included = join(root, "included");
  let scene: ConnectScene;
  let first: Prepared;
  let second: Prepared;
  let window: EditorWindow;

  before(async () => {
    scene = await ConnectScene.open();
    first = scene.prepare();
    second = scene.prepare();
    const { webUrl } = scene.bitbucket;
    const team = { kind: "workspace", workspace: "acme", scopes: write, name: "of the team" } as const;
    const basic = Buffer.from(`x-token-auth:${scene.bitbucket.addToken(team).secret}`).toString("base64");
    const gitConfig = [
      "[user]\n\tname = Ada\n\temail = ada@example.com",
      `[http "${webUrl}"]\n\textraHeader = Authorization: Basic ${basic}`,
      `[include]\n\tpath = ${included}\n`,
    ];
    rules(`[url "${webUrl}/"]\n\tinsteadOf = bb:\n`);
    // A push by the path of the server's own folder, as it was before the window opened.
    git(first.folder, "push", "-q", await scene.bitbucket.gitDir(first.repository), "main");
    git(first.folder, "remote", "add", "origin", `bb:${first.repository}`);
    git(first.folder, "update-ref", "refs/remotes/origin/main", "main");
    git(first.folder, "branch", "-q", "--set-upstream-to=origin/main");
    const link = join(root, "link");
    symlinkSync(first.folder, link);
    window = await scene.openWindow({ folder: link, gitConfig: gitConfig.join("\n") });
  });
  after(async () => {
    await window.close();
    await scene.close();
    rmSync(root, { recursive: true, force: true });
  });

  const rules = (text: string) => {
    writeFileSync(included, text);
  };
  const commit = (subject: string) =>
    git(
      first.folder,
      "-c",
      "user.name=Ada",
      "-c",
      "user.email=a@b.c",
      "commit",
      "-q",
      "--allow-empty",
      "-m",
      subject,
    );
  const newest = async ({ repository }: Prepared) =>
    (await scene.bitbucket.commits(repository, "main"))[0]?.subject;

  const button = (text: string) => {
    const item = window.statusBarItem(/^\s*acme\//);
    return until(`the button says "${text}"`, async () => {
      const shown = await item.innerText().catch(() => "");
      return shown.trim() === text ? item : undefined;
    });
  };
  async function agree(words: readonly string[]): Promise<void> {
    await window.dialog().waitFor();
    const text = await window.dialog().innerText();
    for (const word of words) assert.ok(text.includes(word), `${word} in ${text}`);
    await window.dialog().getByRole("button", { name: "Push", exact: true }).click();
  }

  it("sees the repository that a rule leads to, through a link to the folder (G5, G6)", async () => {
    commit("By a rule");
    const item = await button(`${first.repository} ↑1`);
    await window.screenshot("routing-1-rule");
    await item.click();
    await window.notification(`Pushed main to ${first.repository}`).waitFor();
    assert.equal(await newest(first), "By a rule");
  });

  it("pushes to remote.pushDefault of an included file, which the button names (G2)", async () => {
    rules("[remote]\n\tpushDefault = fork\n");
    git(first.folder, "remote", "set-url", "origin", first.url);
    git(first.folder, "remote", "add", "fork", second.url);
    commit("To the fork");
    const item = await button(`${second.repository} unpublished branch`);
    await window.screenshot("routing-2-fork");
    await item.click();
    await agree([second.repository, "fork"]);
    await window.notification(`Pushed main to ${second.repository}`).waitFor();
    assert.equal(await newest(second), "To the fork");
    assert.equal(await newest(first), "By a rule");
  });

  it("is told of both places before a push goes to both (G4)", async () => {
    rules("");
    for (const { url } of [first, second]) git(first.folder, "config", "--add", "remote.origin.pushurl", url);
    commit("To both");
    const item = await until("the button tells of a second place", async () => {
      const found = window.statusBarItem(`${first.repository} +1`);
      return (await found.count()) > 0 ? found : undefined;
    });
    await item.click();
    await window.screenshot("routing-3-both");
    await agree([first.repository, second.url]);
    await until("both have it", async () =>
      (await newest(first)) === "To both" && (await newest(second)) === "To both" ? true : undefined,
    );
  });

  it("is told by the check that a rule sends pushes over SSH, and by which file (G1)", async () => {
    git(first.folder, "config", "--unset-all", "remote.origin.pushurl");
    rules(`[url "git@127.0.0.1:"]\n\tpushInsteadOf = ${scene.bitbucket.webUrl}/\n`);
    await window.runCommand("Bitbucket: Check connection");
    const finding = window.quickInput.item(/A rule sends pushes for origin/).first();
    await finding.waitFor();
    assert.match((await finding.getAttribute("aria-label")) ?? (await finding.innerText()), /pushInsteadOf/);
    await window.screenshot("routing-4-check");
  });
});

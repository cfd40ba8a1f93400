import assert from "node:assert/strict";
import { dirname } from "node:path";
import type { LoggedRequest } from "../bitbucket/wire/requestLog";
import type { EditorWindow } from "./driver/editorWindow";
import { until } from "./driver/until";
import { readStage } from "./driver/stage";
import { ConnectForm } from "./scene/connectForm";
import { ConnectScene, git, type Prepared } from "./scene/connectScene";
import { ProcessSampler } from "./scene/processSampler";
import { SecretSearch } from "./scene/secretSearch";

/** One search over all that P13 names, after a connect, a push, a failed push and a failed connect. */
describe("the token is nowhere but in the secret storage (P13):", () => {
  const { editor } = readStage();
  let scene: ConnectScene;
  let prepared: Prepared;
  let window: EditorWindow;
  let search: SecretSearch;
  let processes: ReturnType<ProcessSampler["stop"]> | undefined;
  const shown: string[] = [];

  before(async function () {
    this.timeout(240_000);
    scene = await ConnectScene.open();
    prepared = scene.prepare();
    search = new SecretSearch(prepared.token);
    window = await scene.openWindow({ folder: prepared.folder });
    const sampler = new ProcessSampler(editor.home);
    await failToConnect();
    await connectAndPush();
    await failToPush();
    await keepWhatIsShown();
    processes = sampler.stop();
  });

  after(async () => {
    await window.close();
    await scene.close();
  });

  it("not in .git", () => {
    const { found, read } = search.inFiles(prepared.folder);
    assert.ok(read > 20, `${read} files`);
    assert.deepEqual(found, []);
  });

  it("not in settings, state, logs, extensions, the person's home or what a terminal printed", () => {
    const { found, read } = search.inFiles(editor.root);
    assert.ok(read > 20, `${read} files`);
    assert.deepEqual(found, []);
  });

  it("not in an output channel", () => {
    for (const name of ["Connect for Bitbucket", "Git"]) {
      const text = window.outputChannel(name);
      assert.ok(text.length > 0, `${name} is empty`);
      assert.ok(!search.isIn(text), name);
    }
  });

  it("not in a notification, the form or anything else that the window shows", () => {
    assert.ok(
      shown.some((html) => html.includes(prepared.repository)),
      "the form was seen",
    );
    assert.equal(shown.filter((html) => search.isIn(html)).length, 0);
  });

  it("not in any process's arguments or environment", function () {
    if (process.platform !== "linux") this.skip();
    assert.ok(processes && processes.rounds > 50, `${processes?.rounds ?? 0} rounds`);
    const { texts } = processes;
    assert.ok(
      texts.some((text) => text.includes("git-remote-http")),
      "no git was seen that talks to Bitbucket",
    );
    assert.ok(
      texts.some((text) => text.includes("\0push\0")),
      "no push was seen",
    );
    assert.deepEqual(
      texts.filter((text) => search.isIn(text)).map((text) => text.slice(0, 40)),
      [],
    );
  });

  it("and this search finds what is there", () => {
    const everywhere = ["raw", "url", "basic"] as const;
    const spelled = {
      raw: prepared.token,
      url: `http://x-token-auth:${encodeURIComponent(prepared.token)}@127.0.0.1/`,
      basic: `Authorization: Basic ${Buffer.from(`x-token-auth:${prepared.token}`).toString("base64")}`,
    };
    assert.deepEqual(
      everywhere.filter((spelling) => !search.isIn(`before ${spelled[spelling]} after`)),
      [],
    );
    assert.ok(!search.isIn(dirname(prepared.folder)));
  });

  async function failToConnect(): Promise<void> {
    const form = await ConnectForm.open(window);
    await form.fill(prepared.repository, prepared.token);
    scene.bitbucket.restrict(prepared.repository, { branches: ["main"] });
    await form.button("Connect").click();
    await form.alert.getByText("doesn't allow this push").waitFor();
    await keepWhatIsShown();
    scene.bitbucket.restrict(prepared.repository, {});
  }

  async function connectAndPush(): Promise<void> {
    const form = await ConnectForm.open(window);
    await form.fill(prepared.repository, prepared.token);
    await form.connect();
    await keepWhatIsShown();
    git(prepared.folder, "commit", "-q", "--allow-empty", "-m", "More");
    await window.runCommand("Git: Push");
    const head = git(prepared.folder, "rev-parse", "main");
    await until("the push arrives", async () =>
      (await scene.bitbucket.refs(prepared.repository)).get("refs/heads/main") === head ? true : undefined,
    );
    const { code, output } = await window.runInTerminal("git fetch && git push --verbose");
    assert.equal(code, 0, output);
  }

  async function failToPush(): Promise<void> {
    git(prepared.folder, "commit", "-q", "--allow-empty", "-m", "Refused");
    scene.bitbucket.restrict(prepared.repository, { branches: ["main"] });
    scene.bitbucket.clearRequests();
    await window.runCommand("Git: Push");
    await until("Bitbucket refuses the push", () => scene.bitbucket.requests.find(isAnsweredPush) && true);
    const told = window.dialog().or(window.notification(/./)).first();
    await told.waitFor().catch(() => undefined); // which of the two is the editor's affair
    await keepWhatIsShown();
    await window.screenshot("leaks-refused-push");
    await window.page.keyboard.press("Escape");
    const { code } = await window.runInTerminal("GIT_TRACE=1 git push");
    assert.notEqual(code, 0);
  }

  /** The workbench with its notifications, and each frame of the form. */
  async function keepWhatIsShown(): Promise<void> {
    for (const frame of window.page.frames()) shown.push(await frame.content().catch(() => ""));
    for (const frame of window.page.frames())
      shown.push(
        await frame
          .evaluate(() => JSON.stringify([...document.querySelectorAll("input")].map(({ value }) => value)))
          .catch(() => ""),
      );
  }
});

function isAnsweredPush({ method, service, status }: LoggedRequest): boolean {
  return method === "POST" && service === "git-receive-pack" && status !== undefined;
}

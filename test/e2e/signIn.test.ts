import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EditorWindow } from "./driver/editorWindow";
import { until } from "./driver/until";
import { ConnectForm } from "./scene/connectForm";
import { ConnectScene, git, gitConfigWithHelper, type Prepared } from "./scene/connectScene";

const times = 3;
/** The editor's own, once, after the first success of a remote: whether it should fetch by itself. */
const isEditorsOffer = /periodically run "git fetch"/;

describe("once connected", () => {
  const root = mkdtempSync(join(tmpdir(), "connect-own-helper-"));
  const calls = join(root, "calls");
  let scene: ConnectScene;
  let prepared: Prepared;
  let window: EditorWindow;

  before(async () => {
    scene = await ConnectScene.open();
    prepared = scene.prepare();
    const gitConfig = gitConfigWithHelper(join(root, "credentials"), calls);
    window = await scene.openWindow({ folder: prepared.folder, gitConfig });
    const form = await ConnectForm.open(window);
    await form.fill(prepared.repository, prepared.token);
    await form.connect();
    await form.button("Close").click();
    await form.waitForEnd();
  });

  after(async () => {
    await window.close();
    await scene.close();
    rmSync(root, { recursive: true });
  });

  it("push, pull and fetch from the Source Control view ask nothing, three times each (P8)", async () => {
    for (let n = 0; n < times; n++) await fromTheView();
  });

  it("push, pull and fetch in a terminal ask nothing, three times each (P8)", async () => {
    const round = "git commit -q --allow-empty -m Terminal && git push && git pull && git fetch";
    const { code, output } = await window.runInTerminal([round, round, round].join(" && "));
    assert.equal(code, 0, output);
    await assertOnBitbucket();
    await assertQuiet();
  });

  it("nothing is asked after a reload either", async () => {
    await window.reload();
    await fromTheView();
    const { code, output } = await window.runInTerminal("git fetch && git push && git pull");
    assert.equal(code, 0, output);
    await assertQuiet();
  });

  it("the editor's own background fetch works from the start, and stays silent (P21)", async () => {
    window.settings.write({ ...window.settings.current, "git.autofetch": true, "git.autofetchPeriod": 3 });
    scene.bitbucket.clearRequests();
    await window.reload();
    await until("two fetches that nobody asked for", () => {
      const fetches = scene.bitbucket.requests.filter(
        ({ method, service, status }) => method === "GET" && service === "git-upload-pack" && status === 200,
      );
      return fetches.length >= 2 ? true : undefined;
    });
    await assertQuiet();
  });

  it("the person's own helper was never called (P9)", async () => {
    assert.ok(!existsSync(calls), existsSync(calls) ? readFileSync(calls, "utf8") : "");
    // For another address it still is: this spy can tell.
    const ask =
      "printf 'protocol=https\\nhost=example.com\\n\\n' | GIT_TERMINAL_PROMPT=0 GIT_ASKPASS= git credential fill";
    await window.runInTerminal(ask);
    assert.equal(readFileSync(calls, "utf8"), "get\n");
  });

  async function fromTheView(): Promise<void> {
    await window.statusBarItem("main").first().waitFor(); // the editor has found the repository
    git(prepared.folder, "commit", "-q", "--allow-empty", "-m", "From the view");
    await run("Git: Push", "POST", "git-receive-pack");
    await assertOnBitbucket();
    await run("Git: Pull", "GET", "git-upload-pack");
    await run("Git: Fetch", "GET", "git-upload-pack");
  }

  /** Until Bitbucket has answered it, and the editor shows no more progress of it. */
  async function run(title: string, method: string, service: string): Promise<void> {
    scene.bitbucket.clearRequests();
    await window.runCommand(title);
    await until(`${title} is answered`, () => {
      const answered = scene.bitbucket.requests.find(
        (request) => request.method === method && request.service === service && request.status === 200,
      );
      return answered && true;
    });
    await assertQuiet();
  }

  async function assertOnBitbucket(): Promise<void> {
    const head = git(prepared.folder, "rev-parse", "main");
    await until("the commit is on Bitbucket", async () => {
      const refs = await scene.bitbucket.refs(prepared.repository);
      return refs.get("refs/heads/main") === head ? true : undefined;
    });
  }

  async function assertQuiet(): Promise<void> {
    await window.quickInput.widget.waitFor({ state: "hidden", timeout: 2_000 }); // the palette closes, a question stays
    assert.equal(await window.dialog().count(), 0);
    const asked = await window.notifications();
    assert.deepEqual(
      asked.filter((text) => !isEditorsOffer.test(text)),
      [],
    );
  }
});

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isThorough } from "../extent.mjs";
import type { EditorWindow, Theme } from "./driver/editorWindow";
import { until } from "./driver/until";
import { ConnectForm } from "./scene/connectForm";
import { ConnectScene, git, type Prepared } from "./scene/connectScene";

interface Surface {
  /** Until it is all there. */
  readonly show: () => Promise<void>;
  /** Escape, unless it takes more. */
  readonly putAway?: () => Promise<void>;
}

const themes: readonly Theme[] = isThorough ? ["light", "dark", "highContrast"] : ["highContrast"];
/** No other test takes their picture. */
const always = ["replace-token", "walkthrough"];

/** Pictures to look at, in out/screenshots. The form's are in looks.test.ts. */
describe("all that a person sees beside the form", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "connect-surfaces-")));
  const plain = join(root, "Photo gallery");
  let scene: ConnectScene;
  let prepared: Prepared;
  let window: EditorWindow;

  before(async () => {
    scene = await ConnectScene.open();
    prepared = scene.prepare();
    mkdirSync(plain);
    writeFileSync(join(plain, "index.html"), "<h1>Photos</h1>\n");
    const both = join(root, "both.code-workspace");
    writeFileSync(both, JSON.stringify({ folders: [{ path: prepared.folder }, { path: plain }] }));
    window = await scene.openWindow({ folder: both });
    const form = await ConnectForm.open(window);
    await form.fill(prepared.repository, prepared.token);
    await form.field("Commit e-mail").fill(prepared.botEmail);
    await form.connect();
    await form.button("Close").click();
    await form.waitForEnd();
  });
  after(async () => {
    await window.close();
    await scene.close();
    rmSync(root, { recursive: true, force: true });
  });

  const item = () => window.statusBarItem(prepared.repository);
  const shown = (text: string | RegExp) => window.quickInput.widget.getByText(text).first().waitFor();
  const run = (title: string) => window.runCommand(`Bitbucket: ${title}`);
  const commit = (subject: string) => git(prepared.folder, "commit", "-q", "--allow-empty", "-m", subject);
  const clear = () => window.runCommand("Notifications: Clear All Notifications");

  async function warns(isWanted: boolean): Promise<void> {
    await until(`the push button ${isWanted ? "warns" : "is calm"}`, async () => {
      const kind = await item().getAttribute("class");
      return kind?.includes("warning-kind") === isWanted ? true : undefined;
    });
  }

  async function hover(words: string): Promise<void> {
    await item().hover();
    await window.page.locator(".monaco-hover", { hasText: words }).waitFor();
  }

  const leave = () => window.page.mouse.move(900, 500);

  const surfaces: Readonly<Record<string, Surface>> = {
    "push-button": { show: () => hover("repository access token"), putAway: leave },
    "push-button-warns": {
      show: async () => {
        git(prepared.folder, "config", "user.email", "ada@work.example");
        await warns(true);
        await hover("email isn't the one");
      },
      putAway: leave,
    },
    "check-findings": {
      show: async () => {
        await run("Check connection");
        await shown("Copy report");
      },
      putAway: async () => {
        await window.quickInput.cancel();
        git(prepared.folder, "config", "user.email", prepared.botEmail);
        await warns(false);
      },
    },
    "clone-picker": {
      show: async () => {
        await run("Clone repository");
        await window.quickInput.item(prepared.repository).waitFor();
      },
    },
    tokens: {
      show: async () => {
        await run("Manage tokens");
        await shown(prepared.repository);
      },
    },
    "token-actions": {
      show: async () => {
        await run("Manage tokens");
        await window.quickInput.choose(`Repository access token for ${prepared.repository}`);
        await shown("Check now");
      },
    },
    "replace-token": {
      show: async () => {
        await run("Replace token");
        await shown(/Press Rotate/);
        assert.equal(await window.quickInput.input.getAttribute("type"), "password");
      },
    },
    "publish-folder": {
      show: async () => {
        await run("Publish repository");
        await shown("Photo gallery");
      },
    },
    "publish-workspace": {
      show: async () => {
        await run("Publish repository");
        await window.quickInput.choose(/Photo gallery/);
        await shown("acme");
      },
    },
    "first-push": {
      show: async () => {
        git(prepared.folder, "switch", "-q", "-C", "feature/refunds");
        commit("Refund");
        await item().getByText("unpublished branch").waitFor();
        await item().click();
        await window.dialog().getByText("feature/refunds").first().waitFor();
      },
      putAway: async () => {
        await window.dialog().getByRole("button", { name: "Cancel" }).click();
        git(prepared.folder, "switch", "-q", "main");
        git(prepared.folder, "branch", "-q", "-D", "feature/refunds");
        await item().getByText("unpublished branch").waitFor({ state: "hidden" });
      },
    },
    "refused-push": {
      show: async () => {
        scene.bitbucket.restrict(prepared.repository, { branches: ["main"] });
        commit("Closed");
        await window.statusBarItem(`${prepared.repository} ↑1`).click();
        await window
          .notification("Permission denied to update branch main")
          .getByRole("button", { name: "Push to a new branch", exact: true })
          .waitFor();
      },
      putAway: async () => {
        git(prepared.folder, "reset", "-q", "--soft", "HEAD~1");
        await clear();
      },
    },
    walkthrough: {
      show: async () => {
        await window.page.setViewportSize({ width: 1600, height: 900 }); // a narrow one has no room for pictures
        await window.runCommand("Welcome: Open Walkthrough...");
        await window.quickInput.fill("Connect to Bitbucket");
        await window.quickInput.item("Connect to Bitbucket").waitFor();
        await window.page.keyboard.press("Enter");
        const page = window.page.locator(".gettingStartedContainer");
        await page.getByRole("heading", { name: "Connect a repository" }).waitFor();
        const picture = page.locator(".getting-started-media img");
        await until("its picture is there", async () =>
          (await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)) > 0 ? true : undefined,
        );
      },
      putAway: async () => {
        await window.runCommand("View: Close All Editors");
        await window.page.setViewportSize({ width: 1280, height: 800 });
      },
    },
  };

  for (const theme of themes) {
    describe(`in ${theme}`, () => {
      before(() => window.setTheme(theme));

      for (const [name, { show, putAway }] of Object.entries(surfaces)) {
        if (!isThorough && !always.includes(name)) continue;
        it(`${name} has its picture taken`, async () => {
          await show();
          await window.page.waitForTimeout(300); // what fades in is there
          await picture(`surface-${name}-${theme}`);
          await (putAway ? putAway() : window.quickInput.cancel());
        });
      }
    });
  }

  // After the others: it takes the window to another folder.
  (isThorough ? describe : describe.skip)("the Source Control view's welcome", () => {
    before(() => window.openFolder(plain));

    for (const theme of themes) {
      it(`has its picture taken in ${theme}`, async () => {
        await window.setTheme(theme);
        const view = window.page.locator("#workbench\\.view\\.scm");
        if (!(await view.isVisible())) await window.sourceControlView();
        await view.getByRole("button", { name: "Publish to Bitbucket" }).waitFor();
        await picture(`surface-welcome-${theme}`);
      });
    }
  });

  async function picture(name: string): Promise<void> {
    const file = await window.screenshot(name);
    assert.ok(statSync(file).size > 20_000, `${file} is blank`);
  }
});

import assert from "node:assert/strict";
import type { FrameLocator, Locator } from "playwright-core";
import type { EditorWindow } from "../driver/editorWindow";
import { until } from "../driver/until";

const title = "Bitbucket: Connect repository";

const mostTabs = 80;

/** The form as a person meets it: fields by their accessible names. */
export class ConnectForm {
  constructor(
    private readonly window: EditorWindow,
    readonly frame: FrameLocator,
  ) {}

  static async open(window: EditorWindow): Promise<ConnectForm> {
    await window.runCommand(title);
    const form = new ConnectForm(window, window.form());
    await form.button("Connect").waitFor();
    return form;
  }

  static async openByKeyboard(window: EditorWindow): Promise<ConnectForm> {
    await until("the palette has the command", () => offersConnect(window), 60_000);
    await window.page.keyboard.press("Enter");
    const form = new ConnectForm(window, window.form());
    await form.button("Connect").waitFor();
    return form;
  }

  field(label: string): Locator {
    return this.frame.getByLabel(label, { exact: true });
  }

  button(name: string): Locator {
    return this.frame.getByRole("button", { name, exact: true });
  }

  get heading(): Locator {
    return this.frame.getByRole("heading", { name: /^Connected/ });
  }

  get alert(): Locator {
    return this.frame.getByRole("alert");
  }

  async fill(repository: string, token: string): Promise<void> {
    await this.field("Repository").fill(repository);
    await this.field("Access token").fill(token);
  }

  async connect(): Promise<void> {
    await this.button("Connect").click();
    await this.heading.waitFor();
  }

  /** With Tab alone, as far as it takes. */
  async tabTo(control: Locator): Promise<void> {
    for (let n = 0; n < mostTabs; n++) {
      if (await hasFocus(control)) return;
      await this.window.page.keyboard.press("Tab");
    }
    assert.fail(`Tab does not come to ${String(control)}`);
  }

  /** As a person does with Ctrl+C elsewhere and Ctrl+V here. */
  async paste(text: string): Promise<void> {
    const { page } = this.window;
    await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await page.keyboard.press("ControlOrMeta+V");
  }

  /** Until it is gone from the window. */
  async waitForEnd(): Promise<void> {
    await this.window.page.locator("iframe.webview.ready").waitFor({ state: "detached" });
  }
}

function hasFocus(control: Locator): Promise<boolean> {
  return control.evaluate((element) => element === element.ownerDocument.activeElement);
}

/** The palette shows what there was when it opened; at the start of a window that is not all. */
async function offersConnect({ page, quickInput }: EditorWindow): Promise<true | undefined> {
  await page.keyboard.press("F1");
  await quickInput.input.waitFor();
  await page.keyboard.type(title);
  if (await quickInput.hasItem(title)) return true;
  await quickInput.cancel();
  return undefined;
}

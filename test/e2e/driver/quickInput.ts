import type { Locator, Page } from "playwright-core";
import { until } from "./until";

const filterTimeoutMs = 2_000;
const folderTimeoutMs = 1_000;
const openTimeoutMs = 5_000;

/** The palette, a quick pick or an input box: whichever is open at the top of the window. */
export class QuickInput {
  readonly widget: Locator;
  readonly input: Locator;

  constructor(private readonly page: Page) {
    // One that fades out takes no more keys.
    this.widget = page.locator(".quick-input-widget:not(.quick-input-widget-closing)");
    this.input = this.widget.locator(".quick-input-box input");
  }

  async fill(text: string): Promise<void> {
    await this.input.waitFor();
    await this.input.fill(text);
  }

  /** A webview that takes the focus back closes it again. */
  async tryToFill(text: string): Promise<true | undefined> {
    return this.input.fill(text, { timeout: openTimeoutMs }).then(
      () => true,
      () => undefined,
    );
  }

  /** The editor may be too busy for the key that opens it. */
  async appears(): Promise<boolean> {
    return this.input.waitFor({ timeout: openTimeoutMs }).then(
      () => true,
      () => false,
    );
  }

  item(label: string | RegExp): Locator {
    const name = this.page.locator(".quick-input-list-rows .label-name", { hasText: exactly(label) });
    return this.widget.locator(".monaco-list-row", { has: name });
  }

  /** Not, as soon as the editor says that nothing matches. */
  async hasItem(label: string | RegExp): Promise<boolean> {
    const nothing = this.item(/^\s*No matching (commands|results)/);
    const either = this.item(label).or(nothing).first();
    await either.waitFor({ timeout: filterTimeoutMs }).catch(() => undefined);
    return (await this.item(label).count()) > 0;
  }

  /** Those rendered now: a long list renders what can be seen. */
  labels(): Promise<readonly string[]> {
    return this.widget.locator(".monaco-list-row .quick-input-list-label .label-name").allInnerTexts();
  }

  async choose(label: string | RegExp): Promise<void> {
    await this.item(label).first().click();
  }

  /** What opens at the same time may take the focus, which closes the list. */
  async tryToChoose(label: string): Promise<true | undefined> {
    const click = this.item(label).first().click({ timeout: openTimeoutMs });
    return click.then(
      () => true,
      () => undefined,
    );
  }

  async accept(text: string): Promise<void> {
    await this.fill(text);
    await this.input.press("Enter");
  }

  /** In the editor's own dialog, which begins elsewhere, and takes a moment to go where the path says. */
  async chooseFolder(path: string, button: string): Promise<void> {
    const title = this.widget.getByText(button);
    await title.waitFor();
    await until(`${path} is chosen`, async () => {
      await this.fill(path);
      await this.page.waitForTimeout(folderTimeoutMs);
      if ((await this.input.inputValue()) !== path) return undefined;
      await this.page.keyboard.press("Enter");
      return title.waitFor({ state: "hidden", timeout: 5 * folderTimeoutMs }).then(
        () => true,
        () => undefined,
      );
    });
  }

  async cancel(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await this.widget.waitFor({ state: "hidden" });
  }
}

function exactly(label: string | RegExp): RegExp {
  if (label instanceof RegExp) return label;
  return new RegExp(`^\\s*${label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*$`);
}

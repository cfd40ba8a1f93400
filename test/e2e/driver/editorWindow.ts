import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, FrameLocator, Locator, Page } from "playwright-core";
import { ExtensionHost } from "./extensionHost";
import { readOutputChannel } from "./outputChannel";
import { QuickInput } from "./quickInput";
import type { Settings } from "./settings";
import type { Stage } from "./stage";
import { until } from "./until";
import { runInTerminal, type TerminalResult } from "./terminal";

interface Parts {
  readonly stage: Stage;
  readonly context: BrowserContext;
  readonly settings: Settings;
  /** None for an empty window. */
  readonly folder: string | undefined;
}

const readyTimeoutMs = 60_000;
const startAttempts = 3;
const foldersTimeoutMs = 10_000;

const themes = {
  light: { label: "Light Modern", className: "vs" },
  dark: { label: "Dark Modern", className: "vs-dark" },
  highContrast: { label: "Dark High Contrast", className: "hc-black" },
} as const;
export type Theme = keyof typeof themes;

/** A part of the window, in pixels. */
export interface Clip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A window of the editor and what a person does in it. */
export class EditorWindow {
  readonly context: BrowserContext;
  readonly settings: Settings;
  readonly extensionHost: ExtensionHost;
  readonly quickInput: QuickInput;

  static async open(parts: Parts): Promise<EditorWindow> {
    const window = new EditorWindow(parts, await parts.context.newPage());
    await window.openFolder(parts.folder);
    return window;
  }

  private constructor(
    private readonly parts: Parts,
    readonly page: Page,
  ) {
    this.context = parts.context;
    this.settings = parts.settings;
    this.extensionHost = new ExtensionHost(parts.stage.editor.pid);
    this.quickInput = new QuickInput(page);
  }

  /** In place of what is open, with the settings that are there now. A `.code-workspace` file too; none for an empty window. */
  async openFolder(folder: string | undefined): Promise<void> {
    const url = `${this.parts.stage.editor.url}/?${toQuery(folder)}`;
    await this.start(() => this.page.goto(url));
  }

  /** From the palette, by its whole title: `Bitbucket: Connect repository`. */
  async runCommand(title: string): Promise<void> {
    const run = async () =>
      (await this.findCommand(title)) ? this.quickInput.tryToChoose(title) : undefined;
    await until(`the palette has "${title}"`, run, readyTimeoutMs);
  }

  /** What the extension's form shows: a webview is a page in a frame in a frame. */
  form(): FrameLocator {
    return this.page
      .locator("iframe.webview.ready")
      .last()
      .contentFrame()
      .frameLocator("iframe#active-frame");
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator(".statusbar-item", { hasText: text });
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator(".notifications-toasts .notification-list-item", { hasText: text });
  }

  /** Texts of what is shown now. */
  notifications(): Promise<readonly string[]> {
    return this.page.locator(".notifications-toasts .notification-list-item-message").allInnerTexts();
  }

  /** Texts of what waits behind the bell, but for the editor's own progress. */
  async waitingNotifications(): Promise<readonly string[]> {
    const bell = this.page.locator("#status\\.notifications");
    if ((await bell.locator(".codicon-bell-dot").count()) === 0) return [];
    await bell.click();
    const center = this.page.locator(".notifications-center");
    await center.waitFor();
    const texts = await center.locator(".notification-list-item-message").allInnerTexts();
    await bell.click();
    return texts.filter((text) => text !== "Activating Extensions...");
  }

  async pressInNotification(text: string | RegExp, button: string): Promise<void> {
    await this.notification(text).getByRole("button", { name: button, exact: true }).click();
  }

  /** A question that blocks the window. */
  dialog(): Locator {
    return this.page.locator(".monaco-dialog-box");
  }

  /** By its name, as a person finds it. */
  async openFile(name: string): Promise<void> {
    // Its own key is the browser's for printing, where the editor is too busy to take it.
    const opens = async () => {
      await this.page.keyboard.press("F1");
      return (await this.quickInput.tryToFill(name)) && this.quickInput.tryToChoose(name);
    };
    await until("the palette", opens, readyTimeoutMs);
    await this.quickInput.widget.waitFor({ state: "hidden" });
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  /** An entry of the menu that is open; a submenu opens with it. */
  menuItem(label: string): Locator {
    return this.page.locator(".monaco-menu .action-item", { hasText: label }).last();
  }

  /** What a click opens outside of the editor. */
  async openedPage(click: () => Promise<void>): Promise<URL> {
    const [page] = await Promise.all([this.context.waitForEvent("page"), click()]);
    const url = new URL(page.url());
    await page.close();
    return url;
  }

  async sourceControlView(): Promise<Locator> {
    await this.page.locator('.activitybar .action-label[aria-label^="Source Control"]').click();
    const view = this.page.locator("#workbench\\.view\\.scm");
    await view.waitFor();
    return view;
  }

  runInTerminal(command: string): Promise<TerminalResult> {
    return runInTerminal(this, this.parts.stage.editor.root, command);
  }

  /** Where a program lies that the editor finds before any other of that name. */
  personsProgram(name: string): string {
    const bin = join(this.parts.stage.editor.home, "bin");
    mkdirSync(bin, { recursive: true });
    return join(bin, name);
  }

  /** All that the channel holds, since this editor started. */
  outputChannel(name: string): string {
    return readOutputChannel(this.parts.stage.editor.userData, name);
  }

  async setTheme(theme: Theme): Promise<void> {
    const { label, className } = themes[theme];
    await until(`there is the theme ${label}`, () => this.findTheme(label), readyTimeoutMs);
    await this.quickInput.choose(label);
    await this.page.locator(`.monaco-workbench.${className}`).waitFor();
  }

  async screenshot(name: string, clip?: Clip): Promise<string> {
    const path = join(this.parts.stage.screenshots, `${name}.png`);
    await this.page.screenshot({ path, ...(clip && { clip }) });
    return path;
  }

  async reload(): Promise<void> {
    await this.start(() => this.page.reload());
  }

  async killExtensionHost(): Promise<void> {
    await this.extensionHost.kill();
  }

  /** The last window of a browser closes the browser. */
  async close(): Promise<void> {
    // A page that leaves says so to the server, which then ends the extension host; a closed one doesn't.
    await this.page.goto("about:blank");
    await this.page.close();
    await this.extensionHost.waitForEnd();
    if (this.context.pages().length === 0) await this.context.browser()?.close();
  }

  /** The palette shows what there was when it opened; at the start of a window that is not all. */
  private async findCommand(title: string): Promise<true | undefined> {
    await this.page.keyboard.press("F1");
    if (!(await this.quickInput.appears())) return undefined;
    await this.quickInput.fill(`>${title}`);
    if (await this.quickInput.hasItem(title)) return true;
    await this.quickInput.cancel();
    return undefined;
  }

  /** As with commands: at the start of a window not all are there. */
  private async findTheme(label: string): Promise<true | undefined> {
    await this.runCommand("Preferences: Color Theme");
    await this.quickInput.fill(label);
    if (await this.quickInput.hasItem(label)) return true;
    await this.quickInput.cancel();
    return undefined;
  }

  private async start(load: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; attempt <= startAttempts; attempt++) {
      await this.extensionHost.awaitNew(load);
      await this.page
        .locator(".monaco-workbench .statusbar-item")
        .first()
        .waitFor({ timeout: readyTimeoutMs });
      if (!(await this.hasLostFolders())) return;
    }
    throw new Error("the window doesn't show the workspace's folders");
  }

  /** A browser's window may come up before it can read the `.code-workspace`, and then shows none of its folders. */
  private async hasLostFolders(): Promise<boolean> {
    const explorer = this.page.locator("#workbench\\.view\\.explorer");
    if (!new URL(this.page.url()).searchParams.has("workspace") || !(await explorer.isVisible()))
      return false;
    const folder = explorer.locator(".explorer-folders-view .monaco-list-row").first();
    return folder.waitFor({ timeout: foldersTimeoutMs }).then(
      () => false,
      () => true,
    );
  }
}

function toQuery(folder: string | undefined): string {
  if (folder === undefined) return "ew=true";
  const kind = folder.endsWith(".code-workspace") ? "workspace" : "folder";
  return `${kind}=${encodeURIComponent(folder)}`;
}

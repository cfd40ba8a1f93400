import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium, type Browser, type Page } from "playwright-core";
import type { FormState, MessageToExtension, MessageToForm } from "../../src/protocol/formMessages";
import { formHtml } from "../../src/ui/connect/formHtml";
import { ensureBrowser } from "../host/chromium.mjs";
import { projectRoot } from "../host/places.mjs";
import { defaultStyle, themes } from "./formThemes.json";

export type ThemeName = keyof typeof themes;
export const themeNames = ["light", "dark", "highContrast", "highContrastLight"] as const;

const origin = "https://form.test";
const nonce = "bm9uY2U";
const axeSource = readFileSync(createRequire(__filename).resolve("axe-core/axe.min.js"), "utf8");

export interface PageOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly l10nContents?: Readonly<Record<string, string>>;
}

/** The built form in a browser, between the editor's style and a recorder in place of the editor. */
export class FormStage {
  private constructor(
    private readonly browser: Browser,
    private readonly script: string,
  ) {}

  static async open(): Promise<FormStage> {
    const { executablePath, env, args } = await ensureBrowser();
    const script = await bundleForm();
    const browser = await chromium.launch({
      executablePath,
      args: [...args],
      env: { ...definedEnvironment(), ...env },
    });
    return new FormStage(browser, script);
  }

  async close(): Promise<void> {
    await this.browser.close();
  }

  async newForm(options: PageOptions = {}): Promise<FormOnStage> {
    const { theme = "dark", width = 900, l10nContents } = options;
    const context = await this.browser.newContext({
      viewport: { width, height: 900 },
      reducedMotion: "reduce",
      serviceWorkers: "block",
    });
    const page = await context.newPage();
    const form = new FormOnStage(page);
    await form.record();
    const html = formHtml({
      nonce,
      cspSource: origin,
      scriptUri: `${origin}/form.js`,
      styleUri: `${origin}/form.css`,
      lang: "en",
      l10nContents,
    });
    await page.route("**/*", async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === "/") await route.fulfill({ contentType: "text/html", body: html });
      else if (pathname === "/form.js")
        await route.fulfill({ contentType: "text/javascript", body: this.script });
      else if (pathname === "/form.css")
        await route.fulfill({ path: join(projectRoot, "media/form/form.css") });
      else await route.abort();
    });
    await page.addInitScript(dressAsEditor, { defaultStyle, ...themes[theme] });
    await page.goto(`${origin}/`);
    return form;
  }
}

/** One form, as a person and as the extension have to do with it. */
export class FormOnStage {
  readonly posted: MessageToExtension[] = [];
  /** Breaches of the page's content policy, errors, and uses of the editor's state. */
  readonly complaints: string[] = [];

  constructor(readonly page: Page) {}

  async record(): Promise<void> {
    this.page.on("pageerror", (error) => this.complaints.push(error.message));
    this.page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
    await this.page.exposeFunction("recordPost", (message: MessageToExtension) => this.posted.push(message));
    await this.page.exposeFunction("recordComplaint", (text: string) => this.complaints.push(text));
    await this.page.addInitScript(standInForEditor);
  }

  async send(message: MessageToForm): Promise<void> {
    await this.page.evaluate((sent) => {
      window.postMessage(sent, "*");
    }, message);
    // Messages arrive in order: once this one is through, so is the other.
    await this.page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          window.addEventListener(
            "message",
            () => {
              resolve();
            },
            { once: true },
          );
          window.postMessage({ type: "nothing" }, "*");
        }),
    );
  }

  /** What was posted of one type. */
  sent<Type extends MessageToExtension["type"]>(type: Type): Extract<MessageToExtension, { type: Type }>[] {
    return this.posted.filter(
      (message): message is Extract<MessageToExtension, { type: Type }> => message.type === type,
    );
  }

  /** Pastes as the clipboard would, into the box named. */
  async paste(box: string, text: string): Promise<void> {
    const isHandled = await this.page.getByLabel(box, { exact: true }).evaluate((target, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", pasted);
      const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
      return !target.dispatchEvent(event);
    }, text);
    if (isHandled) return;
    await this.page.getByLabel(box, { exact: true }).focus();
    await this.page.keyboard.insertText(text);
  }

  /** Rules of axe-core that the page breaks, with where. */
  async faults(rules?: readonly string[]): Promise<readonly string[]> {
    await this.page.evaluate(axeSource);
    return this.page.evaluate(async (runOnly) => {
      const { violations } = await (window as unknown as { axe: AxeLike }).axe.run(
        runOnly ? { runOnly } : {},
      );
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    }, rules);
  }

  async shoot(name: string): Promise<void> {
    const folder = join(projectRoot, "out", "form");
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }
}

interface AxeLike {
  run(options: {
    runOnly?: readonly string[];
  }): Promise<{ violations: readonly { id: string; nodes: readonly { html: string }[] }[] }>;
}

/** As esbuild.mjs does it. */
async function bundleForm(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: ["media/form/form.ts"],
    bundle: true,
    write: false,
    platform: "browser",
    target: "chrome120",
    format: "iife",
  });
  return outputFiles[0]?.text ?? "";
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Runs in the page: what the editor puts around a webview's page. */
function dressAsEditor(theme: {
  defaultStyle: string;
  bodyClass: string;
  variables: Record<string, string>;
}): void {
  document.addEventListener("DOMContentLoaded", () => {
    const { style } = document.documentElement;
    for (const [name, value] of Object.entries(theme.variables)) style.setProperty(name, value);
    style.backgroundColor = "var(--vscode-editor-background)";
    document.body.className = theme.bodyClass;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(theme.defaultStyle);
    document.adoptedStyleSheets = [sheet];
  });
}

/** Runs in the page: an editor that writes down what it is told. */
function standInForEditor(): void {
  const page = window as unknown as {
    recordPost(message: unknown): void;
    recordComplaint(text: string): void;
    acquireVsCodeApi: () => unknown;
  };
  page.acquireVsCodeApi = () => ({
    postMessage: (message: unknown) => {
      page.recordPost(structuredClone(message));
    },
    getState: () => {
      page.recordComplaint("getState");
    },
    setState: () => {
      page.recordComplaint("setState");
    },
  });
  document.addEventListener("securitypolicyviolation", (event) => {
    page.recordComplaint(`content policy: ${event.violatedDirective}`);
  });
}

export const sampleState: FormState = {
  folders: [{ path: "/home/ada/payments", name: "payments" }],
  folder: "/home/ada/payments",
  webUrl: "https://bitbucket.org",
  apiUrl: "https://api.bitbucket.org/2.0",
  remotes: [],
  freeRemote: "origin",
  branches: ["feature/refunds", "main", "release/2026"],
  currentBranch: "main",
  inheritedEmail: "ada@example.com",
  gitAccess: "vscode",
  useBotEmail: true,
  hasCredentialHelper: false,
  keptTokens: [],
};

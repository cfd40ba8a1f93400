import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, type BrowserContext } from "playwright-core";
import { EditorWindow } from "./editorWindow";
import { pictureFailures } from "./pictureFailures";
import { Settings } from "./settings";
import { readStage, type Stage } from "./stage";

export interface WindowOptions {
  /** Or a `.code-workspace` file; none for an empty window. */
  readonly folder?: string;
  /** The person's settings beside the quiet ones, machine-scoped ones too. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The person's global git config, in place of the clean one. */
  readonly gitConfig?: string;
  /** A second window of the same person: it shares the browser, and with it the secrets. */
  readonly beside?: EditorWindow;
}

/** Opens a folder in the editor, as a person does who starts it there. */
export async function openWindow(options: WindowOptions): Promise<EditorWindow> {
  const stage = readStage();
  const settings = new Settings(stage.editor);
  settings.write(options.settings ?? options.beside?.settings.current ?? {});
  if (options.gitConfig !== undefined)
    writeFileSync(join(stage.editor.home, ".gitconfig"), options.gitConfig);
  const context = options.beside?.context ?? (await openBrowser(stage));
  const window = await EditorWindow.open({ stage, context, settings, folder: options.folder });
  pictureFailures(window);
  return window;
}

async function openBrowser({ browser }: Stage): Promise<BrowserContext> {
  const { executablePath, args } = browser;
  const env = { ...definedEnvironment(), ...browser.env };
  const chrome = await chromium.launch({ executablePath, args, env });
  return chrome.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? ""]));
}

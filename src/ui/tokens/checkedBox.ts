import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { UserError } from "../../errors";
import { openExternally } from "../openExternally";
import { withoutLinks } from "../withoutLinks";

export interface BoxPage {
  readonly title: string;
  readonly url: string;
}

/** A question whose answer Bitbucket is asked about while the box stays open: nothing that was entered is lost. */
export interface CheckedBox<T> {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly isSecret?: boolean;
  readonly hasBack?: boolean;
  /** Buttons that open a page in the browser. */
  readonly pages: readonly BoxPage[];
  /** What is wrong with the value, from before. */
  readonly fault?: string | undefined;
  /** Throws a UserError where the text won't do. */
  readonly check: (text: string, signal: AbortSignal) => Promise<T>;
}

/** Undefined where the person went away, also while Bitbucket was asked. It stays open while they are in the browser. */
export async function askChecked<T>(box: CheckedBox<T>): Promise<T | "back" | undefined> {
  const closed = new AbortController();
  const input = openBox(box);
  const pages = toButtons(box.pages);
  input.buttons = [...(box.hasBack ? [vscode.QuickInputButtons.Back] : []), ...pages.keys()];
  try {
    return await new Promise<T | "back" | undefined>((resolve, reject) => {
      input.onDidTriggerButton((button) => {
        const page = pages.get(button);
        if (page !== undefined) void openExternally(page);
        else resolve("back");
      });
      input.onDidChangeValue(() => (input.validationMessage = undefined));
      input.onDidAccept(() => {
        check(input, box, closed.signal).then((answer) => {
          if (answer) resolve(answer.value);
        }, reject);
      });
      input.onDidHide(() => {
        resolve(undefined);
      });
      input.show();
    });
  } finally {
    closed.abort();
    input.dispose();
  }
}

function openBox<T>({ title, prompt, value, placeholder, isSecret, fault }: CheckedBox<T>): vscode.InputBox {
  const input = vscode.window.createInputBox();
  Object.assign(input, { title, prompt, password: isSecret === true, ignoreFocusOut: true });
  input.value = value ?? "";
  input.placeholder = placeholder;
  input.validationMessage = fault === undefined ? undefined : withoutLinks(fault);
  return input;
}

function toButtons(pages: readonly BoxPage[]): ReadonlyMap<vscode.QuickInputButton, string> {
  const iconPath = new vscode.ThemeIcon("link-external");
  return new Map(pages.map(({ title: tooltip, url }) => [{ iconPath, tooltip }, url]));
}

/** Undefined where it won't do: the box says why. */
async function check<T>(
  input: vscode.InputBox,
  { prompt, check: ask }: CheckedBox<T>,
  signal: AbortSignal,
): Promise<{ readonly value: T } | undefined> {
  Object.assign(input, {
    enabled: false,
    busy: true,
    prompt: l10n.t("Checking with Bitbucket. Esc cancels."),
  });
  input.validationMessage = undefined;
  try {
    return { value: await ask(input.value, signal) };
  } catch (error) {
    if (signal.aborted) return undefined;
    if (!(error instanceof UserError)) throw error;
    Object.assign(input, { enabled: true, busy: false, prompt });
    input.validationMessage = withoutLinks(error.message);
    return undefined;
  }
}

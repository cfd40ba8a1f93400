import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { openExternally } from "../openExternally";

export interface TokenQuestion {
  readonly title: string;
  readonly prompt: string;
  /** Where such a token is made. */
  readonly page: string;
  /** What is wrong with the text, in words; undefined where it is a token. */
  readonly problem: (text: string) => string | undefined;
}

/** Asks for a token, masked, with the way to its page at hand. It stays open while the person is in the browser. */
export function askForToken(question: TokenQuestion): Promise<string | undefined> {
  const input = vscode.window.createInputBox();
  const openPage: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon("link-external"),
    tooltip: l10n.t("Open token page"),
  };
  Object.assign(input, {
    title: question.title,
    prompt: question.prompt,
    password: true,
    ignoreFocusOut: true,
  });
  input.buttons = [openPage];
  return new Promise((resolve) => {
    input.onDidTriggerButton(() => void openExternally(question.page));
    input.onDidChangeValue(() => (input.validationMessage = undefined));
    input.onDidAccept(() => {
      input.validationMessage = question.problem(input.value);
      if (input.validationMessage !== undefined) return;
      resolve(input.value);
      input.hide();
    });
    input.onDidHide(() => {
      input.dispose();
      resolve(undefined);
    });
    input.show();
  });
}

import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { PresentedToken } from "../../bitbucket/client";
import { openExternally } from "../openExternally";
import { accountProblem, lacksAccount } from "./pastedToken";

interface Question {
  readonly title: string;
  readonly prompt: string;
  /** What is wrong with the text, in words; undefined where it will do. */
  readonly problem: (text: string) => string | undefined;
}

export interface TokenQuestion extends Question {
  /** Where such a token is made. */
  readonly page: string;
}

/** Asks for a token, masked, with the way to its page at hand. */
export function askForToken({ page, ...question }: TokenQuestion): Promise<string | undefined> {
  const input = vscode.window.createInputBox();
  input.password = true;
  input.buttons = [{ iconPath: new vscode.ThemeIcon("link-external"), tooltip: l10n.t("Open token page") }];
  input.onDidTriggerButton(() => void openExternally(page));
  return ask(input, question);
}

/** The token with its account, asked for where it is an API token and none is known; undefined where the person went away. */
export async function withAccount(title: string, token: PresentedToken): Promise<PresentedToken | undefined> {
  if (!lacksAccount(token)) return token;
  const enter = l10n.t("Enter the email of the Atlassian account that created the token.");
  const prompt = `${enter} ${l10n.t("Bitbucket requires it with an API token.")}`;
  const account = await ask(vscode.window.createInputBox(), { title, prompt, problem: accountProblem });
  return account === undefined ? undefined : { ...token, account: account.trim() };
}

/** It stays open while the person is in the browser. */
function ask(input: vscode.InputBox, { title, prompt, problem }: Question): Promise<string | undefined> {
  Object.assign(input, { title, prompt, ignoreFocusOut: true });
  return new Promise((resolve, reject) => {
    input.onDidChangeValue(() => (input.validationMessage = undefined));
    input.onDidAccept(() => {
      try {
        input.validationMessage = problem(input.value);
        if (input.validationMessage !== undefined) return;
        resolve(input.value);
      } catch (error) {
        reject(new Error("a typed text could not be checked", { cause: error }));
      }
      input.hide();
    });
    input.onDidHide(() => {
      input.dispose();
      resolve(undefined);
    });
    input.show();
  });
}

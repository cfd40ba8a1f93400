import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { TokenDescription } from "../../flows/tokens/describeTokens";
import { askDialog, warnDialog } from "../messages";
import { dateProblem, toExpiryRows } from "./tokenManagerExpiry";
import { whereIsIt } from "./tokenManagerPlaces";
import {
  checkedWords,
  toActionRows,
  toCheckRow,
  toTokenRow,
  type RowContext,
  type TokenAction,
  type TokenManagerRow,
} from "./tokenManagerRows";
import { forgetQuestion, tokenName } from "./tokenManagerWords";

type Item<T> = vscode.QuickPickItem & { readonly answer?: T };

type ManagerChoice = TokenDescription | "add" | "setUpGit";

/** Which token; `add` for a new one, undefined where the person went away. */
export async function pickToken(
  tokens: readonly TokenDescription[],
  context: RowContext,
  isGitSetUp: boolean,
): Promise<ManagerChoice | undefined> {
  const title = l10n.t("Manage tokens");
  const add = toItem<ManagerChoice>({ icon: "add", label: l10n.t("Add token") }, "add");
  const setUp = toItem<ManagerChoice>(
    {
      icon: isGitSetUp ? "pass-filled" : "circle-large-outline",
      label: l10n.t("Set up Git for Bitbucket"),
      description: isGitSetUp ? l10n.t("on: terminals and other tools get these tokens") : l10n.t("off"),
    },
    "setUpGit",
  );
  const items = tokens.map((token) => toItem<ManagerChoice>(toTokenRow(token, context), token));
  const placeholder =
    tokens.length === 0 ? l10n.t("No token is stored yet") : l10n.t("Choose a token to see what it does");
  const answer = await choose([...items, add, setUp], { title, placeholder });
  return answer === "back" ? undefined : answer;
}

/** What to do with it, above what Bitbucket said of it. */
export function pickAction(
  token: TokenDescription,
  context: RowContext,
): Promise<TokenAction | "back" | undefined> {
  const actions = toActionRows(token, context).map((row) => toItem(row, row.action));
  const check = context.checks.get(token.id);
  const section = {
    label: checkedWords(check, context.language),
    kind: vscode.QuickPickItemKind.Separator,
  };
  const checks = (check?.checks ?? []).map((one) => toItem<TokenAction>(toCheckRow(one), undefined));
  return choose(checks.length > 0 ? [...actions, section, ...checks] : actions, {
    title: tokenName(token),
    placeholder: l10n.t("Choose an action for this token"),
    hasBack: true,
  });
}

/** A dialog is read out as a whole, and its lines are not cut off. */
export async function showWhereItIs(token: TokenDescription, context: RowContext): Promise<void> {
  const { message, detail } = whereIsIt(token, context);
  await askDialog(message, detail);
}

export async function confirmForget(token: TokenDescription, hasOther: boolean): Promise<boolean> {
  const { message, detail } = forgetQuestion(token, hasOther);
  const forget = l10n.t("Remove token");
  return (await warnDialog(message, detail, forget)) === forget;
}

/** An expiry to write down; undefined where the person went away, or back to where there is a way back. */
export async function askExpiry(
  token: TokenDescription,
  language: string,
  { hasBack = true }: Pick<ChooseOptions, "hasBack"> = {},
): Promise<{ readonly expires: string | undefined } | undefined> {
  const title = l10n.t("Expiry of “{0}”", tokenName(token));
  const items = toExpiryRows(token, language).map((row) => toItem(row, row.choice));
  const answer = await choose(items, {
    title,
    placeholder: l10n.t("Bitbucket doesn't report the expiry date. Enter it to be reminded."),
    hasBack,
  });
  if (answer === undefined || answer === "back") return undefined;
  if (answer.kind === "day") return { expires: answer.expires };
  const typed = await vscode.window.showInputBox({
    title,
    prompt: l10n.t("The last day it works, such as 2027-05-31."),
    placeHolder: "2027-05-31",
    value: token.expires ?? "",
    validateInput: dateProblem,
  });
  return typed === undefined ? undefined : { expires: typed.trim() };
}

function toItem<T>({ icon, ...row }: TokenManagerRow, answer: T | undefined): Item<T> {
  const { label, description, detail } = row;
  return {
    label,
    iconPath: new vscode.ThemeIcon(icon),
    ...(description !== undefined && { description }),
    ...(detail !== undefined && { detail }),
    ...(answer !== undefined && { answer }),
  };
}

interface ChooseOptions {
  readonly title: string;
  readonly placeholder: string;
  readonly hasBack?: boolean;
}

/** Rows without an answer are there to be read: choosing one does nothing. */
async function choose<T>(
  items: readonly Item<T>[],
  { title, placeholder, hasBack = false }: ChooseOptions,
): Promise<T | "back" | undefined> {
  const pick = vscode.window.createQuickPick<Item<T>>();
  Object.assign(pick, { title, placeholder, matchOnDescription: true, matchOnDetail: true });
  pick.buttons = hasBack ? [vscode.QuickInputButtons.Back] : [];
  pick.items = items;
  try {
    return await new Promise((resolve) => {
      pick.onDidTriggerButton(() => {
        resolve("back");
      });
      pick.onDidAccept(() => {
        const answer = pick.activeItems[0]?.answer;
        if (answer !== undefined) resolve(answer);
      });
      pick.onDidHide(() => {
        resolve(undefined);
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { parsePushArgument, type PushArgument } from "./arguments";
import { askTarget, type CommandContext } from "./context";
import type { Command } from "./register";
import { runByHand } from "./runByHand";

interface Choice extends vscode.QuickPickItem {
  readonly argument: PushArgument;
}

/** The push button's other ways: with tags, to a new branch, another branch. */
export function pushOtherCommand(context: CommandContext): Command {
  return async (untyped) => {
    const { folder } = parsePushArgument(untyped);
    const target = await askTarget(context, folder, untyped);
    if (!target) return undefined;
    const { local } = target;
    const choices = toChoices(local.currentBranch, await local.branches());
    const title = l10n.t("Push to Bitbucket");
    const choice = await vscode.window.showQuickPick(choices, { title, placeHolder: l10n.t("What to push") });
    // As a command of its own, so that a failure's buttons repeat the push and not this question.
    return choice && runByHand("push", { ...choice.argument, folder: vscode.Uri.file(local.root) });
  };
}

function toChoices(current: string | undefined, branches: readonly string[]): Choice[] {
  const others = branches.filter((branch) => branch !== current);
  return [
    ...(current === undefined ? [] : ofCurrent(current)),
    { label: l10n.t("Other branches"), kind: vscode.QuickPickItemKind.Separator, argument: {} },
    ...others.map((branch) => ({ label: `$(git-branch) ${branch}`, argument: { branch } })),
  ];
}

function ofCurrent(branch: string): Choice[] {
  return [
    { label: `$(cloud-upload) ${branch}`, description: l10n.t("checked out"), argument: { branch } },
    {
      label: l10n.t("$(tag) {0} with tags", branch),
      description: l10n.t("annotated tags on its commits"),
      argument: { branch, tags: true },
    },
    {
      label: l10n.t("$(add) {0} to a new branch", branch),
      description: l10n.t("for a pull request"),
      argument: { branch, first: "newBranch" },
    },
  ];
}

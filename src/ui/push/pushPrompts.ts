import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { isBranchName } from "../../bitbucket/pagePath";
import { askDialog, showInformation } from "../messages";
import { openExternally } from "../openExternally";

/** A push that a person is asked to agree to. */
export interface PushQuestion {
  readonly branch: string;
  /** `acme/payments` */
  readonly repository: string;
  readonly target: string;
  readonly remote: string;
  readonly commits: number;
  readonly setsUpstream: boolean;
}

export async function confirmPush(question: PushQuestion): Promise<boolean> {
  const { branch, repository, target, remote, commits, setsUpstream } = question;
  const push = l10n.t("Push");
  const counted = l10n.t("Commits: {0}. Remote: {1}.", commits, remote);
  const follows = l10n.t("From then on {0} follows {1}.", branch, `${remote}/${target}`);
  const answer = await askDialog(
    branch === target
      ? l10n.t("Push {0} to {1}?", branch, repository)
      : l10n.t("Push {0} to {1} on {2}?", branch, target, repository),
    setsUpstream ? `${counted} ${follows}` : counted,
    push,
  );
  return answer === push;
}

export async function askBranchName(suggestion: string): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    title: l10n.t("Push to a new branch"),
    prompt: l10n.t("Its name. Your commits go there, and the branch on Bitbucket stays as it is."),
    value: suggestion,
    validateInput: (text) =>
      isBranchName(text.trim())
        ? undefined
        : l10n.t("git does not accept this name for a branch. Use letters, digits, dashes and slashes."),
  });
  return name?.trim();
}

/** Dismissing it is an answer too. */
export async function announcePush(message: string, pullRequestUrl: string | undefined): Promise<void> {
  const create = l10n.t("Create pull request");
  const answer = await showInformation(message, ...(pullRequestUrl ? [create] : []));
  if (answer === create && pullRequestUrl) await openExternally(pullRequestUrl);
}

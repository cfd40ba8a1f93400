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
  /** Undefined where only the push can tell. */
  readonly commits: number | undefined;
  /** Every other place that the same push goes to. */
  readonly others: readonly string[];
  readonly setsUpstream: boolean;
}

/** `sameName`: to the branch that is called as it is here, which it follows from then on. */
export async function confirmPush(question: PushQuestion): Promise<"push" | "sameName" | undefined> {
  const { branch, repository, target, remote, commits, others, setsUpstream } = question;
  const isElsewhere = branch !== target;
  const push = isElsewhere ? l10n.t("Push to {0}", target) : l10n.t("Push");
  const sameName = l10n.t("Push to {0}", branch);
  const counted =
    commits === undefined
      ? l10n.t("Remote: {0}.", remote)
      : l10n.t("Commits: {0}. Remote: {1}.", commits, remote);
  const places = others.length > 0 ? [l10n.t("Git also pushes to {0}.", others.join(", "))] : [];
  const follows = setsUpstream ? [l10n.t("After this, {0} tracks {1}.", branch, `${remote}/${target}`)] : [];
  const answer = await askDialog(
    isElsewhere
      ? l10n.t("Push {0} to {1} on {2}?", branch, target, repository)
      : l10n.t("Push {0} to {1}?", branch, repository),
    [counted, ...places, ...follows].join(" "),
    push,
    ...(isElsewhere ? [sameName] : []),
  );
  return answer === push ? "push" : answer === sameName ? "sameName" : undefined;
}

export async function askBranchName(suggestion: string, isCheckedOut: boolean): Promise<string | undefined> {
  const stays = l10n.t("Enter its name. Your commits go there, and the branch on Bitbucket doesn't change.");
  const moves = l10n.t(
    "Enter its name. It's checked out, your commits go there, and the branch on Bitbucket doesn't change.",
  );
  const name = await vscode.window.showInputBox({
    title: l10n.t("Push to a new branch"),
    prompt: isCheckedOut ? moves : stays,
    value: suggestion,
    validateInput: (text) =>
      isBranchName(text.trim())
        ? undefined
        : l10n.t("Git doesn't allow this branch name. Use letters, digits, dashes and slashes."),
  });
  return name?.trim();
}

/** Dismissing it is an answer too. */
export async function announcePush(message: string, pullRequestUrl: string | undefined): Promise<void> {
  const create = l10n.t("Create pull request");
  const answer = await showInformation(message, ...(pullRequestUrl ? [create] : []));
  if (answer === create && pullRequestUrl) await openExternally(pullRequestUrl);
}

import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { fullName } from "../bitbucket/site";
import { planPush, type PushPlan } from "../flows/push/planPush";
import { pullBeforePush, type Pulling } from "../flows/push/pushAfterPull";
import { freeBranchName, startBranch } from "../flows/push/pushNewBranch";
import { pushRepository, type PushOutcome } from "../flows/push/pushRepository";
import { withProgress } from "../ui/progress";
import { announcePush, askBranchName, confirmPush } from "../ui/push/pushPrompts";
import { parsePushArgument, type PushArgument } from "./arguments";
import { askTarget, type CommandContext, type Target } from "./context";
import type { Command } from "./register";
import { runByHand } from "./runByHand";
import { showIncoming } from "./showIncoming";

/** Pushes the branch that is checked out, or another; a first push is agreed to, unless `confirm` is false. */
export function pushCommand(context: CommandContext): Command {
  return async (untyped) => {
    const argument = parsePushArgument(untyped);
    const target = await askTarget(context, argument.folder, untyped);
    if (!target) return undefined;
    // As a command of its own, so that a failure's buttons are about this repository, whatever is open by then.
    if (untyped === undefined) return runByHand("push", { folder: vscode.Uri.file(target.local.root) });
    if (argument.first === "look") {
      await showIncoming(target, await planPush(target.ports, target.local, toRequest(argument)));
      return undefined;
    }
    const outcome =
      argument.first === "newBranch"
        ? await pushNewBranch(context, target, argument)
        : await pushBranch(context, target, argument, argument.first);
    if (!outcome) return undefined;
    const { remote, branch, commits } = outcome;
    return { remote, branch, commits };
  };
}

async function pushBranch(
  context: CommandContext,
  target: Target,
  argument: PushArgument,
  how: Pulling | undefined,
): Promise<PushOutcome | undefined> {
  const { ports, local } = target;
  const request = toRequest(argument);
  const plan = await planPush(ports, local, request);
  const isFirst = plan.setsUpstream || plan.isNew;
  const isAgreed = !isFirst || argument.confirm === false || how !== undefined;
  if (!isAgreed && !(await confirmPush({ ...plan, repository: fullName(plan.repository) }))) return undefined;
  const outcome = await context.tellingOfRefusal(plan.repository, () =>
    withProgress(progressTitle(plan), async (signal, say) => {
      if (how === undefined) return pushRepository(ports, local, plan, say, signal);
      say(l10n.t("Bringing in what is on Bitbucket"));
      await pullBeforePush(ports, local, plan, how, () => pull(target), signal);
      return pushRepository(ports, local, await planPush(ports, local, request), say, signal);
    }),
  );
  if (!outcome) return undefined;
  context.onPushed(plan.repository);
  void announcePush(pushedMessage(plan, outcome), outcome.pullRequestUrl);
  return outcome;
}

async function pushNewBranch(
  context: CommandContext,
  target: Target,
  argument: PushArgument,
): Promise<PushOutcome | undefined> {
  const { ports, local } = target;
  const from = argument.branch ?? local.currentBranch;
  const name = await askBranchName(await freeBranchName(local));
  if (name === undefined || from === undefined) return undefined;
  await startBranch(ports, local, name, from);
  return pushBranch(context, target, { ...argument, branch: name, confirm: false }, undefined);
}

/** The editor's own pull, with all of its settings. */
async function pull({ git, local }: Target): Promise<void> {
  await git.getRepository(vscode.Uri.file(local.root))?.pull();
}

function toRequest({ branch, tags }: PushArgument) {
  return { ...(branch !== undefined && { branch }), ...(tags !== undefined && { tags }) };
}

function progressTitle({ branch, repository }: PushPlan): string {
  return l10n.t("Pushing {0} to {1}", branch, fullName(repository));
}

function pushedMessage({ repository, target }: PushPlan, { branch, commits }: PushOutcome): string {
  const name = fullName(repository);
  return branch === target
    ? l10n.t("Pushed {0} to {1}. Commits: {2}.", branch, name, commits)
    : l10n.t("Pushed {0} to {1} on {2}. Commits: {3}.", branch, target, name, commits);
}

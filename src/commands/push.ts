import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { fullName } from "../bitbucket/site";
import { planPush, type PushPlan, type PushRequest } from "../flows/push/planPush";
import { pullBeforePush, type Pulling } from "../flows/push/pushAfterPull";
import { freeBranchName, startBranch } from "../flows/push/pushNewBranch";
import { pushRepository, type PushOutcome } from "../flows/push/pushRepository";
import { withProgress } from "../ui/progress";
import { announcePush, askBranchName, confirmPush } from "../ui/push/pushPrompts";
import { parsePushArgument, type PushArgument } from "./arguments";
import { connectToPush } from "./connectToPush";
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
    if (argument.first === "newBranch") return pushNewBranch(target, argument);
    const outcome =
      argument.first === "connect"
        ? await connectAndPush(context, target, argument)
        : await pushBranch(context, target, argument, argument.first);
    if (!outcome) return undefined;
    const { remote, branch, commits } = outcome;
    return { remote, branch, commits };
  };
}

/** Whoever presses that button has agreed to the push. */
async function connectAndPush(
  context: CommandContext,
  target: Target,
  argument: PushArgument,
): Promise<PushOutcome | undefined> {
  const isConnected = await connectToPush(context, target, toRequest(argument));
  return isConnected ? pushBranch(context, target, { ...argument, confirm: false }, undefined) : undefined;
}

async function pushBranch(
  context: CommandContext,
  target: Target,
  argument: PushArgument,
  how: Pulling | undefined,
): Promise<PushOutcome | undefined> {
  const { ports, local } = target;
  const request = toRequest(argument);
  const plan = await agreeOn(target, argument, await planPush(ports, local, request), how);
  if (!plan) return undefined;
  const outcome = await context.tellingOfRefusal(plan.repository, () =>
    withProgress(progressTitle(plan), async (signal, say) => {
      if (how === undefined) return pushRepository(ports, local, plan, say, signal);
      say(l10n.t("Getting changes from Bitbucket"));
      await pullBeforePush(ports, local, plan, how, () => pull(target), signal);
      return pushRepository(ports, local, await planPush(ports, local, request), say, signal);
    }),
  );
  if (!outcome) return undefined;
  context.onPushed(plan.repository);
  void announcePush(pushedMessage(plan, outcome), outcome.pullRequestUrl);
  return outcome;
}

/** What a person has agreed to in this session of the editor: another name there, several places at once. */
const agreedBefore = new Set<string>();

/** A push to a place that is new is agreed to; undefined where the person went away. */
async function agreeOn(
  { ports, local }: Target,
  argument: PushArgument,
  plan: PushPlan,
  how: Pulling | undefined,
): Promise<PushPlan | undefined> {
  const { branch, remote, target, others } = plan;
  const key = JSON.stringify([local.root, branch, remote, target, others]);
  const isUnusual = (branch !== target || others.length > 0) && !agreedBefore.has(key);
  const isAgreed = !(plan.setsUpstream || plan.isNew || isUnusual);
  if (isAgreed || argument.confirm === false || how !== undefined) return plan;
  const answer = await confirmPush({ ...plan, repository: fullName(plan.repository) });
  if (answer === "sameName")
    return planPush(ports, local, { ...toRequest(argument), remote, target: branch, setsUpstream: true });
  if (answer === "push" && isUnusual) agreedBefore.add(key);
  return answer === "push" ? plan : undefined;
}

async function pushNewBranch(
  { ports, local }: Target,
  { branch, remote, tags }: PushArgument,
): Promise<unknown> {
  const from = branch ?? local.currentBranch;
  const name = await askBranchName(await freeBranchName(local), from === local.currentBranch);
  if (name === undefined || from === undefined) return undefined;
  await startBranch(ports, local, name, from);
  // As a command of its own, so that a failure's buttons are about the new branch.
  const given = { ...(remote !== undefined && { remote }), ...(tags !== undefined && { tags }) };
  return runByHand("push", { folder: vscode.Uri.file(local.root), branch: name, confirm: false, ...given });
}

/** The editor's own pull, with all of its settings. */
async function pull({ git, local }: Target): Promise<void> {
  await git.getRepository(vscode.Uri.file(local.root))?.pull();
}

function toRequest({ branch, remote, target, tags, plain }: PushArgument): PushRequest {
  return {
    ...(branch !== undefined && { branch }),
    ...(remote !== undefined && { remote }),
    ...(target !== undefined && { target }),
    ...(tags !== undefined && { tags }),
    ...(plain !== undefined && { plain }),
  };
}

function progressTitle({ branch, repository }: PushPlan): string {
  return l10n.t("Pushing {0} to {1}", branch, fullName(repository));
}

function pushedMessage(plan: PushPlan, { branch, commits, tags }: PushOutcome): string {
  const [name, { target }] = [fullName(plan.repository), plan];
  const pushed =
    branch === target
      ? l10n.t("Pushed {0} to {1}. Commits: {2}.", branch, name, commits)
      : l10n.t("Pushed {0} to {1} on {2}. Commits: {3}.", branch, target, name, commits);
  if (!plan.tags) return pushed;
  return tags.length > 0
    ? l10n.t("{0} Tags: {1}.", pushed, tags.join(", "))
    : l10n.t("{0} No new annotated tag points to its commits.", pushed);
}

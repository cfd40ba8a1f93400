import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { fullName, isSameRepository } from "../bitbucket/site";
import type { StoredToken } from "../credentials/tokenStore";
import { toPresented } from "../flows/clone/listRepositoriesReach";
import { connectRepository } from "../flows/connect/connectRepository";
import { findPushingToken } from "../flows/push/missingToken";
import { planPush, type PushPlan, type PushRequest } from "../flows/push/planPush";
import { findCommonDir } from "../git/commonDir";
import { readGitAccess } from "../settings";
import { withProgress, withSteps } from "../ui/progress";
import { askNewToken } from "./addTokenSteps";
import { settingsOf, type CommandContext, type Target } from "./context";
import { tellAdded } from "./tellToken";

/**
 * Connects the remote that a push goes to, with the stored token that can push, or one that the person adds. The commit
 * email stays as it is. False where the person went away.
 */
export async function connectToPush(
  context: CommandContext,
  target: Target,
  request: PushRequest,
): Promise<boolean> {
  const { ports, local } = target;
  const plan = await planPush(ports, local, request);
  const token = (await findStored(target, plan)) ?? (await addToken(target, plan));
  if (!token) return false;
  const { repository, remote } = plan;
  const connecting = {
    ...{ repository, token: toPresented(token), scopes: [], email: undefined, remote },
    ...({ existingRemote: "ask", branch: undefined, expires: token.expires } as const),
    gitAccess: await gitAccessOf(target, plan),
  };
  const title = l10n.t("Connecting {0}", fullName(repository));
  const outcome = await withSteps(title, context.log, (report, signal) =>
    connectRepository(ports, local, connecting, report, signal),
  );
  return outcome !== undefined;
}

async function findStored({ ports }: Target, plan: PushPlan): Promise<StoredToken | undefined> {
  const title = l10n.t("Looking for a token for {0}", fullName(plan.repository));
  const found = await withProgress(title, (signal) => findPushingToken(ports, plan, signal));
  return found?.candidate.token;
}

async function addToken({ ports }: Target, { repository }: PushPlan): Promise<StoredToken | undefined> {
  const added = await askNewToken(ports, { needs: ["repository:write"], repository });
  if (added) tellAdded(ports, added);
  return added?.stored;
}

/** As it is connected, where it has lost its token. */
async function gitAccessOf({ ports, local }: Target, { repository }: PushPlan) {
  const connections = await ports.connections.get(await findCommonDir(local.root));
  const connected = connections.find((one) => isSameRepository(one, repository));
  return connected?.gitAccess ?? readGitAccess(settingsOf(vscode.Uri.file(local.root)));
}

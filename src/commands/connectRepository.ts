import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { readEnvironmentToken } from "../credentials/environmentToken";
import { connectRepository } from "../flows/connect/connectRepository";
import type { ConnectOutcome } from "../flows/connect/connectRequest";
import { describeRepository } from "../flows/describeRepository";
import type { ConnectPanel } from "../ui/connect/connectPanel";
import { showInformation } from "../ui/messages";
import { withSteps } from "../ui/progress";
import { readGitAccess, readSite, readUseBotEmail } from "../settings";
import { parseConnectArgument, type ConnectArgument } from "./arguments";
import { ConnectFormHost } from "./connectFormHost";
import { formValuesFrom, isComplete, requestFromArgument } from "./connectRequests";
import { isCalledByCode } from "./plainArgument";
import { openTarget, settingsOf, type CommandContext } from "./context";
import { setContextKey } from "./contextKeys";
import type { Command } from "./register";
import { fetchSubmodulesOf } from "./submodules";

export interface ConnectResult {
  readonly repository: string;
  readonly remote: string;
  readonly url: string;
  readonly branch: string | undefined;
  readonly pushed: boolean;
}

/** With repository and token in the argument it asks nothing; otherwise the form opens with what the argument says. */
export function connectCommand(context: CommandContext, panel: ConnectPanel<ConnectOutcome>): Command {
  return async (untyped) => {
    const goingOn = untyped === undefined ? panel.goOn() : undefined;
    const outcome = goingOn ? await goingOn : await connect(context, panel, untyped);
    return outcome && toResult(outcome);
  };
}

async function connect(
  context: CommandContext,
  panel: ConnectPanel<ConnectOutcome>,
  untyped: unknown,
): Promise<ConnectOutcome | undefined> {
  const argument = parseConnectArgument(untyped);
  const whole = isCalledByCode(untyped) ? await withEnvironmentToken(argument) : argument; // a link asks first
  const site = readSite(settingsOf(argument.folder));
  return isComplete(whole, site)
    ? connectDirectly(context, whole)
    : panel.open(new ConnectFormHost(context, argument.folder), formValuesFrom(argument, site));
}

/** A caller who gives no token means the one of the environment, where there is one. */
async function withEnvironmentToken(argument: ConnectArgument): Promise<ConnectArgument> {
  if (argument.token !== undefined) return argument;
  const token = await readEnvironmentToken();
  if (!token) return argument;
  return { ...(token.account !== undefined && { account: token.account }), ...argument, token: token.secret };
}

async function connectDirectly(
  context: CommandContext,
  argument: ConnectArgument,
): Promise<ConnectOutcome | undefined> {
  const { ports, local } = await openTarget(context, argument.folder);
  const settings = settingsOf(vscode.Uri.file(local.root));
  const request = requestFromArgument(argument, {
    site: ports.site,
    description: await describeRepository(ports, local),
    gitAccess: readGitAccess(settings),
    useBotEmail: readUseBotEmail(settings),
  });
  const outcome = await withSteps(
    l10n.t("Connecting {0}", `${request.repository.workspace}/${request.repository.slug}`),
    context.log,
    (report, signal) => connectRepository(ports, local, request, report, signal),
  );
  if (outcome?.pushed) await setContextKey("hasPushed", true);
  if (!outcome) return undefined;
  announce(outcome);
  await fetchSubmodulesOf({ context, ports, root: local.root, gitAccess: request.gitAccess });
  return outcome;
}

function announce(outcome: ConnectOutcome): void {
  const message = connectedMessage(outcome);
  void showInformation([message, ...outcome.notes].join(" "));
}

export function connectedMessage({ repository, remote, branch, pushed }: ConnectOutcome): string {
  if (branch === undefined)
    return l10n.t("Connected the remote {0} to {1}. Nothing was pushed.", remote, repository);
  return pushed
    ? l10n.t("Connected and pushed {0} to {1}. Git now signs in automatically.", branch, repository)
    : l10n.t("Connected. {0} was already on {1}. Git now signs in automatically.", branch, repository);
}

export function toResult({ repository, remote, url, branch, pushed }: ConnectOutcome): ConnectResult {
  return { repository, remote, url, branch, pushed };
}

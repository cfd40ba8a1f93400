import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Connection } from "../credentials/connectionStore";
import { UserError } from "../errors";
import { disconnectRepository } from "../flows/connect/disconnectRepository";
import { findConnections } from "../flows/connect/movedConnection";
import { findCommonDir } from "../git/commonDir";
import { inSentence } from "../inSentence";
import { showInformation, warnDialog } from "../ui/messages";
import { parseDisconnectArgument } from "./arguments";
import { askTarget, type CommandContext } from "./context";
import { commandIds } from "./ids";
import type { Command } from "./register";

/** With an argument it asks nothing; from the palette it says first what will be taken back. */
export function disconnectCommand(context: CommandContext): Command {
  return async (untyped) => {
    const argument = parseDisconnectArgument(untyped);
    const target = await askTarget(context, argument.folder, untyped);
    if (!target) return undefined;
    const { ports, local } = target;
    const connections = await findConnections(ports, await findCommonDir(local.root));
    if (connections.length === 0) throw notConnected();
    const isAsked = argument.folder !== undefined || argument.keepRemote !== undefined;
    const answer = isAsked
      ? { connections, keepRemote: argument.keepRemote ?? false }
      : await ask(connections);
    if (!answer) return undefined;
    for (const connection of [...answer.connections].reverse()) {
      await disconnectRepository(ports, local, connection, answer.keepRemote);
    }
    const disconnected = answer.connections.map(nameOf);
    if (!isAsked) void showInformation(l10n.t("Disconnected {0}.", inSentence(disconnected)));
    return { disconnected };
  };
}

interface Answer {
  readonly connections: readonly Connection[];
  readonly keepRemote: boolean;
}

async function ask(connections: readonly Connection[]): Promise<Answer | undefined> {
  const chosen = connections.length === 1 ? connections[0] : await choose(connections);
  if (!chosen) return undefined;
  const everything = l10n.t("Disconnect");
  const keepRemote = l10n.t("Keep remote");
  const answer = await warnDialog(
    l10n.t("Disconnect {0}?", nameOf(chosen)),
    l10n.t(
      "Restores the remote {0}, Git's sign-in and the commit email. Removes the token for {1}, unless another connected folder uses it. It stays valid until you revoke it on Bitbucket.",
      chosen.remote,
      nameOf(chosen),
    ),
    everything,
    keepRemote,
  );
  return answer === undefined ? undefined : { connections: [chosen], keepRemote: answer === keepRemote };
}

async function choose(connections: readonly Connection[]): Promise<Connection | undefined> {
  const items = connections.map((connection) => ({
    label: nameOf(connection),
    description: connection.remote,
    connection,
  }));
  const title = l10n.t("Disconnect repository");
  const item = await vscode.window.showQuickPick(items, { title, placeHolder: l10n.t("Which one?") });
  return item?.connection;
}

function nameOf({ workspace, slug }: Connection): string {
  return `${workspace}/${slug}`;
}

function notConnected(): UserError {
  return new UserError(
    "NotARepository",
    l10n.t("This repository isn't connected with this extension, so there's nothing to disconnect."),
    {
      fixes: [
        { kind: "runCommand", title: l10n.t("Connect repository"), command: commandIds.connectRepository },
      ],
    },
  );
}

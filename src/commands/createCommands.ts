import type * as vscode from "vscode";
import { connectAllCommand } from "./connectAll";
import { connectCommand } from "./connectRepository";
import { cloneCommand } from "./cloneRepository";
import { publishCommand } from "./publishRepository";
import { checkConnectionCommand } from "./checkConnection";
import { manageTokensCommand } from "./manageTokens";
import { addTokenCommand } from "./addToken";
import { replaceTokenCommand } from "./replaceToken";
import { disconnectCommand } from "./disconnectRepository";
import { setUpGitCommand } from "./setUpGit";
import { pushCommand } from "./push";
import { pushOtherCommand } from "./pushOther";
import { copyLinkCommand, openOnBitbucketCommand } from "./openOnBitbucket";
import type { ConnectOutcome } from "../flows/connect/connectRequest";
import type { Parts } from "../parts";
import { ConnectPanel } from "../ui/connect/connectPanel";
import type { Log } from "../ui/log";
import type { Commands } from "./register";

/** The code behind every command that the manifest contributes. */
export function createCommands(
  context: vscode.ExtensionContext,
  { commandContext, refused }: Parts,
  log: Log,
): Commands {
  const panel = new ConnectPanel<ConnectOutcome>(context.extensionUri, log);
  context.subscriptions.push(panel);
  return {
    connectRepository: connectCommand(commandContext, panel),
    cloneRepository: cloneCommand(commandContext),
    publishRepository: publishCommand(commandContext),
    checkConnection: checkConnectionCommand(commandContext),
    manageTokens: manageTokensCommand(commandContext, refused),
    addToken: addTokenCommand(commandContext),
    replaceToken: replaceTokenCommand(commandContext),
    disconnectRepository: disconnectCommand(commandContext),
    connectAll: connectAllCommand(commandContext),
    setUpGit: setUpGitCommand(commandContext),
    push: pushCommand(commandContext),
    pushOther: pushOtherCommand(commandContext),
    openOnBitbucket: openOnBitbucketCommand(commandContext),
    copyLink: copyLinkCommand(commandContext),
    showLog: () => {
      log.show();
      return Promise.resolve();
    },
  };
}

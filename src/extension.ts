import * as l10n from "@vscode/l10n";
import * as path from "node:path";
import * as vscode from "vscode";
import { BitbucketClient } from "./bitbucket/client";
import { createSend } from "./bitbucket/http";
import { connectCommand } from "./commands/connectRepository";
import { settingsOf, type CommandContext } from "./commands/context";
import { disconnectCommand } from "./commands/disconnectRepository";
import { registerCommands } from "./commands/register";
import { watchRepositories } from "./commands/watchRepositories";
import { ConnectionStore } from "./credentials/connectionStore";
import { FolderIndex } from "./credentials/folderIndex";
import { GitSignIn } from "./credentials/gitSignIn";
import { TokenStore } from "./credentials/tokenStore";
import { createOpenGit } from "./git/openGit";
import { readSite } from "./settings";
import { ConnectPanel } from "./ui/connectPanel";
import { createLog } from "./ui/log";

/** Builds the parts and registers them; each does its work when it is first needed. */
export function activate(context: vscode.ExtensionContext): void {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  const log = createLog();
  const storageDir = context.globalStorageUri.fsPath;
  const site = () => readSite(settingsOf(undefined));
  const tokens = new TokenStore(context.secrets, new FolderIndex(path.join(storageDir, "tokens")));
  const connections = new ConnectionStore(
    context.secrets,
    new FolderIndex(path.join(storageDir, "connections")),
  );
  const signIn = new GitSignIn({
    storageDir,
    nodeHelper: vscode.Uri.joinPath(context.extensionUri, "dist", "credentialHelper.js").fsPath,
    tokens,
    site,
    onError: (error) => {
      log.bug("git's sign-in", error);
    },
  });
  const send = createSend((trace) => {
    log.request(trace);
  });
  const commandContext: CommandContext = {
    log,
    createPorts: (git) => ({
      site: site(),
      client: new BitbucketClient(site(), send),
      send,
      openGit: createOpenGit(git.git.path),
      tokens,
      connections,
      prepareHelper: () => signIn.prepare(),
    }),
  };
  const panel = new ConnectPanel(context.extensionUri, log);
  context.subscriptions.push(
    log,
    panel,
    { dispose: () => signIn.dispose() },
    registerCommands(
      {
        connectRepository: connectCommand(commandContext, panel),
        disconnectRepository: disconnectCommand(commandContext),
        showLog: () => Promise.resolve(log.show()),
      },
      log,
    ),
    watchRepositories(commandContext, {
      signIn,
      secrets: context.secrets,
      hasTokens: async () => (await tokens.list()).length > 0,
    }),
  );
}

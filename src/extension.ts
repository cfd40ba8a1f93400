import * as l10n from "@vscode/l10n";
import * as path from "node:path";
import * as vscode from "vscode";
import { BitbucketClient } from "./bitbucket/client";
import { createSend } from "./bitbucket/http";
import { fullName } from "./bitbucket/site";
import { afterPush } from "./commands/afterPush";
import { byHand } from "./commands/arguments";
import { checkConnectionCommand } from "./commands/checkConnection";
import { cloneCommand } from "./commands/cloneRepository";
import { connectCommand } from "./commands/connectRepository";
import { settingsOf, type CommandContext } from "./commands/context";
import { disconnectCommand } from "./commands/disconnectRepository";
import { commandIds } from "./commands/ids";
import { manageTokensCommand } from "./commands/manageTokens";
import { openOnBitbucketCommand } from "./commands/openOnBitbucket";
import { pushCommand } from "./commands/push";
import { pushOtherCommand } from "./commands/pushOther";
import { publishCommand } from "./commands/publishRepository";
import { registerCommands } from "./commands/register";
import { replaceTokenCommand } from "./commands/replaceToken";
import { watchPushErrors } from "./commands/watchPushErrors";
import { registerRemotePublisher } from "./commands/vscodeRemotePublisher";
import { registerRemoteSource } from "./commands/vscodeRemoteSource";
import { watchLinks } from "./commands/watchLinks";
import { watchRepositories } from "./commands/watchRepositories";
import { watchStatusBar } from "./commands/watchStatusBar";
import { ConnectionStore } from "./credentials/connectionStore";
import { readEnvironmentToken } from "./credentials/environmentToken";
import { FolderIndex } from "./credentials/folderIndex";
import { GitSignIn } from "./credentials/gitSignIn";
import { RefusedTokens } from "./credentials/refusedTokens";
import { TokenStore } from "./credentials/tokenStore";
import { createOpenGit } from "./git/openGit";
import { readSite } from "./settings";
import { ConnectPanel } from "./ui/connect/connectPanel";
import { createLog, type Log } from "./ui/log";
import { TokenNotices } from "./ui/tokens/tokenNotices";

let signIn: GitSignIn | undefined;

/** Builds the parts and registers them; each does its work when it is first needed. */
export function activate(context: vscode.ExtensionContext): void {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  const log = createLog();
  const notices = createNotices();
  const { tokens, connections } = createStores(context);
  const refused = new RefusedTokens();
  signIn = createSignIn(context, { tokens, notices, refused, log });
  const memory = context.globalState;
  const parts = { tokens, connections, refused, signIn, notices, memory, log };
  const commandContext = createCommandContext(parts);
  const panel = new ConnectPanel(context.extensionUri, log);

  context.subscriptions.push(
    log,
    panel,
    registerCommands(
      {
        connectRepository: connectCommand(commandContext, panel),
        cloneRepository: cloneCommand(commandContext),
        publishRepository: publishCommand(commandContext, panel),
        checkConnection: checkConnectionCommand(commandContext),
        manageTokens: manageTokensCommand(commandContext, refused),
        replaceToken: replaceTokenCommand(commandContext),
        disconnectRepository: disconnectCommand(commandContext),
        push: pushCommand(commandContext),
        pushOther: pushOtherCommand(commandContext),
        openOnBitbucket: openOnBitbucketCommand(commandContext),
        showLog: () => {
          log.show();
          return Promise.resolve();
        },
      },
      log,
    ),
    watchStatusBar(commandContext, context.secrets, refused),
    watchPushErrors(commandContext),
    registerRemoteSource(commandContext),
    registerRemotePublisher(commandContext),
    watchLinks(commandContext, site),
    watchRepositories(commandContext, { signIn, secrets: context.secrets, tokens, site }),
  );
}

/** Awaited by the editor, unlike what `subscriptions` dispose: no socket stays behind. */
export async function deactivate(): Promise<void> {
  await signIn?.dispose();
}

function site() {
  return readSite(settingsOf(undefined));
}

function createStores({ secrets, globalStorageUri }: vscode.ExtensionContext) {
  const index = (name: string) => new FolderIndex(path.join(globalStorageUri.fsPath, name));
  return {
    tokens: new TokenStore(secrets, index("tokens"), () => readEnvironmentToken()),
    connections: new ConnectionStore(secrets, index("connections")),
  };
}

function createNotices(): TokenNotices {
  const run = (id: string) => (repository: string) =>
    vscode.commands.executeCommand(id, byHand({ repository }));
  return new TokenNotices({
    replaceToken: run(commandIds.replaceToken),
    connectRepository: run(commandIds.connectRepository),
  });
}

function createSignIn(
  context: vscode.ExtensionContext,
  { tokens, notices, refused, log }: Pick<Parts, "tokens" | "notices" | "refused" | "log">,
): GitSignIn {
  return new GitSignIn({
    storageDir: context.globalStorageUri.fsPath,
    nodeHelper: vscode.Uri.joinPath(context.extensionUri, "dist", "credentialHelper.js").fsPath,
    tokens,
    site,
    onRefused: (repository, secret) => {
      if (refused.add(secret)) void notices.refused(fullName(repository));
    },
    onLost: (repository) => void notices.lost(fullName(repository)),
    onError: (error) => {
      log.bug("git's sign-in", error);
    },
  });
}

interface Parts {
  readonly tokens: TokenStore;
  readonly connections: ConnectionStore;
  readonly refused: RefusedTokens;
  readonly signIn: GitSignIn;
  readonly notices: TokenNotices;
  /** Outlives the window, and holds no secret. */
  readonly memory: vscode.Memento;
  readonly log: Log;
}

function createCommandContext(parts: Parts): CommandContext {
  const { tokens, connections, refused, signIn, notices, memory, log } = parts;
  const send = createSend((trace) => {
    log.request(trace);
  });
  return {
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
    tellingOfRefusal: (repository, action) => notices.during(fullName(repository), action),
    onPushed: (repository) => {
      afterPush({ site, tokens, refused, memory }, repository).catch((error: unknown) => {
        log.bug("after a push", error);
      });
    },
  };
}

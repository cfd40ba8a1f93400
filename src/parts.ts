import * as path from "node:path";
import * as vscode from "vscode";
import { BitbucketClient } from "./bitbucket/client";
import { createSend, type Send } from "./bitbucket/http";
import { fullName, type BitbucketSite } from "./bitbucket/site";
import { afterPush } from "./commands/afterPush";
import { settingsOf, type CommandContext } from "./commands/context";
import { runByHand } from "./commands/runByHand";
import { ConnectionStore } from "./credentials/connectionStore";
import { readEnvironmentToken } from "./credentials/environmentToken";
import { FolderIndex } from "./credentials/folderIndex";
import { limitedSecrets } from "./credentials/limitedSecrets";
import { GitSignIn } from "./credentials/gitSignIn";
import { readHostId } from "./credentials/hostId";
import { RefusedTokens } from "./credentials/refusedTokens";
import { TokenStore } from "./credentials/tokenStore";
import { ReachingTokens } from "./flows/tokens/reachingTokens";
import type { OpenGit } from "./git/openGit";
import type { ReadRepository } from "./git/repository";
import { readSshNames } from "./git/sshNames";
import type { GitApi } from "./git/vscodeGitApi";
import { readSite } from "./settings";
import type { Log } from "./ui/log";
import { TokenNotices } from "./ui/tokens/tokenNotices";

/** What commands and watchers share. */
export interface Parts {
  readonly tokens: TokenStore;
  readonly connections: ConnectionStore;
  readonly refused: RefusedTokens;
  readonly signIn: GitSignIn;
  readonly commandContext: CommandContext;
  readonly site: () => BitbucketSite;
  /** What Git would do in a repository; the code behind it is read with the first question. */
  readonly readRepository: (git: GitApi) => ReadRepository;
}

/** Builds each part once; none does anything before it is used. */
export function createParts(context: vscode.ExtensionContext, log: Log): Parts {
  const notices = createNotices();
  const { tokens, connections } = createStores(context);
  const refused = new RefusedTokens();
  const signIn = createSignIn(context, { tokens, notices, refused, log });
  const memory = context.globalState;
  const commandContext = createCommandContext({ tokens, connections, refused, signIn, notices, memory, log });
  const readRepository =
    (git: GitApi): ReadRepository =>
    async (root) =>
      (await gitAt(git.git.path)).readRepository(root);
  return { tokens, connections, refused, signIn, commandContext, site, readRepository };
}

interface GitParts {
  readonly openGit: OpenGit;
  readonly readRepository: ReadRepository;
}

const gits = new Map<string, Promise<GitParts>>();

/** One for each Git that the editor finds, so that what it was asked is known to everybody. */
function gitAt(binary: string): Promise<GitParts> {
  const start = async () => {
    const [{ createOpenGit }, { createReadRepository }] = await Promise.all([
      import("./git/openGit"),
      import("./git/repository"),
    ]);
    const openGit = createOpenGit(binary);
    return { openGit, readRepository: createReadRepository(openGit) };
  };
  const known = gits.get(binary) ?? start();
  gits.set(binary, known);
  return known;
}

function site(): BitbucketSite {
  const configured = readSite(settingsOf(undefined));
  return { ...configured, sshNames: readSshNames(new URL(configured.webUrl).hostname) };
}

function createStores({ secrets: ofEditor, globalStorageUri }: vscode.ExtensionContext) {
  const secrets = limitedSecrets(ofEditor);
  const index = (name: string) => new FolderIndex(path.join(globalStorageUri.fsPath, name));
  // A container that is built anew has lost its storage, and nobody could let go of what it held.
  const isShortLived = /container|codespaces/.test(vscode.env.remoteName ?? "");
  const host = isShortLived ? undefined : () => readHostId(globalStorageUri.fsPath);
  return {
    tokens: new TokenStore(secrets, index("tokens"), () => readEnvironmentToken(), host),
    connections: new ConnectionStore(secrets, index("connections"), host),
  };
}

function createNotices(): TokenNotices {
  return new TokenNotices({
    replaceToken: (repository) => runByHand("replaceToken", { repository }),
    connectRepository: (repository) => runByHand("connectRepository", { repository }),
  });
}

function createSignIn(
  context: vscode.ExtensionContext,
  { tokens, notices, refused, log }: Pick<Ingredients, "tokens" | "notices" | "refused" | "log">,
): GitSignIn {
  const send = createLoggedSend(log);
  return new GitSignIn({
    storageDir: context.globalStorageUri.fsPath,
    nodeHelper: vscode.Uri.joinPath(context.extensionUri, "dist", "credentialHelper.js").fsPath,
    tokens,
    others: new ReachingTokens(() => ({ site: site(), client: new BitbucketClient(site(), send), tokens })),
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

function createLoggedSend(log: Log): Send {
  return createSend((trace) => {
    log.request(trace);
  });
}

interface Ingredients {
  readonly tokens: TokenStore;
  readonly connections: ConnectionStore;
  readonly refused: RefusedTokens;
  readonly signIn: GitSignIn;
  readonly notices: TokenNotices;
  /** Outlives the window, and holds no secret. */
  readonly memory: vscode.Memento;
  readonly log: Log;
}

function createCommandContext(parts: Ingredients): CommandContext {
  const { tokens, connections, refused, signIn, notices, memory, log } = parts;
  const send = createLoggedSend(log);
  return {
    log,
    createPorts: async (git) => {
      const { openGit, readRepository } = await gitAt(git.git.path);
      return {
        site: site(),
        client: new BitbucketClient(site(), send),
        send,
        openGit,
        readRepository,
        tokens,
        connections,
        prepareHelper: () => signIn.prepare(),
      };
    },
    tellingOfRefusal: (repository, action) => notices.during(fullName(repository), action),
    onPushed: (repository) => {
      afterPush({ site, tokens, refused, memory }, repository).catch((error: unknown) => {
        log.bug("after a push", error);
      });
    },
  };
}

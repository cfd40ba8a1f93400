import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { BitbucketSite } from "../bitbucket/site";
import type { GitSignIn } from "../credentials/gitSignIn";
import { findHostCredential } from "../credentials/hostSignIn";
import type { TokenStore } from "../credentials/tokenStore";
import { recoverConnect } from "../flows/recoverConnect";
import { findCommonDir } from "../git/localRepository";
import { findGitApi, type GitApiRepository } from "../git/vscodeGitApi";
import { VscodeRepository } from "../git/vscodeRepository";
import type { CommandContext } from "./context";

export interface Watched {
  readonly signIn: GitSignIn;
  readonly secrets: vscode.SecretStorage;
  readonly tokens: TokenStore;
  readonly site: () => BitbucketSite;
}

/**
 * What happens without being asked, after start-up: git's sign-in is ready as soon as there is a token to give, and a
 * connect that a killed editor left is finished or undone when its repository opens. Nothing of it says a word.
 */
export function watchRepositories(context: CommandContext, watched: Watched): vscode.Disposable {
  const disposables: vscode.Disposable[] = [];
  let isDisposed = false;
  const own = (disposable: vscode.Disposable) => {
    if (isDisposed) disposable.dispose();
    else disposables.push(disposable);
  };
  const start = async () => {
    await prepareSignIn(context, watched);
    own(watched.secrets.onDidChange(() => void prepareSignIn(context, watched)));
    const git = await findGitApi();
    if (typeof git === "string") return;
    const recover = async (repository: GitApiRepository) => {
      const local = new VscodeRepository(repository);
      const outcome = await recoverConnect(context.createPorts(git), local, await findCommonDir(local.root));
      if (outcome) context.log.note(`An interrupted connect of ${local.root} was ${outcome}.`);
    };
    const recoverQuietly = (repository: GitApiRepository) => {
      recover(repository).catch((error: unknown) => {
        context.log.bug("recover", error);
      });
    };
    own(git.registerCredentialsProvider({ getCredentials: (host) => signInToHost(watched, host) }));
    own(git.onDidOpenRepository(recoverQuietly));
    git.repositories.forEach(recoverQuietly);
  };
  const startQuietly = () => {
    start().catch((error: unknown) => {
      context.log.bug("start", error);
    });
  };
  if (vscode.workspace.isTrusted) startQuietly();
  else own(vscode.workspace.onDidGrantWorkspaceTrust(startQuietly));
  return new vscode.Disposable(() => {
    isDisposed = true;
    for (const disposable of disposables) disposable.dispose();
  });
}

/** Without a token there is nothing to serve, so nothing runs. Another window may have stored one. */
async function prepareSignIn(context: CommandContext, { signIn, tokens }: Watched): Promise<void> {
  try {
    const hasToken = (await tokens.list()).length > 0 || (await tokens.fallback()) !== undefined;
    if (hasToken) await signIn.prepare();
  } catch (error) {
    context.log.bug("git's sign-in", error);
  }
}

async function signInToHost({ tokens, site }: Watched, host: vscode.Uri) {
  return findHostCredential(tokens, site(), host.toString(true), async (choices) => {
    const items = choices.map((choice) => ({ label: choice.repositories.join(", "), choice }));
    const title = l10n.t("Which token may git use for {0}?", host.authority);
    return (await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true }))?.choice;
  });
}

import * as vscode from "vscode";
import type { GitSignIn } from "../credentials/gitSignIn";
import { recoverConnect } from "../flows/recoverConnect";
import { findCommonDir } from "../git/localRepository";
import { findGitApi, type GitApiRepository } from "../git/vscodeGitApi";
import { VscodeRepository } from "../git/vscodeRepository";
import type { CommandContext } from "./context";

export interface Watched {
  readonly signIn: GitSignIn;
  readonly secrets: vscode.SecretStorage;
  readonly hasTokens: () => Promise<boolean>;
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
async function prepareSignIn(context: CommandContext, { signIn, hasTokens }: Watched): Promise<void> {
  try {
    if (await hasTokens()) await signIn.prepare();
  } catch (error) {
    context.log.bug("git's sign-in", error);
  }
}

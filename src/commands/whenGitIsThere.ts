import * as vscode from "vscode";
import { findStartingGitApi, onDidChangeGit, type GitApi } from "../git/vscodeGitApi";
import type { Log } from "../ui/log";

/** Takes what was started, and disposes it at the end; what comes after the end at once. */
export type Own = (disposable: { dispose(): unknown }) => void;

/**
 * Starts what follows git: at once in a trusted workspace, else when there is git. Trust comes before the git extension
 * that it lets run, git may be switched on later, and its repositories come one by one. A failure goes to the log: nobody
 * has asked for anything.
 */
export function whenGitIsThere(
  log: Log,
  start: (git: GitApi, own: Own) => Promise<void> | void,
): vscode.Disposable {
  const disposables: { dispose(): unknown }[] = [];
  let isDisposed = false;
  let isStarted = false;
  const isOver = () => isStarted || isDisposed;
  const own: Own = (disposable) => {
    if (isDisposed) disposable.dispose();
    else disposables.push(disposable);
  };
  const find = async () => {
    if (isOver() || !vscode.workspace.isTrusted) return;
    const git = await findStartingGitApi();
    // Another search may have been quicker.
    if (isOver()) return;
    if (typeof git === "string") {
      waitForGit();
      return;
    }
    isStarted = true;
    await start(git, own);
  };
  let waiting = new vscode.Disposable(() => undefined);
  const waitForGit = () => {
    waiting.dispose();
    own((waiting = onDidChangeGit(findQuietly)));
  };
  function findQuietly(): void {
    find().catch((error: unknown) => {
      log.bug("git", error);
    });
  }
  own(vscode.workspace.onDidGrantWorkspaceTrust(findQuietly));
  own(vscode.extensions.onDidChange(findQuietly));
  findQuietly();
  return new vscode.Disposable(() => {
    isDisposed = true;
    for (const disposable of disposables) disposable.dispose();
  });
}

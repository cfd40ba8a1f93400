import * as vscode from "vscode";
import { findGitApi, type GitApi } from "../git/vscodeGitApi";
import type { Log } from "../ui/log";

/** Takes what was started, and disposes it at the end; what comes after the end at once. */
export type Own = (disposable: vscode.Disposable) => void;

/**
 * Starts what follows git by itself: at once in a trusted workspace, else when trust is granted, and not at all where
 * there is no git. A failure goes to the log: nobody has asked for anything.
 */
export function whenGitIsThere(
  name: string,
  log: Log,
  start: (git: GitApi, own: Own) => Promise<void> | void,
): vscode.Disposable {
  const disposables: vscode.Disposable[] = [];
  let isDisposed = false;
  const own: Own = (disposable) => {
    if (isDisposed) disposable.dispose();
    else disposables.push(disposable);
  };
  const find = async () => {
    const git = await findGitApi();
    if (typeof git !== "string" && !isDisposed) await start(git, own);
  };
  const findQuietly = () => {
    find().catch((error: unknown) => {
      log.bug(name, error);
    });
  };
  if (vscode.workspace.isTrusted) findQuietly();
  else own(vscode.workspace.onDidGrantWorkspaceTrust(findQuietly));
  return new vscode.Disposable(() => {
    isDisposed = true;
    for (const disposable of disposables) disposable.dispose();
  });
}

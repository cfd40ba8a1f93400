import type * as vscode from "vscode";
import type { GitApi } from "../git/vscodeGitApi";
import type { Parts } from "../parts";
import { registerRemotePublisher } from "./vscodeRemotePublisher";
import { registerRemoteSource } from "./vscodeRemoteSource";
import { watchPushErrors } from "./watchPushErrors";
import { watchRepositories } from "./watchRepositories";
import { watchStatusBar } from "./watchStatusBar";
import type { Own } from "./whenGitIsThere";

/** All that follows git by itself. A failure of one goes to the log, and the others go on. */
export function followGit(parts: Parts, secrets: vscode.SecretStorage, git: GitApi, own: Own): void {
  const { commandContext: context } = parts;
  const start = (name: string, follow: () => Promise<void> | void) => {
    Promise.resolve()
      .then(follow)
      .catch((error: unknown) => {
        context.log.bug(name, error);
      });
  };
  const watched = { ...parts, secrets };
  start("git's sign-in", () => watchRepositories(context, watched, git, own));
  start("status bar", () => {
    watchStatusBar(context.log, watched, git, own);
  });
  start("push errors", () => {
    watchPushErrors(context, git, own);
  });
  start("remote source", () => {
    registerRemoteSource(context, git, own);
  });
  start("remote publisher", () => {
    registerRemotePublisher(git, own);
  });
}

import type { GitApi, GitExtension } from "./vscodeGitApi";

/** The API is there before its repositories are. False where it is still looking for them after this time. */
export async function isInitialized(
  api: Pick<GitApi, "state" | "onDidChangeState">,
  timeoutMs: number,
): Promise<boolean> {
  if (api.state === "initialized") return true;
  return new Promise((resolve) => {
    const finish = (isReady: boolean) => {
      clearTimeout(timer);
      listener.dispose();
      resolve(isReady);
    };
    const timer = setTimeout(finish, timeoutMs, false);
    const listener = api.onDidChangeState((state) => {
      if (state === "initialized") finish(true);
    });
  });
}

/**
 * Tells when the git extension has found git or let go of it, and when its API has its repositories: in a big workspace
 * that may be long after.
 */
export function listenToGit(extension: GitExtension, listener: () => void): { dispose(): void } {
  let isDisposed = false;
  let ofState: { dispose(): unknown } | undefined;
  const follow = () => {
    ofState?.dispose();
    ofState = extension.enabled ? extension.getAPI(1).onDidChangeState(tell) : undefined;
  };
  // The git extension tells it in the middle of the change.
  const tell = () =>
    setImmediate(() => {
      if (!isDisposed) follow();
      listener();
    });
  const ofEnablement = extension.onDidChangeEnablement(tell);
  follow();
  return {
    dispose: () => {
      isDisposed = true;
      ofEnablement.dispose();
      ofState?.dispose();
    },
  };
}

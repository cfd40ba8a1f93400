import type { OpenGit } from "./openGit";

export interface PushOptions {
  readonly dir: string;
  readonly remote: string;
  /** A local branch, pushed to the branch of the same name. */
  readonly branch: string;
  readonly setUpstream: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, percent: number) => void;
}

/**
 * Pushes with explicit names, so that no configuration sends another branch elsewhere, and never by force.
 * Throws what git said, as an Error whose message is its stderr.
 */
export async function pushBranch(openGit: OpenGit, options: PushOptions): Promise<void> {
  const { dir, remote, branch, setUpstream, signal, onProgress } = options;
  const ref = `refs/heads/${branch}`;
  await openGit({ dir, signal, onProgress }).raw([
    "push",
    ...(setUpstream ? ["--set-upstream"] : []),
    remote,
    `${ref}:${ref}`,
  ]);
}

/** Forgets what a remote was last seen to have. */
export async function deleteRemoteRefs(openGit: OpenGit, dir: string, remote: string): Promise<void> {
  const output = await openGit({ dir }).raw([
    "for-each-ref",
    "--format=%(refname)",
    `refs/remotes/${remote}/`,
  ]);
  for (const ref of output.split(/\r?\n/).filter(Boolean))
    await openGit({ dir }).raw(["update-ref", "-d", ref]);
}

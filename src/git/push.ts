import { unlessSilent, type OpenGit } from "./openGit";

export interface PushOptions {
  readonly dir: string;
  readonly remote: string;
  /** A local branch. */
  readonly branch: string;
  /** The branch on the remote; of the same name unless given. */
  readonly target?: string;
  readonly setUpstream: boolean;
  /** Annotated tags that point into the branch go with it. */
  readonly tags?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, percent: number) => void;
}

/**
 * Pushes with explicit names, so that no configuration sends another branch elsewhere, and never by force.
 * Returns what git and the server said on the way. Throws what git said, as an Error whose message is its stderr.
 */
export async function pushBranch(openGit: OpenGit, options: PushOptions): Promise<string> {
  const { dir, remote, branch, target = branch, setUpstream, tags = false, signal, onProgress } = options;
  const said: Buffer[] = [];
  const git = openGit({ dir, signal, onProgress });
  git.outputHandler((_command, _stdout, stderr) => {
    stderr.on("data", (chunk: Buffer) => said.push(chunk));
  });
  const output = await git.raw([
    ...unlessSilent,
    "push",
    ...(setUpstream ? ["--set-upstream"] : []),
    ...(tags ? ["--follow-tags"] : []),
    remote,
    `refs/heads/${branch}:refs/heads/${target}`,
  ]);
  return Buffer.concat(said).toString("utf8") + output;
}

/** Forgets what a remote was last seen to have. */
export async function deleteRemoteRefs(openGit: OpenGit, dir: string, remote: string): Promise<void> {
  const output = await openGit({ dir }).raw([
    "for-each-ref",
    "--format=%(refname)",
    `refs/remotes/${remote}/`,
  ]);
  for (const ref of output.split(/\r?\n/).filter(Boolean))
    await openGit({ dir }).raw(["update-ref", "--no-deref", "-d", ref]);
}

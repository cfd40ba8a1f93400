import { isUtf8 } from "./branchReading";
import { unlessSilent, type OpenGit } from "./openGit";
import { humanWords, parsePushedRefs, type PushedRef } from "./pushReport";

export interface PushOptions {
  readonly dir: string;
  readonly remote: string;
  /** A local branch. */
  readonly branch: string;
  /** The branch on the remote, or a whole ref; of the same name unless given. */
  readonly target?: string;
  readonly setUpstream: boolean;
  /** Annotated tags that point into the branch go with it. */
  readonly tags?: boolean;
  /** Without the signature and the options that Git is configured to send. */
  readonly plain?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, percent: number) => void;
}

export interface PushReport {
  /** One for each ref and place. */
  readonly refs: readonly PushedRef[];
  /** What Git and the server said on the way. */
  readonly said: string;
}

/**
 * Pushes with explicit names, so that no configuration sends another branch elsewhere, and never by force.
 * Throws what Git said, as an Error whose message is its stderr.
 */
export async function pushBranch(openGit: OpenGit, options: PushOptions): Promise<PushReport> {
  const { dir, setUpstream, tags = false, plain = false, signal, onProgress, remote } = options;
  const said: Buffer[] = [];
  const git = openGit({ dir, signal, onProgress });
  git.outputHandler((_command, _stdout, stderr) => {
    stderr.on("data", (chunk: Buffer) => said.push(chunk));
  });
  try {
    const output = await git.raw([
      ...unlessSilent,
      ...(plain ? ["-c", "push.gpgSign=false", "-c", "push.pushOption="] : []),
      "push",
      "--porcelain",
      ...(setUpstream ? ["--set-upstream"] : []),
      ...(tags ? ["--follow-tags"] : []),
      remote,
      refspecOf(options),
    ]);
    return { refs: parsePushedRefs(output), said: Buffer.concat(said).toString("utf8") + output };
  } catch (error) {
    throw error instanceof Error ? new Error(humanWords(error.message), { cause: error }) : error;
  }
}

/** Git knows a name that can't be spelled here as the one that is checked out. */
function refspecOf({ branch, target = branch }: PushOptions): string {
  if (!isUtf8(branch)) return "HEAD";
  return `refs/heads/${branch}:${target.startsWith("refs/") ? target : `refs/heads/${target}`}`;
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

import { once } from "node:events";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createProgressReader, type CloneProgress } from "./cloneProgress";
import { unlessSilent, type OpenGit } from "./openGit";

export interface CloneOptions {
  /** The clean URL, which holds no secret. */
  readonly url: string;
  /** An absolute path, of a folder that isn't there yet. */
  readonly into: string;
  /** The branch to check out; the default one where undefined. */
  readonly branch: string | undefined;
  readonly singleBranch: boolean;
  /** The newest commit alone. */
  readonly shallow: boolean;
  /** For `credential.<url>.helper`. */
  readonly helper: string;
  /** The person's `url.….insteadOf` rules would send this URL elsewhere. */
  readonly isRewritten: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: CloneProgress) => void;
}

/** How long processes that git started may take to end after it. */
const endTimeoutMs = 5_000;

/**
 * Clones with our credential helper alone, configured for this one process: git asks it for the token, so no secret is
 * in the arguments, the environment or the new config. Throws what git said, as an Error whose message is its stderr.
 * When it returns or throws, no process of the clone is left.
 */
export async function cloneInto(openGit: OpenGit, options: CloneOptions): Promise<void> {
  const git = openGit({ dir: path.dirname(options.into), signal: options.signal });
  const read = createProgressReader(options.onProgress);
  let ended: Promise<unknown> = Promise.resolve();
  git.outputHandler((_command, _stdout, stderr) => {
    // What git started holds its stderr too: it closes once the last of them is gone.
    ended = once(stderr, "close");
    stderr.on("data", (chunk: Buffer) => {
      read(chunk.toString("utf8"));
    });
  });
  try {
    await git.raw([...unlessSilent, ...configArguments(options), ...cloneArguments(options)]);
  } finally {
    const timeout = new AbortController();
    await Promise.race([
      ended,
      delay(endTimeoutMs, undefined, { signal: timeout.signal }).catch(() => undefined),
    ]);
    timeout.abort();
  }
}

/** The empty helper drops those that were configured before. */
function configArguments({ url, helper, isRewritten }: CloneOptions): readonly string[] {
  const values = [
    `credential.${url}.helper=`,
    `credential.${url}.helper=${helper}`,
    `credential.${url}.useHttpPath=true`,
    ...(isRewritten ? [`url.${url}.insteadOf=${url}`] : []),
  ];
  return values.flatMap((value) => ["-c", value]);
}

function cloneArguments({ url, into, branch, singleBranch, shallow }: CloneOptions): readonly string[] {
  return [
    "clone",
    "--progress",
    "--origin=origin",
    ...(branch === undefined ? [] : [`--branch=${branch}`]),
    ...(singleBranch ? ["--single-branch"] : []),
    ...(shallow ? ["--depth=1"] : []),
    "--",
    url,
    into,
  ];
}

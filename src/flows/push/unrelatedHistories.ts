import * as l10n from "@vscode/l10n";
import { fullName } from "../../bitbucket/site";
import { UserError } from "../../errors";
import { findCommit, type LocalRepository } from "../../git/localRepository";
import { areRelated, countCommits } from "../../git/revisions";
import { behindWords, hasDiverged, knowsHowToJoin } from "./diverged";
import type { PushedBranch } from "./planPush";
import type { Ports } from "../ports";
import { pushAgain } from "./pushAgain";

/** What Bitbucket's branch has that ours has not. */
export interface Incoming {
  /** The commit there. */
  readonly commit: string;
  readonly commits: number;
  readonly isUnrelated: boolean;
}

/** Fetches the branch on Bitbucket, which changes nothing but what is known of it. */
export async function fetchIncoming(
  ports: Ports,
  local: LocalRepository,
  { remote, branch, target }: PushedBranch,
  signal: AbortSignal,
): Promise<Incoming> {
  const { openGit } = ports;
  await openGit({ dir: local.root, signal }).raw(["fetch", "--no-tags", remote, `refs/heads/${target}`]);
  const commit =
    (await findCommit(openGit, local.root, `refs/remotes/${remote}/${target}`)) ??
    (await findCommit(openGit, local.root, "FETCH_HEAD")) ??
    "";
  const ours = `refs/heads/${branch}`;
  const [isRelated, commits] = await Promise.all([
    areRelated(openGit, local.root, ours, commit),
    countCommits(openGit, local.root, [`${ours}..${commit}`]),
  ]);
  return { commit, commits, isUnrelated: !isRelated };
}

/** A push that was no fast-forward: behind, or of another history altogether. Force is not among the ways out. */
export async function explainRejection(
  ports: Ports,
  local: LocalRepository,
  pushed: PushedBranch,
  signal: AbortSignal,
): Promise<UserError> {
  const incoming = await fetchIncoming(ports, local, pushed, signal).catch(() => undefined); // the push's own words will do
  if (incoming?.isUnrelated) return isUnrelated(local, pushed);
  const { branch } = pushed;
  const canPull = branch !== local.currentBranch || (await knowsHowToJoin(ports.openGit, local.root, branch));
  return canPull ? isBehind(local, pushed, incoming?.commits) : hasDiverged(local, pushed, incoming?.commits);
}

function isBehind(local: LocalRepository, pushed: PushedBranch, commits: number | undefined): UserError {
  const { branch, target, repository } = pushed;
  const again = (title: string, first: string) => pushAgain(local, pushed, title, { first });
  const isCurrent = branch === local.currentBranch;
  const next = isCurrent
    ? l10n.t("Pull, then push again.")
    : l10n.t("Check out {0} and pull, then push again.", branch);
  return new UserError("PushRejected", `${behindWords(fullName(repository), target, commits)} ${next}`, {
    fixes: [
      isCurrent
        ? again(l10n.t("Pull, then push"), "pull")
        : again(l10n.t("Push to a new branch"), "newBranch"),
      again(l10n.t("See incoming changes"), "look"),
    ],
  });
}

/** Typically a README that Bitbucket made with the repository. */
export function isUnrelated(local: LocalRepository, pushed: PushedBranch): UserError {
  const { branch, target, repository } = pushed;
  const isCurrent = branch === local.currentBranch;
  const merge = pushAgain(local, pushed, l10n.t("Merge, then push"), { first: "mergeUnrelated" });
  return new UserError(
    "UnrelatedHistories",
    l10n.t(
      "{0} on {1} shares no commits with {2}, for example because Bitbucket created it with a README. Merge them, or push to a new branch.",
      target,
      fullName(repository),
      branch,
    ),
    {
      fixes: [
        ...(isCurrent ? [merge] : []),
        pushAgain(local, pushed, l10n.t("Push to a new branch"), { first: "newBranch" }),
      ],
    },
  );
}

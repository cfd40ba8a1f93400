import * as l10n from "@vscode/l10n";
import { fullName, type RepositoryName } from "../../bitbucket/site";
import { UserError } from "../../errors";
import { countBetween, isUtf8, trackingRef, type BranchReading } from "../../git/branchReading";
import type { LocalRepository } from "../../git/localRepository";
import type { RepositoryReading } from "../../git/repository";
import { countCommits } from "../../git/revisions";
import type { Ports } from "../ports";
import {
  bitbucketRemotes,
  findPushRoute,
  hasNoRemote,
  targetOn,
  type PushRoute,
  type PushTarget,
} from "./pushTarget";

export interface PushRequest {
  /** The branch that is checked out, unless given. */
  readonly branch?: string;
  /** The one that git would push to, unless given. */
  readonly remote?: string;
  /** The branch on Bitbucket: the one that is followed there, or of the same name, unless given. */
  readonly target?: string;
  /** Whether the branch is to follow its target from then on: where it follows nothing yet, unless given. */
  readonly setsUpstream?: boolean;
  /** Annotated tags that point into the branch go with it. */
  readonly tags?: boolean;
  /** Without the signature and the options that Git is configured to send. */
  readonly plain?: boolean;
}

/** What a push would do, for a person to agree to and for `pushRepository` to carry out. */
export interface PushPlan {
  readonly remote: string;
  readonly repository: RepositoryName;
  readonly branch: string;
  /** The branch on Bitbucket. */
  readonly target: string;
  /** Every other place that the same push goes to, for people. */
  readonly others: readonly string[];
  /** How many commits Bitbucket doesn't have, as far as this repository knows; undefined where only the push can tell. */
  readonly commits: number | undefined;
  /** The branch follows nothing yet: pushing makes it follow its target. */
  readonly setsUpstream: boolean;
  readonly followsTarget: boolean;
  /** Never seen on Bitbucket. */
  readonly isNew: boolean;
  /** Others have been seen there, so a pull request has somewhere to go. */
  readonly hasOtherBranches: boolean;
  readonly tags: boolean;
  readonly plain: boolean;
}

/** A branch and where it was pushed to. */
export type PushedBranch = Pick<PushPlan, "remote" | "repository" | "branch" | "target">;

/** Throws NothingToPush, BranchNotFound, or NotARepository where it would not go to Bitbucket. */
export async function planPush(
  ports: Ports,
  local: LocalRepository,
  request: PushRequest,
): Promise<PushPlan> {
  const branch = request.branch ?? local.currentBranch;
  if (branch === undefined) throw isDetached();
  const reading = await ports.readRepository(local.root);
  const found = await reading.branch(branch);
  const to = findRemote(ports, local, reading, found, request);
  if (!local.hasCommits && branch === local.currentBranch) throw hasNoCommits();
  if (!found || (!isUtf8(branch) && branch !== local.currentBranch)) throw isMissing(branch);
  const { remote, repository, others } = to;
  const there = targetOn(found, branch, remote);
  const target = request.target ?? there;
  const seen = await knownThere(ports, reading, to, branch, target);
  const { tags = false, plain = false } = request;
  const { setsUpstream = found.upstream === undefined } = request;
  const followsTarget = found.upstream?.remote === remote && found.upstream.branch === target;
  const plan = {
    remote,
    repository,
    others,
    branch,
    target,
    tags,
    plain,
    setsUpstream,
    followsTarget,
    ...seen,
  };
  if (seen.commits === 0 && !seen.isNew && !tags) throw nothingToPush(plan, seen.behind, local);
  return plan;
}

function findRemote(
  { site }: Ports,
  local: LocalRepository,
  reading: RepositoryReading,
  branch: BranchReading | undefined,
  request: PushRequest,
): PushTarget {
  if (request.remote !== undefined) {
    const named = bitbucketRemotes(reading.remotes, site).find(({ remote }) => remote === request.remote);
    if (!named) throw isNoRemote(request.remote);
    return named;
  }
  const { target, elsewhere } = findPushRoute(reading, branch, site);
  if (!target) throw hasNoRemote(local);
  if (elsewhere) throw goesElsewhere(local, target, elsewhere);
  return target;
}

type Seen = Pick<PushPlan, "commits" | "isNew" | "hasOtherBranches"> & { readonly behind: number };

/**
 * As far as this repository knows. Where what is there isn't kept here (a narrow clone, several places to push to), only
 * the push itself can tell.
 */
async function knownThere(
  ports: Ports,
  { root, settings }: RepositoryReading,
  { remote, isFetchedFrom }: PushTarget,
  branch: string,
  target: string,
): Promise<Seen> {
  const { openGit } = ports;
  const ours = isUtf8(branch) ? `refs/heads/${branch}` : "HEAD";
  const tracking = isUtf8(target) ? trackingRef(settings, remote, target) : undefined;
  const counts = tracking === undefined ? undefined : await countBetween(openGit, root, ours, tracking);
  const isTold = isFetchedFrom && tracking !== undefined;
  if (counts) {
    const commits = counts.ahead === 0 && !isTold ? undefined : counts.ahead;
    return { commits, behind: counts.behind, isNew: false, hasOtherBranches: true };
  }
  const count = (...range: string[]) => countCommits(openGit, root, range);
  const [commits, all] = await Promise.all([count(ours, "--not", `--remotes=${remote}`), count(ours)]);
  return { commits: isTold ? commits : undefined, behind: 0, isNew: isTold, hasOtherBranches: commits < all };
}

export function nothingToPush(
  { repository, branch, target, remote }: PushedBranch,
  behind: number,
  local: LocalRepository,
): UserError {
  const name = fullName(repository);
  if (behind === 0 || branch !== local.currentBranch) {
    return new UserError(
      "NothingToPush",
      l10n.t("Nothing to push: {0} on {1} already has every commit of {2}.", target, name, branch),
    );
  }
  return new UserError(
    "NothingToPush",
    behind === 1
      ? l10n.t(
          "{0} has no commits to push, and {1} has one that you don't have. Pull first.",
          branch,
          `${remote}/${target}`,
        )
      : l10n.t(
          "{0} has no commits to push, and {1} has {2} that you don't have. Pull first.",
          branch,
          `${remote}/${target}`,
          behind,
        ),
    { fixes: [{ kind: "runCommand", title: l10n.t("Pull"), command: "git.pull" }] },
  );
}

function isDetached(): UserError {
  return new UserError(
    "BranchNotFound",
    l10n.t("No branch is checked out. Create one for these commits, then push."),
    {
      field: "branch",
      fixes: [{ kind: "runCommand", title: l10n.t("Create branch"), command: "git.branch" }],
    },
  );
}

function isMissing(branch: string): UserError {
  return new UserError(
    "BranchNotFound",
    l10n.t("This repository doesn't have the branch {0}. Choose another branch.", branch),
    { field: "branch" },
  );
}

/** Git's own choice is honoured, but not without a word: the person chooses. */
function goesElsewhere(
  local: LocalRepository,
  { remote, repository }: PushTarget,
  elsewhere: NonNullable<PushRoute["elsewhere"]>,
): UserError {
  return new UserError(
    "NotARepository",
    l10n.t(
      "Git pushes this branch to {0} ({1}), which isn't on Bitbucket. Choose where to push.",
      elsewhere.remote,
      elsewhere.displayUrl,
    ),
    {
      field: "remote",
      fixes: [
        { kind: "retry", title: l10n.t("Push to {0}", fullName(repository)), change: { remote } },
        {
          kind: "runCommand",
          title: l10n.t("Push to {0}", elsewhere.remote),
          command: "git.push",
          args: [local.root],
        },
      ],
    },
  );
}

function isNoRemote(remote: string): UserError {
  return new UserError(
    "NotARepository",
    l10n.t("This repository doesn't have the remote {0} on Bitbucket. Choose another remote.", remote),
    { field: "remote" },
  );
}

function hasNoCommits(): UserError {
  return new UserError(
    "NothingToPush",
    l10n.t("This repository doesn't have a commit yet. Commit first, then push."),
  );
}

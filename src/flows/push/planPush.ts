import * as l10n from "@vscode/l10n";
import { fullName, type RepositoryName } from "../../bitbucket/site";
import { UserError } from "../../errors";
import { configFileOf } from "../../git/gitConfigFile";
import type { GitConfig } from "../../git/gitConfigText";
import { findCommit, findCommonDir, type LocalRepository } from "../../git/localRepository";
import { countCommits } from "../../git/revisions";
import type { Ports } from "../ports";
import { bitbucketRemotes, findPushTarget, hasNoRemote } from "./pushTarget";

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
}

/** What a push would do, for a person to agree to and for `pushRepository` to carry out. */
export interface PushPlan {
  readonly remote: string;
  readonly repository: RepositoryName;
  readonly branch: string;
  /** The branch on Bitbucket. */
  readonly target: string;
  /** How many commits Bitbucket doesn't have, as far as this repository knows. */
  readonly commits: number;
  /** The branch follows nothing yet: pushing makes it follow its target. */
  readonly setsUpstream: boolean;
  readonly followsTarget: boolean;
  /** Never seen on Bitbucket. */
  readonly isNew: boolean;
  /** Others have been seen there, so a pull request has somewhere to go. */
  readonly hasOtherBranches: boolean;
  readonly tags: boolean;
}

/** A branch and where it was pushed to. */
export type PushedBranch = Pick<PushPlan, "remote" | "repository" | "branch" | "target">;

/** Throws NothingToPush, BranchNotFound, or NotARepository where no such remote is on Bitbucket. */
export async function planPush(
  ports: Ports,
  local: LocalRepository,
  request: PushRequest,
): Promise<PushPlan> {
  const branch = request.branch ?? local.currentBranch;
  if (branch === undefined) throw isDetached();
  const config = await configFileOf(await findCommonDir(local.root), ports.openGit).read();
  const found =
    request.remote === undefined
      ? findPushTarget(local.remotes, preferredRemotes(config, branch), ports.site)
      : bitbucketRemotes(local.remotes, ports.site).find((one) => one.remote === request.remote);
  if (!found) throw request.remote === undefined ? hasNoRemote(local) : isNoRemote(request.remote);
  if (!local.hasCommits && branch === local.currentBranch) throw hasNoCommits();
  if ((await findCommit(ports.openGit, local.root, `refs/heads/${branch}`)) === undefined)
    throw isMissing(branch);
  const { remote, repository } = found;
  const followed = config.get(`branch.${branch}.remote`)?.at(-1);
  const merge = config.get(`branch.${branch}.merge`)?.at(-1);
  const follows = merge === undefined ? undefined : followed;
  const there = follows === remote ? (merge ?? "").replace(/^refs\/heads\//, "") : undefined;
  const target = request.target ?? there ?? branch;
  const seen = await knownThere(ports, local, remote, branch, target);
  const tags = request.tags ?? false;
  const { setsUpstream = follows === undefined } = request;
  const upstream = { setsUpstream, followsTarget: there === target };
  const plan = { remote, repository, branch, target, tags, ...upstream, ...seen };
  if (seen.commits === 0 && !seen.isNew && !tags) throw nothingToPush(plan, seen.behind, local);
  return plan;
}

/** Where git would push this branch. */
function preferredRemotes(config: GitConfig, branch: string): readonly (string | undefined)[] {
  const keys = [`branch.${branch}.pushremote`, "remote.pushdefault", `branch.${branch}.remote`];
  return keys.map((key) => config.get(key)?.at(-1));
}

async function knownThere(
  ports: Ports,
  local: LocalRepository,
  remote: string,
  branch: string,
  target: string,
): Promise<Pick<PushPlan, "commits" | "isNew" | "hasOtherBranches"> & { behind: number }> {
  const { openGit } = ports;
  const [ours, theirs] = [`refs/heads/${branch}`, `refs/remotes/${remote}/${target}`];
  const count = (...range: string[]) => countCommits(openGit, local.root, range);
  if ((await findCommit(openGit, local.root, theirs)) !== undefined) {
    const [commits, behind] = await Promise.all([count(`${theirs}..${ours}`), count(`${ours}..${theirs}`)]);
    return { commits, behind, isNew: false, hasOtherBranches: true };
  }
  const [commits, all] = await Promise.all([count(ours, "--not", `--remotes=${remote}`), count(ours)]);
  return { commits, behind: 0, isNew: true, hasOtherBranches: commits < all };
}

function nothingToPush(
  { repository, branch, target, remote }: PushedBranch,
  behind: number,
  local: LocalRepository,
): UserError {
  const name = fullName(repository);
  if (behind === 0 || branch !== local.currentBranch) {
    return new UserError(
      "NothingToPush",
      l10n.t("Nothing to push: {0} on {1} has every commit of {2} already.", target, name, branch),
    );
  }
  return new UserError(
    "NothingToPush",
    behind === 1
      ? l10n.t(
          "{0} has no commits to push, and {1} has one that is not here. Pull it first.",
          branch,
          `${remote}/${target}`,
        )
      : l10n.t(
          "{0} has no commits to push, and {1} has {2} that are not here. Pull them first.",
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
    l10n.t("No branch is checked out, so there is none to push. Create one for these commits, then push."),
    {
      field: "branch",
      fixes: [{ kind: "runCommand", title: l10n.t("Create branch"), command: "git.branch" }],
    },
  );
}

function isMissing(branch: string): UserError {
  return new UserError(
    "BranchNotFound",
    l10n.t("This repository has no branch {0}. Choose one of its branches.", branch),
    { field: "branch" },
  );
}

function isNoRemote(remote: string): UserError {
  return new UserError(
    "NotARepository",
    l10n.t("This repository has no remote {0} on Bitbucket. Choose one of its remotes.", remote),
    { field: "remote" },
  );
}

function hasNoCommits(): UserError {
  return new UserError("NothingToPush", l10n.t("There is no commit yet. Commit first, then push."));
}

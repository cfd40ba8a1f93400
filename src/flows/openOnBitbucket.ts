import * as l10n from "@vscode/l10n";
import { branchPage, filePage, repositoryPage, type FilePlace } from "../bitbucket/pages";
import { UserError } from "../errors";
import { trackingRef } from "../git/branchReading";
import { findCommit, type LocalRepository } from "../git/localRepository";
import type { RepositoryReading } from "../git/repository";
import { isOnRemote } from "../git/revisions";
import type { Ports } from "./ports";
import { findPushRoute, hasNoRemote, targetOn, type PushTarget } from "./push/pushTarget";

/** What to show of a repository; a branch by its local name, the one that is checked out unless given. */
export type BitbucketPlace =
  | { readonly kind: "repository" }
  | { readonly kind: "branch"; readonly branch: string }
  | {
      readonly kind: "file";
      readonly path: string;
      readonly branch?: string;
      readonly lines?: NonNullable<FilePlace["lines"]>;
    };

/**
 * The address of its page; of a file without a branch, as in a submodule or at a tag, at the commit that is checked out.
 * Throws NotARepository, or BranchNotFound for what Bitbucket doesn't have yet.
 */
export async function openOnBitbucket(
  ports: Ports,
  local: LocalRepository,
  place: BitbucketPlace,
): Promise<string> {
  const { site } = ports;
  const reading = await ports.readRepository(local.root);
  const branch = place.kind === "repository" ? local.currentBranch : (place.branch ?? local.currentBranch);
  const known = branch === undefined ? undefined : await reading.branch(branch);
  const { target: found } = findPushRoute(reading, known, site);
  if (!found) throw hasNoRemote(local);
  const { repository } = found;
  if (place.kind === "repository") return repositoryPage(site, repository);
  const there =
    branch === undefined
      ? await checkedOutThere(ports, local, found)
      : await branchThere(ports, local, reading, found, branch, targetOn(known, branch, found.remote));
  if (place.kind === "branch") return branchPage(site, repository, there.branch ?? place.branch);
  const { path, lines } = place;
  return filePage(site, repository, { ...there, path, ...(lines && { lines }) });
}

type Revision = Pick<FilePlace, "branch" | "commit">;

async function branchThere(
  ports: Ports,
  local: LocalRepository,
  { settings }: RepositoryReading,
  { remote }: PushTarget,
  branch: string,
  target: string,
): Promise<Revision> {
  const tracking = trackingRef(settings, remote, target);
  const commit = tracking === undefined ? undefined : await findCommit(ports.openGit, local.root, tracking);
  if (commit === undefined) throw notThereYet(local, remote, branch);
  return { branch: target, commit };
}

async function checkedOutThere(
  { openGit }: Ports,
  local: LocalRepository,
  { remote }: PushTarget,
): Promise<Revision> {
  const commit = await findCommit(openGit, local.root, "HEAD");
  if (commit !== undefined && (await isOnRemote(openGit, local.root, remote, commit))) return { commit };
  throw new UserError(
    "BranchNotFound",
    l10n.t(
      "The checked-out commit isn't on Bitbucket as of the last fetch from {0}. Create a branch for it, then push.",
      remote,
    ),
    {
      field: "branch",
      fixes: [
        { kind: "runCommand", title: l10n.t("Create branch"), command: "git.branch", args: [local.root] },
      ],
    },
  );
}

function notThereYet(local: LocalRepository, remote: string, branch: string): UserError {
  const change = { folder: local.root, branch };
  return new UserError(
    "BranchNotFound",
    l10n.t("{0} isn't on Bitbucket as of the last fetch from {1}. Push it first.", branch, remote),
    {
      field: "branch",
      fixes: [
        { kind: "runCommand", title: l10n.t("Push"), command: "bitbucketConnect.push", args: [change] },
      ],
    },
  );
}

import * as l10n from "@vscode/l10n";
import { branchPage, filePage, repositoryPage, type FilePlace } from "../bitbucket/pages";
import { UserError } from "../errors";
import { configFileOf } from "../git/gitConfigFile";
import { findCommit, findCommonDir, type LocalRepository } from "../git/localRepository";
import type { Ports } from "./ports";
import { findPushTarget, hasNoRemote, type PushTarget } from "./push/pushTarget";

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

/** The address of its page. Throws NotARepository, or BranchNotFound for a branch that Bitbucket doesn't have yet. */
export async function openOnBitbucket(
  ports: Ports,
  local: LocalRepository,
  place: BitbucketPlace,
): Promise<string> {
  const { site } = ports;
  const config = await configFileOf(await findCommonDir(local.root), ports.openGit).read();
  const branch = place.kind === "repository" ? local.currentBranch : (place.branch ?? local.currentBranch);
  const followed = config.get(`branch.${branch ?? ""}.remote`)?.at(-1);
  const found = findPushTarget(local.remotes, [followed], site);
  if (!found) throw hasNoRemote(local);
  if (place.kind === "repository") return repositoryPage(site, found.repository);
  const merge = followed === found.remote ? config.get(`branch.${branch ?? ""}.merge`)?.at(-1) : undefined;
  const there = merge?.replace(/^refs\/heads\//, "") ?? branch ?? "";
  const commit = await findCommit(ports.openGit, local.root, `refs/remotes/${found.remote}/${there}`);
  if (commit === undefined) throw notThereYet(local, found, branch);
  if (place.kind === "branch") return branchPage(site, found.repository, there);
  const { path, lines } = place;
  return filePage(site, found.repository, { branch: there, commit, path, ...(lines && { lines }) });
}

function notThereYet(local: LocalRepository, { remote }: PushTarget, branch: string | undefined): UserError {
  const change = { folder: local.root, ...(branch !== undefined && { branch }) };
  return new UserError(
    "BranchNotFound",
    l10n.t(
      "{0} is not on Bitbucket yet, as far as {1} was fetched. Push it first.",
      branch ?? "HEAD",
      remote,
    ),
    {
      field: "branch",
      fixes: [
        { kind: "runCommand", title: l10n.t("Push"), command: "bitbucketConnect.push", args: [change] },
      ],
    },
  );
}

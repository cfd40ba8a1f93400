import * as l10n from "@vscode/l10n";
import { isBranchName } from "../../bitbucket/pagePath";
import { UserError } from "../../errors";
import { findCommit, type LocalRepository } from "../../git/localRepository";
import type { Ports } from "../ports";

/** A name for a branch that nobody has yet. */
export async function freeBranchName(local: LocalRepository): Promise<string> {
  const taken = new Set(await local.branches());
  let n = 1;
  while (taken.has(`patch-${n}`)) n++;
  return `patch-${n}`;
}

/**
 * Puts a new branch where `from` is, and checks it out if `from` was: the next commits go on there. Files stay as they
 * are. Throws BranchNotFound for a name that can't be one.
 */
export async function startBranch(
  ports: Ports,
  local: LocalRepository,
  name: string,
  from: string,
): Promise<void> {
  if (!isBranchName(name)) {
    throw new UserError(
      "BranchNotFound",
      l10n.t("Git doesn't allow this branch name. Use letters, digits, dashes and slashes."),
      { field: "branch" },
    );
  }
  if ((await findCommit(ports.openGit, local.root, `refs/heads/${name}`)) !== undefined) {
    throw new UserError(
      "BranchNotFound",
      l10n.t("The branch {0} already exists. Choose another name.", name),
      {
        field: "branch",
      },
    );
  }
  const git = ports.openGit({ dir: local.root });
  if (from === local.currentBranch) await git.raw(["switch", "--no-track", "-c", name]);
  else await git.raw(["branch", "--no-track", name, `refs/heads/${from}`]);
  await local.refresh();
}

import * as l10n from "@vscode/l10n";
import { fullName } from "../../bitbucket/site";
import { UserError } from "../../errors";
import type { LocalRepository } from "../../git/localRepository";
import { readOnly, type OpenGit } from "../../git/openGit";
import type { PushedBranch } from "./planPush";
import { pushAgain } from "./pushAgain";

/** Git wants to be told, once, in `pull.rebase` or `pull.ff`; it isn't ours to set. */
export function hasDiverged(local: LocalRepository, pushed: PushedBranch, commits?: number): UserError {
  const behind = behindWords(fullName(pushed.repository), pushed.target, commits);
  return new UserError("PushRejected", `${behind} ${l10n.t("Merge or rebase?")}`, {
    fixes: [
      pushAgain(local, pushed, l10n.t("Merge, then push"), { first: "merge" }),
      pushAgain(local, pushed, l10n.t("Rebase, then push"), { first: "rebase" }),
      pushAgain(local, pushed, l10n.t("See incoming changes"), { first: "look" }),
    ],
  });
}

export function behindWords(name: string, target: string, commits: number | undefined): string {
  if (commits === undefined) return l10n.t("{0} has commits on {1} that you don't have.", name, target);
  return commits === 1
    ? l10n.t("{0} has a commit on {1} that you don't have.", name, target)
    : l10n.t("{0} has commits on {1} that you don't have: {2}.", name, target, commits);
}

/** Whether Git knows how to join two branches: without a setting, or with one for fast-forwards only, a pull refuses. */
export async function knowsHowToJoin(openGit: OpenGit, root: string, branch: string): Promise<boolean> {
  const get = (key: string) =>
    openGit({ dir: root })
      .raw([...readOnly, "config", "--get", key])
      .catch(() => ""); // git exits with 1 where it isn't set
  const [ofBranch, rebase, ff] = await Promise.all([
    get(`branch.${branch}.rebase`),
    get("pull.rebase"),
    get("pull.ff"),
  ]);
  if (ofBranch.trim() !== "" || rebase.trim() !== "") return true;
  return ff.trim() !== "" && ff.trim() !== "only";
}

import * as l10n from "@vscode/l10n";
import { UserError } from "../../errors";
import type { LocalRepository } from "../../git/localRepository";
import { hasDiverged } from "./diverged";
import { explainPush } from "./explainPush";
import type { PushedBranch } from "./planPush";
import type { Ports } from "../ports";
import { isUnrelated } from "./unrelatedHistories";

/** How what Bitbucket has comes in before a push: as git is configured to, or as the person chose. */
export type Pulling = "pull" | "merge" | "rebase" | "mergeUnrelated";

const options: Readonly<Record<Pulling, readonly string[]>> = {
  pull: [],
  merge: ["--no-rebase"],
  rebase: ["--rebase"],
  mergeUnrelated: ["--no-rebase", "--allow-unrelated-histories"],
};

/**
 * Brings in what Bitbucket's branch has, into the branch that is checked out. `pull` is the editor's own, which a
 * branch that follows its target goes through. Throws a UserError with the next step.
 */
export async function pullBeforePush(
  ports: Ports,
  local: LocalRepository,
  pushed: PushedBranch & { readonly followsTarget: boolean },
  how: Pulling,
  pull: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { remote, target, followsTarget } = pushed;
  try {
    if (how === "pull" && followsTarget) await pull();
    else {
      const git = ports.openGit({ dir: local.root, signal });
      await git.raw(["pull", "--no-edit", ...options[how], remote, `refs/heads/${target}`]);
    }
    await local.refresh();
  } catch (error) {
    await local.refresh();
    throw await explainPull(ports, local, pushed, error, signal);
  }
}

async function explainPull(
  ports: Ports,
  local: LocalRepository,
  pushed: PushedBranch,
  error: unknown,
  signal: AbortSignal,
): Promise<UserError> {
  const text = everythingSaid(error);
  if (/unrelated histories/i.test(text)) return isUnrelated(local, pushed);
  if (/CONFLICT|Automatic merge failed|could not apply|unmerged files/i.test(text)) return hasConflicts();
  if (/would be overwritten|unstaged changes|uncommitted changes|commit your changes or stash/i.test(text)) {
    return isDirty();
  }
  if (/divergent branches|Not possible to fast-forward|Diverging branches/i.test(text)) {
    return hasDiverged(local, pushed);
  }
  return explainPush(ports, local, pushed, new Error(text, { cause: error }), signal);
}

/** The editor's git errors keep git's words apart from the message. */
function everythingSaid(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const parts = [error.message];
  for (const key of ["stdout", "stderr", "gitErrorCode"] as const) {
    const value: unknown = Reflect.get(error, key);
    if (typeof value === "string") parts.push(value);
  }
  return parts.join("\n");
}

function hasConflicts(): UserError {
  return new UserError(
    "PushRejected",
    l10n.t("The pull caused conflicts. Resolve them in the Source Control view and commit, then push again."),
    { fixes: [{ kind: "runCommand", title: l10n.t("Show conflicts"), command: "workbench.view.scm" }] },
  );
}

function isDirty(): UserError {
  return new UserError(
    "PushRejected",
    l10n.t("The pull would overwrite uncommitted changes. Commit or stash them, then push again."),
    { fixes: [{ kind: "runCommand", title: l10n.t("Show changes"), command: "workbench.view.scm" }] },
  );
}

import type { Fix } from "../../errors";
import type { LocalRepository } from "../../git/localRepository";
import type { PushedBranch } from "./planPush";

/** A button that pushes the same branch to the same place once more, differently. */
export function pushAgain(
  local: LocalRepository,
  { branch, remote, target }: PushedBranch,
  title: string,
  change: Readonly<Record<string, unknown>>,
): Fix {
  return { kind: "retry", title, change: { folder: local.root, branch, remote, target, ...change } };
}

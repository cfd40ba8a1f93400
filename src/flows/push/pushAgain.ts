import type { Fix } from "../../errors";
import type { LocalRepository } from "../../git/localRepository";

/** A button that pushes the same branch of the same repository once more, differently. */
export function pushAgain(
  local: LocalRepository,
  branch: string,
  title: string,
  change: Readonly<Record<string, unknown>>,
): Fix {
  return { kind: "retry", title, change: { folder: local.root, branch, ...change } };
}

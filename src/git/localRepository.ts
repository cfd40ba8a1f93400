import * as fs from "node:fs/promises";
import * as path from "node:path";
import { findCommonDir } from "./commonDir";
import { readOnly, type OpenGit } from "./openGit";

/** One local repository as the editor knows it, and the changes that the editor makes to it for us. */
export interface LocalRepository {
  /** Absolute path of the work tree. */
  readonly root: string;
  /** Undefined on a detached HEAD. */
  readonly currentBranch: string | undefined;
  readonly hasCommits: boolean;
  branches(): Promise<readonly string[]>;
  addRemote(name: string, url: string): Promise<void>;
  renameRemote(name: string, newName: string): Promise<void>;
  setConfig(key: string, value: string): Promise<void>;
  /** Shows everything anew after a change that the editor did not make. Never rejects. */
  refresh(): Promise<void>;
}

/** The commit that `refs/…` or a hash names, or undefined where this repository doesn't have it. */
export async function findCommit(
  openGit: OpenGit,
  root: string,
  revision: string,
): Promise<string | undefined> {
  const loose =
    revision.startsWith("refs/heads/") && !revision.includes("..")
      ? await readLooseRef(root, revision)
      : undefined;
  if (loose !== undefined) return loose;
  const output = await openGit({ dir: root })
    .raw([...readOnly, "rev-parse", "--verify", "--quiet", `${revision}^{commit}`])
    .catch(() => "");
  return commitIn(output);
}

/**
 * A branch that has moved since the last `git gc` stands in a file of its own, which counts; any other needs git.
 * https://git-scm.com/docs/gitrepository-layout
 */
async function readLooseRef(root: string, ref: string): Promise<string | undefined> {
  const file = path.join(await findCommonDir(root), ...ref.split("/"));
  return commitIn(await fs.readFile(file, "utf8").catch(() => ""));
}

function commitIn(text: string): string | undefined {
  return /^[0-9a-f]{40,64}$/.exec(text.trim())?.[0];
}

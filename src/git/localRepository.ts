import * as fs from "node:fs/promises";
import * as path from "node:path";
import { readOnly, type OpenGit } from "./openGit";

/** A remote as git has it: the URLs may hold a user name and a secret, so they are never shown as they are. */
export interface GitRemote {
  readonly name: string;
  readonly fetchUrl?: string;
  readonly pushUrl?: string;
}

/** One local repository as the editor knows it, and the changes that the editor makes to it for us. */
export interface LocalRepository {
  /** Absolute path of the work tree. */
  readonly root: string;
  /** Undefined on a detached HEAD. */
  readonly currentBranch: string | undefined;
  readonly hasCommits: boolean;
  readonly remotes: readonly GitRemote[];
  branches(): Promise<readonly string[]>;
  addRemote(name: string, url: string): Promise<void>;
  renameRemote(name: string, newName: string): Promise<void>;
  setConfig(key: string, value: string): Promise<void>;
  /** Shows everything anew after a change that the editor did not make. Never rejects. */
  refresh(): Promise<void>;
}

/**
 * The folder that all worktrees of a repository share: its `config` is the one that counts. Read without a git process,
 * since it is asked at each start. https://git-scm.com/docs/gitrepository-layout
 */
export async function findCommonDir(root: string): Promise<string> {
  const dotGit = path.join(root, ".git");
  const link = await fs.readFile(dotGit, "utf8").catch(() => undefined); // a folder can't be read as a file
  const target = link === undefined ? undefined : /^gitdir: (.+?)\r?\n?$/.exec(link)?.[1];
  const gitDir = target === undefined ? dotGit : path.resolve(root, target);
  const shared = await fs.readFile(path.join(gitDir, "commondir"), "utf8").catch(() => undefined);
  return shared === undefined ? gitDir : path.resolve(gitDir, shared.trim());
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

/** How git itself would spell this URL after the person's `url.….insteadOf` rules. */
export async function rewrittenUrl(openGit: OpenGit, root: string, url: string): Promise<string> {
  const output = await openGit({ dir: root }).raw([...readOnly, "ls-remote", "--get-url", url]);
  return output.replace(/\r?\n$/, "");
}

/** A value from the person's own config, beneath the repository's. */
export async function readInherited(
  openGit: OpenGit,
  root: string,
  key: string,
): Promise<string | undefined> {
  const output = await openGit({ dir: root })
    .raw(["config", "--global", "--includes", "-z", "--get", key])
    .catch(() => ""); // git exits with 1 where it isn't set
  return output === "" ? undefined : output.replace(/\0$/, "");
}

import { existsSync, realpathSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";

/** Where a work tree's Git files are. https://git-scm.com/docs/gitrepository-layout */
export interface GitDirs {
  /** Of this work tree alone: its `HEAD`, its `config.worktree`. */
  readonly gitDir: string;
  /** All work trees of a repository share it: its `config` is the one that counts. */
  readonly commonDir: string;
}

/** A `.git` file and a `commondir` file hold one path. */
const maxPathBytes = 8192;

/**
 * Read without a Git process, since it is asked at each start. Real paths: a repository is the same one through links,
 * and on Windows in any case and by short names.
 */
export async function findGitDirs(root: string): Promise<GitDirs> {
  const dotGit = path.join(root, ".git");
  const target = /^gitdir: (.+?)\r?\n?$/.exec(await readPath(dotGit))?.[1];
  const gitDir = await realPath(target === undefined ? dotGit : path.resolve(root, target));
  const shared = (await readPath(path.join(gitDir, "commondir"))).trim();
  return { gitDir, commonDir: shared === "" ? gitDir : await realPath(path.resolve(gitDir, shared)) };
}

export async function findCommonDir(root: string): Promise<string> {
  return (await findGitDirs(root)).commonDir;
}

/** The file's real name; one that is gone has no other. */
export async function realPath(file: string): Promise<string> {
  try {
    return await fs.realpath(file);
  } catch {
    return path.resolve(file);
  }
}

/** Whether two paths lead to one folder, as a bind mount's do. */
export async function isSameFolder(one: string, other: string): Promise<boolean> {
  const [left, right] = await Promise.all(
    [one, other].map((folder) => fs.stat(folder, { bigint: true }).catch(() => undefined)),
  );
  return left !== undefined && left.ino !== 0n && left.ino === right?.ino && left.dev === right.dev;
}

/** Empty where there is no such regular file, as where `.git` is a folder. */
async function readPath(file: string): Promise<string> {
  const stat = await fs.stat(file).catch(() => undefined);
  if (!stat?.isFile() || stat.size > maxPathBytes) return "";
  return fs.readFile(file, "utf8").catch(() => "");
}

/** A Git file's name for people, from the folder that they opened, which may be a link to it. */
export function nameFrom(root: string, file: string): string {
  return path.relative(existsSync(root) ? realpathSync(root) : root, file);
}

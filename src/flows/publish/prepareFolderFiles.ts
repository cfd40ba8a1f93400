import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { readOnly, type OpenGit } from "../../git/openGit";
import { holdsSecret, isSecretName } from "./prepareFolderSecrets";

/** Why a file should be looked at before it goes. `repository`: a folder with a git of its own. */
export type FileWarning = "big" | "secret" | "repository";

export interface FolderFile {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly warning?: FileWarning;
}

export const bigFileBytes = 50 * 1024 * 1024;
/** Longer texts with a key in them are rare, and reading takes time. */
const longestTextBytes = 512 * 1024;
const parallelReads = 32;

export interface FilesQuestion {
  readonly folder: string;
  /** Whether git is there already; else a repository elsewhere, made for the question, answers. */
  readonly hasGit: boolean;
  /** Patterns of a `.gitignore` that isn't written yet. */
  readonly ignored: readonly string[];
  readonly signal: AbortSignal;
}

/** What a first commit would take in, by the person's own and the folder's ignore rules. Changes nothing there. */
export async function listFiles(openGit: OpenGit, question: FilesQuestion): Promise<readonly FolderFile[]> {
  const { folder, hasGit, signal } = question;
  const paths = hasGit
    ? await list(openGit, question, [])
    : await withSpareGitDir(openGit, (gitDir) =>
        list(openGit, question, [`--git-dir=${gitDir}`, `--work-tree=${folder}`]),
      );
  const files: FolderFile[] = [];
  for (let start = 0; start < paths.length; start += parallelReads) {
    signal.throwIfAborted();
    const next = paths.slice(start, start + parallelReads);
    files.push(...(await Promise.all(next.map((file) => inspect(folder, file)))).flat());
  }
  return files;
}

async function list(
  openGit: OpenGit,
  { folder, ignored, signal }: FilesQuestion,
  where: readonly string[],
): Promise<readonly string[]> {
  const excludes = ignored.map((pattern) => `--exclude=${pattern}`);
  const output = await openGit({ dir: folder, signal }).raw([
    ...where,
    ...readOnly,
    ...["ls-files", "-z", "--cached", "--others", "--exclude-standard", ...excludes],
  ]);
  return [...new Set(output.split("\0").filter(Boolean))].sort();
}

async function withSpareGitDir<T>(openGit: OpenGit, use: (gitDir: string) => Promise<T>): Promise<T> {
  const dir = await fs.mkdtemp(path.join(tmpdir(), "bitbucket-publish-"));
  try {
    await openGit({ dir }).raw(["init", "--quiet", "--bare", "--template=", dir]);
    return await use(dir);
  } finally {
    await fs.rm(dir, { recursive: true, force: true });
  }
}

/** Nothing for what is staged and gone from the disk. */
async function inspect(folder: string, file: string): Promise<readonly FolderFile[]> {
  if (file.endsWith("/")) return [{ path: file, sizeBytes: 0, warning: "repository" }];
  const absolute = path.join(folder, file);
  const stats = await fs.lstat(absolute).catch(() => undefined);
  if (!stats) return [];
  const base = { path: file, sizeBytes: stats.size };
  if (stats.isDirectory()) return [{ ...base, warning: "repository" }];
  if (isSecretName(path.basename(file))) return [{ ...base, warning: "secret" }];
  if (stats.size > bigFileBytes) return [{ ...base, warning: "big" }];
  if (!stats.isFile() || stats.size > longestTextBytes) return [base];
  const text = await fs.readFile(absolute, "latin1").catch(() => ""); // unreadable: git will say so
  return [holdsSecret(text) ? { ...base, warning: "secret" } : base];
}

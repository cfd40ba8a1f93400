import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isFileExists, isFileMissing } from "../fileErrors";
import { renameFile } from "../smallFile";
import { isLocked } from "./gitConfigFile";
import { parseEntry, type ConfigEntry } from "./gitConfigText";
import type { OpenGit } from "./openGit";

/** The person's own settings, with what their file includes, in the order in which Git reads them. */
export async function readPersonSettings(openGit: OpenGit): Promise<readonly ConfigEntry[]> {
  const output = await openGit({ dir: homedir() })
    .raw(["config", "--global", "--includes", "-z", "--list"])
    .catch((error: unknown) => {
      if (missingFile(error) !== undefined) return "";
      throw error;
    });
  return output
    .split("\0")
    .filter((entry) => entry !== "")
    .map(parseEntry);
}

/** The file that `git config --global` writes, as Git itself has it: GIT_CONFIG_GLOBAL and XDG count. */
export async function findPersonConfig(openGit: OpenGit): Promise<string> {
  const dir = homedir();
  try {
    const listed = await openGit({ dir }).raw(["config", "--global", "-z", "--show-origin", "--list"]);
    const origin = listed
      .split("\0")
      .findLast((_, index, parts) => index % 2 === 0 && index + 1 < parts.length);
    const file = /^file:(.+)$/s.exec(origin ?? "")?.[1];
    if (file !== undefined) return path.resolve(dir, file);
  } catch (error) {
    const file = missingFile(error);
    if (file === undefined) throw error;
    return path.resolve(dir, file);
  }
  // It is there and says nothing: Git names it to the editor that it opens.
  const named = await openGit({ dir, env: { GIT_EDITOR: "echo" } }).raw(["config", "--global", "--edit"]);
  return path.resolve(dir, named.replace(/\r?\n$/, ""));
}

function missingFile(error: unknown): string | undefined {
  const said = error instanceof Error ? error.message : "";
  return /unable to read config file '(.+)': No such file or directory/.exec(said)?.[1];
}

/** Why a file is not ours to change: another tool keeps it, and would undo it or be undone. */
export type Managed = "link" | "readOnly" | "notAFile";

export async function whyManaged(file: string): Promise<Managed | undefined> {
  const found = await fs.lstat(file).catch((error: unknown) => {
    if (isFileMissing(error)) return undefined;
    throw error;
  });
  const place = found ? file : path.dirname(file);
  if (found?.isSymbolicLink() === true || (await isBehindLink(place))) return "link";
  if (found && !found.isFile()) return "notAFile";
  const isReadOnly = found !== undefined && (found.mode & 0o222) === 0;
  return isReadOnly || !(await isWritable(place)) || !(await isWritable(path.dirname(file)))
    ? "readOnly"
    : undefined;
}

/** A folder between the home and the file is a link; the home itself may be one. */
async function isBehindLink(file: string): Promise<boolean> {
  const home = homedir();
  const inside = path.relative(home, file);
  if (inside.startsWith("..") || path.isAbsolute(inside)) return false;
  const [real, realHome] = await Promise.all([file, home].map((one) => fs.realpath(one).catch(() => one)));
  return real !== path.join(realHome ?? home, inside);
}

function isWritable(file: string): Promise<boolean> {
  return fs.access(file, fs.constants.W_OK).then(
    () => true,
    () => false,
  );
}

const lockAttempts = 40;
const lockPauseMs = 25;

/**
 * Changes a config file under Git's own lock, whole or not at all. Its bytes stand in the text one by one (latin1), so
 * that what we don't change stays as it is in any encoding. `undefined` stands for a file that isn't there.
 */
export async function rewriteBytes(
  file: string,
  edit: (bytes: string | undefined) => string | undefined,
): Promise<void> {
  const lock = `${file}.lock`;
  for (let attempt = 0; attempt < lockAttempts; attempt++) {
    try {
      await fs.writeFile(lock, "", { flag: "wx", mode: 0o600 });
    } catch (error) {
      if (!isFileExists(error)) throw error;
      await delay(lockPauseMs);
      continue;
    }
    try {
      await replaceLocked(file, edit);
      return;
    } finally {
      await fs.rm(lock, { force: true });
    }
  }
  throw isLocked(file, lock);
}

/** The lock is held; Git renames its own lock, and so its content is another file's here. */
async function replaceLocked(
  file: string,
  edit: (bytes: string | undefined) => string | undefined,
): Promise<void> {
  const before = await fs.readFile(file, "latin1").catch((error: unknown) => {
    if (isFileMissing(error)) return undefined;
    throw error;
  });
  const after = edit(before);
  if (after === before) return;
  if (after === undefined) return fs.rm(file);
  const copy = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    const mode = before === undefined ? 0o644 : (await fs.stat(file)).mode & 0o7777;
    await fs.writeFile(copy, after, { encoding: "latin1", flag: "wx", mode: 0o600 });
    await fs.chmod(copy, mode);
    await renameFile(copy, file);
  } finally {
    await fs.rm(copy, { force: true });
  }
}

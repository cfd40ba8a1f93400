import * as l10n from "@vscode/l10n";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { UserError } from "../../errors";
import { isFileMissing } from "../../fileErrors";
import { isRunning } from "../../isRunning";
import { renameFile } from "../../smallFile";

/** Where a clone will stand, and where it grows until it is whole. */
export interface CloneFolder {
  readonly target: string;
  readonly temporary: string;
  /** Puts the whole clone in its place. */
  place(): Promise<void>;
  /** Leaves the disk as it was found. */
  remove(): Promise<void>;
}

/** Names of devices, which Windows keeps in every folder. */
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/** The repository's name as a folder's: one that every system takes, so that a clone can move between them. */
export function safeFolderName(name: string): string {
  const plain = name
    .replace(/[<>:"/\\|?*\s\p{Cc}]+/gu, "-")
    .replace(/[. ]+$/, "")
    .replace(reserved, "$1_");
  if (plain === "" || /^[.-]+$/.test(plain)) return "repository";
  return /^\.git$/i.test(plain) ? "git" : plain;
}

/** Makes the parent where it is missing. Throws DirectoryNotEmpty. */
export async function prepareCloneFolder(directory: string, name: string): Promise<CloneFolder> {
  const parent = path.resolve(directory);
  const target = path.join(parent, name);
  const made = await fs.mkdir(parent, { recursive: true }).catch((error: unknown) => {
    throw unusable(parent, error);
  });
  if (!(await isFree(target))) throw await notEmpty(parent, name);
  await sweep(parent, name);
  const unique = `${process.pid}-${randomBytes(4).toString("hex")}`;
  const temporary = path.join(parent, `${temporaryPrefix(name)}${unique}`);
  return {
    target,
    temporary,
    place: () => place(temporary, target),
    remove: async () => {
      await removeFolder(temporary);
      if (made !== undefined) await removeEmpty(parent, made);
    },
  };
}

function temporaryPrefix(name: string): string {
  return `.${name}.cloning-`;
}

/** git takes its half clone away when its editor dies; what was killed in the moment after that is taken away here. */
async function sweep(parent: string, name: string): Promise<void> {
  for (const entry of await fs.readdir(parent)) {
    const prefix = temporaryPrefix(name);
    const [, pid] =
      /^(\d+)-[0-9a-f]{8}$/.exec(entry.startsWith(prefix) ? entry.slice(prefix.length) : "") ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) await removeFolder(path.join(parent, entry));
  }
}

/** The name with a number that nothing has yet. */
async function freeFolderName(directory: string, name: string): Promise<string> {
  for (let n = 2; ; n++) {
    const candidate = `${name}-${n}`;
    if (await isFree(path.join(directory, candidate))) return candidate;
  }
}

/** An empty folder is as good as none. */
async function isFree(target: string): Promise<boolean> {
  try {
    return (await fs.readdir(target)).length === 0;
  } catch (error) {
    return isFileMissing(error);
  }
}

/** Windows does not rename onto a folder. */
async function place(temporary: string, target: string): Promise<void> {
  await fs.rmdir(target).catch((error: unknown) => {
    if (!isFileMissing(error)) throw error;
  });
  await renameFile(temporary, target);
}

/** What ends late may write once more, so one look is not enough. */
async function removeFolder(folder: string): Promise<void> {
  await fs.rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

/** From the parent up to the first folder that was made for it. */
async function removeEmpty(parent: string, made: string): Promise<void> {
  const top = path.resolve(made);
  for (let folder = parent; folder.startsWith(top); folder = path.dirname(folder)) {
    const isGone = await fs.rmdir(folder).then(
      () => true,
      () => false, // somebody put something there meanwhile
    );
    if (!isGone || folder === top) return;
  }
}

async function notEmpty(parent: string, name: string): Promise<UserError> {
  const free = await freeFolderName(parent, name);
  return new UserError(
    "DirectoryNotEmpty",
    l10n.t(
      "{0} already exists and isn't empty. Clone into {1} instead, or choose another folder.",
      path.join(parent, name),
      free,
    ),
    {
      field: "directory",
      fixes: [{ kind: "retry", title: l10n.t("Clone into {0}", free), change: { name: free } }],
    },
  );
}

function unusable(parent: string, cause: unknown): UserError {
  return new UserError(
    "DirectoryNotEmpty",
    l10n.t("Can't create the folder {0}. Choose another one.", parent),
    {
      field: "directory",
      cause,
    },
  );
}

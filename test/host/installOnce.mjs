// A folder is either whole or absent: it is built under another name and renamed when done, so that an
// interrupted installation is never taken for a finished one.
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { withLock } from "./lock.mjs";
import { withProgress } from "./progress.mjs";

/**
 * @param {string} folder its name holds the version, so that a new version is a new folder
 * @param {string} title
 * @param {(folder: string) => Promise<void>} build
 * @returns {Promise<string>} the folder
 */
export async function installOnce(folder, title, build) {
  if (existsSync(folder)) return folder;
  return withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return folder;
    await withProgress(title, () => buildAside(folder, build));
    await removeOlderVersions(folder);
    return folder;
  });
}

/**
 * @param {string} folder
 * @param {(folder: string) => Promise<void>} build
 */
async function buildAside(folder, build) {
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await build(unfinished);
  await rename(unfinished, folder);
}

/**
 * `host-4.1` replaces `host-4.0`; each takes hundreds of megabytes.
 * @param {string} folder
 */
async function removeOlderVersions(folder) {
  const name = basename(folder);
  const family = `${name.slice(0, name.lastIndexOf("-"))}-`;
  const siblings = await readdir(dirname(folder));
  const older = siblings.filter((sibling) => sibling.startsWith(family) && !sibling.startsWith(name));
  await Promise.all(
    older.map((sibling) => rm(join(dirname(folder), sibling), { recursive: true, force: true })),
  );
}

// The project's own dependencies, installed again when package-lock.json asks for other versions.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { npm } from "./npm.mjs";
import { cacheRoot, projectRoot } from "./places.mjs";
import { withProgress } from "./progress.mjs";

export async function ensureDependencies() {
  if (await areInstalled()) return;
  await withLock(join(cacheRoot, "dependencies.lock"), async () => {
    if (await areInstalled()) return;
    await withProgress("Installing dependencies", () =>
      npm(["ci", "--ignore-scripts"], { cwd: projectRoot }),
    );
  });
}

/** npm writes `.package-lock.json` last, with what it really installed; file times mean nothing after a checkout. */
async function areInstalled() {
  const installedLock = join(projectRoot, "node_modules", ".package-lock.json");
  if (!existsSync(installedLock)) return false;
  const installed = await readPackages(installedLock);
  const wanted = await readPackages(join(projectRoot, "package-lock.json"));
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === "" || optional || installed[path]?.version === version,
  );
}

/**
 * @param {string} lockFile
 * @returns {Promise<Record<string, { version?: string, optional?: boolean }>>}
 */
async function readPackages(lockFile) {
  return JSON.parse(await readFile(lockFile, "utf8")).packages;
}

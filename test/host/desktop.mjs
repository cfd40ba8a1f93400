// The desktop VS Code through @vscode/test-electron, where there is a network and a display for it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { cacheRoot, editorVersion } from "./places.mjs";
import { withProgress } from "./progress.mjs";

const probeTimeoutMs = 3_000;
const oneDayMs = 24 * 60 * 60 * 1000;
const unreachableStamp = join(cacheRoot, "vscode-unreachable");

/** @typedef {"own" | "xvfb" | "none"} Display */

/** @returns {Promise<{ executable: string, needsXvfb: boolean } | undefined>} */
export async function ensureDesktop() {
  const display = findDisplay();
  if (display === "none" || !(await canDownload())) return undefined;
  const executable = await withLock(join(cacheRoot, "desktop.lock"), download);
  return executable === undefined ? undefined : { executable, needsXvfb: display === "xvfb" };
}

/** @returns {Display} */
export function findDisplay() {
  if (process.platform !== "linux") return "own";
  if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return "own";
  return spawnSync("xvfb-run", ["--help"]).error ? "none" : "xvfb";
}

/** Asked once a day at most: a closed network may cost the whole timeout. */
async function canDownload() {
  if (isDownloaded()) return true;
  const lastFailure = Number(await readFile(unreachableStamp, "utf8").catch(() => "0"));
  if (Date.now() - lastFailure < oneDayMs) return false;
  const reachable = await canReachReleases();
  if (reachable) await rm(unreachableStamp, { force: true });
  else await rememberFailure();
  return reachable;
}

function isDownloaded() {
  const folders = ["linux-x64", "linux-arm64", "darwin", "darwin-arm64", "win32-x64-archive"];
  return folders.some((platform) =>
    existsSync(join(cacheRoot, `vscode-${platform}-${editorVersion().vscode}`, "is-complete")),
  );
}

/** Asks as the download itself will: through the same client, so through the same proxy. */
async function canReachReleases() {
  const { fetchStableVersions } = requireFromTestElectron("./out/download.js");
  try {
    const released = await fetchStableVersions(true, probeTimeoutMs);
    return released.includes(editorVersion().vscode);
  } catch {
    return false;
  }
}

async function download() {
  const { downloadAndUnzipVSCode, SilentReporter } = requireFromTestElectron(".");
  try {
    return await withProgress(`Getting VS Code ${editorVersion().vscode}`, () =>
      downloadAndUnzipVSCode({
        version: editorVersion().vscode,
        cachePath: cacheRoot,
        reporter: new SilentReporter(),
      }),
    );
  } catch (error) {
    console.warn(`- VS Code could not be downloaded (${error}); the one from npm serves instead.`);
    await rememberFailure();
    return undefined;
  }
}

async function rememberFailure() {
  await mkdir(cacheRoot, { recursive: true });
  await writeFile(unreachableStamp, String(Date.now()));
}

/**
 * Loaded late: this file is imported before the dependencies are installed.
 * @param {string} path
 */
function requireFromTestElectron(path) {
  const require = createRequire(import.meta.url);
  return require(join("@vscode/test-electron", path));
}

// One installation at a time: `npm test` and `npm start` in two terminals share the same folders.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  await acquire(file);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** @param {string} file */
async function acquire(file) {
  await mkdir(dirname(file), { recursive: true });
  for (let announced = false; !(await create(file)); await sleep(200)) {
    if (await isAbandoned(file)) {
      await rm(file, { force: true });
    } else if (!announced) {
      console.log("- Another run is installing; waiting for it …");
      announced = true;
    }
  }
}

/** @param {string} file */
async function create(file) {
  try {
    await writeFile(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * A lock outlives a killed process; its pid tells.
 * @param {string} file
 */
async function isAbandoned(file) {
  const pid = Number(await readFile(file, "utf8").catch(() => ""));
  // Empty means just created, not yet written.
  return pid > 0 && !isRunning(pid);
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

// A server of ours as a child process: ready when it says so, gone with everything it started.
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { atExit } from "./atExit.mjs";
import { ExpectedError } from "./expectedError.mjs";

const readyTimeoutMs = 60_000;
const stopTimeoutMs = 3_000;

/**
 * @typedef {object} Server
 * @property {number} pid leader of a process group that holds all it started
 * @property {string} port
 * @property {() => string} log
 * @property {() => Promise<void>} stop
 */

/**
 * @param {readonly string[]} command
 * @param {{ env: NodeJS.ProcessEnv, cwd: string, portPattern: RegExp }} options `portPattern` captures the port
 *   out of the line that says it listens
 * @returns {Promise<Server>}
 */
export async function startServer([executable = "", ...args], { env, cwd, portPattern }) {
  const child = spawn(executable, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  const port = await new Promise((resolve, reject) => {
    const collect = (/** @type {Buffer} */ chunk) => {
      log += chunk;
      const [, found] = portPattern.exec(log) ?? [];
      if (found) resolve(found);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.on("error", reject);
    child.on("exit", (code) => reject(new ExpectedError(`${executable} ended (${code}):\n${log}`)));
    setTimeout(
      () => reject(new ExpectedError(`${executable} is not ready:\n${log}`)),
      readyTimeoutMs,
    ).unref();
  });
  const pid = /** @type {number} */ (child.pid);
  const forget = atExit(() => signalGroup(pid, "SIGKILL"));
  const stop = async () => {
    await stopGroup(pid);
    forget();
  };
  return { pid, port, log: () => log, stop };
}

/** @param {number} pid */
async function stopGroup(pid) {
  const deadline = Date.now() + stopTimeoutMs;
  for (let alive = signalGroup(pid, "SIGTERM"); alive && Date.now() < deadline; alive = signalGroup(pid, 0)) {
    await sleep(50);
  }
  signalGroup(pid, "SIGKILL");
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals | 0} signal
 * @returns {boolean} whether any of the group is left
 */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

import { spawn } from "node:child_process";
import { atExit } from "./atExit.mjs";

const killAfterMs = 10_000;

/**
 * Runs a program to its end and keeps what it prints.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, timeLimitMs: number }} options
 * @returns {Promise<{ code: number | null, output: string }>}
 */
export function runToEnd(command, args, { cwd, timeLimitMs }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    // SIGTERM first: it then ends what it has started itself.
    const forget = atExit(() => void child.kill("SIGTERM"));
    const timer = setTimeout(() => {
      output += `\nEnded after ${timeLimitMs / 60_000} minutes.\n`;
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), killAfterMs).unref();
    }, timeLimitMs);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      forget();
      resolve({ code, output });
    });
  });
}

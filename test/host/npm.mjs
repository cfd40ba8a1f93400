// Runs npm quietly; its output matters only when it fails.
import { spawn } from "node:child_process";
import { ExpectedError } from "./expectedError.mjs";

/**
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: Record<string, string> }} options
 */
export async function npm(args, { cwd, env = {} }) {
  const { code, output } = await run(
    "npm",
    [...args, "--no-fund", "--no-audit", "--loglevel=error"],
    cwd,
    env,
  );
  if (code !== 0) throw new ExpectedError(`npm ${args.join(" ")} failed (${code}):\n${output}`);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {Record<string, string>} env
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function run(command, args, cwd, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // npm is a .cmd on Windows, which only a shell can start.
      shell: process.platform === "win32",
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output: output.trim() }));
  });
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** The environment of a server: nothing of the person's own configuration, and no way to ask. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
  };
}

export async function runGit(...args: readonly string[]): Promise<string> {
  const { stdout } = await execute("git", args, { env: serverEnvironment(), maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

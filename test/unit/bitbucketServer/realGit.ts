import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Nothing of the machine's own git configuration, and never a prompt. */
const isolated = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  LC_ALL: "C",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
};

export async function git(dir: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await tryGit(dir, args);
  assert.equal(code, 0, `git ${args[0] ?? ""}: ${stderr}`);
  return stdout.trim();
}

export function tryGit(dir: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return execute("git", args, dir, env);
}

export function execute(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}) {
  const options = { cwd, env: { PATH: process.env["PATH"], ...isolated, ...env }, maxBuffer: 100_000_000 };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      resolve({ code: error ? 1 : 0, stdout, stderr });
    });
  });
}

export async function commit(dir: string, message: string, content?: Buffer, date?: string): Promise<void> {
  writeFileSync(join(dir, "file"), content ?? message);
  await git(dir, "add", "file");
  const { code, stderr } = await tryGit(
    dir,
    ["commit", "-m", message],
    date ? { GIT_COMMITTER_DATE: date } : {},
  );
  assert.equal(code, 0, stderr);
}

/** Each with a commit of its own, so that each is one more for a fetch to want. */
export async function addBranches(dir: string, count: number): Promise<void> {
  const commands = Array.from({ length: count }, (_, index) => {
    const lines = [`commit refs/heads/b${index}`, "committer Ada <ada@example.com> 1700000000 +0000"];
    return [...lines, "data 3", String(100 + index), "from refs/heads/main", "", ""].join("\n");
  });
  writeFileSync(join(dir, "commands"), commands.join(""));
  const { code, stderr } = await execute("sh", ["-c", "git fast-import --quiet <commands"], dir);
  assert.equal(code, 0, stderr);
}

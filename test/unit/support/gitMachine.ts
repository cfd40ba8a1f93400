import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installHelper, type HelperOptions } from "../../../src/credentials/helperScript";
import { startBasicAuthGit } from "./basicAuthGit";
import { writeNodeHelper } from "./nodeHelperBundle";

/** A storage path with all that can go wrong in one: blanks, quotes, a dollar, an umlaut, two hundred characters. */
const awkwardName = `a b'c"d$HOME \`ü\` ${"x".repeat(200)}`;

/** A person's machine: a home with a spy helper in the global config, a git server, our helper's storage. */
export async function createGitMachine() {
  const root = mkdtempSync(join(tmpdir(), "gm-"));
  const home = join(root, "home");
  const storageDir = join(root, awkwardName);
  const spyLog = join(root, "spy.log");
  mkdirSync(home);
  writeFileSync(spyLog, "");
  writeFileSync(
    join(home, ".gitconfig"),
    `[credential]\n\thelper = "!echo called >>'${spyLog}'; cat >>'${spyLog}'; :"\n`,
  );
  const nodeHelper = join(root, "nodeHelper.js");
  writeNodeHelper(nodeHelper);
  const server = await startBasicAuthGit(join(root, "server"));
  const env: Readonly<Record<string, string>> = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C.UTF-8",
  };
  return {
    root,
    home,
    storageDir,
    server,
    env,
    install: (changes: Partial<HelperOptions> = {}) =>
      installHelper({
        storageDir,
        execPath: process.execPath,
        hasCurl: true,
        platform: process.platform,
        nodeHelper,
        ...changes,
      }),
    /** A clone's folder whose own config asks our helper for this repository alone. */
    connect(repository: string, configValue: string, parent = join(root, "work")): string {
      const dir = join(parent, repository);
      const url = `${server.webUrl}/${repository}.git`;
      rmSync(dir, { recursive: true, force: true });
      mkdirSync(dir, { recursive: true });
      execFileSync("git", ["init", "-q", "-b", "main"], { env, cwd: dir });
      const section = `[remote "origin"]\n\turl = ${url}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`;
      appendFileSync(
        join(dir, ".git", "config"),
        `${section}[credential "${url}"]\n\thelper =\n\tuseHttpPath = true\n`,
      );
      execFileSync("git", ["config", "--add", `credential.${url}.helper`, configValue], { env, cwd: dir });
      return dir;
    },
    git: (dir: string, args: readonly string[], extraEnv: Readonly<Record<string, string>> = {}) =>
      run("git", args, { ...env, ...extraEnv }, dir),
    /** What the person's own helper was told since the last call. */
    spied(): string {
      const told = readFileSync(spyLog, "utf8");
      writeFileSync(spyLog, "");
      return told;
    },
    /** A folder for PATH with one program in it. */
    addProgram(name: string, script: string): string {
      const dir = mkdtempSync(join(root, "path-"));
      writeFileSync(join(dir, name), script);
      chmodSync(join(dir, name), 0o755);
      return dir;
    },
    async remove() {
      await server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export type GitMachine = Awaited<ReturnType<typeof createGitMachine>>;

export interface RunResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
  input = "",
): Promise<RunResult> {
  const started = performance.now();
  const child = spawn(program, args, { env, cwd });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr, ms: performance.now() - started };
}

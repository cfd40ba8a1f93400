import { execFile, execFileSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { BitbucketClient } from "../../../src/bitbucket/client";
import { createSend, type RequestTrace, type Send } from "../../../src/bitbucket/http";
import type { BitbucketSite, RepositoryName } from "../../../src/bitbucket/site";
import { ConnectionStore } from "../../../src/credentials/connectionStore";
import { readEnvironmentToken } from "../../../src/credentials/environmentToken";
import { FolderIndex } from "../../../src/credentials/folderIndex";
import { GitSignIn } from "../../../src/credentials/gitSignIn";
import { TokenStore } from "../../../src/credentials/tokenStore";
import type { ConnectRequest } from "../../../src/flows/connect/connectRequest";
import type { Ports } from "../../../src/flows/ports";
import { ReachingTokens } from "../../../src/flows/tokens/reachingTokens";
import { createOpenGit, type OpenGit } from "../../../src/git/openGit";
import { createReadRepository } from "../../../src/git/repository";
import { FileSecrets } from "./fileSecrets";
import { GitRepository } from "./gitRepository";
import { writeNodeHelper } from "./nodeHelperBundle";

/** What a person has before connecting: a home with a git config, a repository with commits, an editor's storage. */
export interface ConnectStage {
  readonly root: string;
  readonly home: string;
  readonly storageDir: string;
  readonly secretsFile: string;
  readonly site: BitbucketSite;
}

export interface StageHooks {
  /** Called before everything that touches git, disk, network or secrets. */
  readonly at?: (action: string) => void;
  readonly onRefused?: (repository: RepositoryName) => void;
  readonly onLost?: (repository: RepositoryName) => void;
}

export function createStage(site: BitbucketSite): ConnectStage {
  const root = mkdtempSync(join(tmpdir(), "connect-"));
  const home = join(root, "home");
  mkdirSync(home);
  const config = "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n";
  writeFileSync(join(home, ".gitconfig"), config);
  return { root, home, storageDir: join(root, "storage"), secretsFile: join(root, "secrets.json"), site };
}

/** Our own git processes inherit it, and so does everything that the tests run. */
export function useHome(stage: ConnectStage): void {
  Object.assign(process.env, {
    HOME: stage.home,
    GIT_CONFIG_NOSYSTEM: "1",
    XDG_CONFIG_HOME: join(stage.home, "xdg"),
  });
}

export function createRepository(stage: ConnectStage, name: string, commits = 2): GitRepository {
  const root = join(stage.root, name);
  mkdirSync(root, { recursive: true });
  cpSync(emptyRepository(), root, { recursive: true });
  if (commits > 0) addCommits(root, name, commits);
  return new GitRepository(root);
}

/** All at once: of processes, which take most of the tests' time, two in place of two for each commit. */
function addCommits(root: string, name: string, count: number): void {
  const ada = `Ada <ada@example.com> ${Math.floor(Date.now() / 1000)} +0000`;
  const block = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const commits = Array.from({ length: count }, (_, index) => {
    const n = index + 1;
    const file = `M 100644 inline file${n}.txt\n${block(`${name} ${n}\n`)}`;
    return `commit refs/heads/main\ncommitter ${ada}\n${block(`Commit ${n}\n`)}${file}`;
  });
  execFileSync("git", ["fast-import", "--quiet"], { cwd: root, input: commits.join(""), stdio: "pipe" });
  git(root, "reset", "-q", "--hard");
}

let empty: string | undefined;

/** Made once in a process: it is what `git init` gives, without the examples of hooks that it copies. */
function emptyRepository(): string {
  if (empty !== undefined) return empty;
  const root = mkdtempSync(join(tmpdir(), "connect-empty-"));
  process.once("exit", () => {
    rmSync(root, { recursive: true, force: true });
  });
  git(root, "init", "-q", "--initial-branch=main");
  for (const name of readdirSync(join(root, ".git", "hooks"))) rmSync(join(root, ".git", "hooks", name));
  return (empty = root);
}

export function openPorts(
  stage: ConnectStage,
  hooks: StageHooks = {},
  onRequest: (trace: RequestTrace) => void = () => undefined,
) {
  const at = hooks.at ?? (() => undefined);
  const secrets = new FileSecrets(stage.secretsFile, at);
  const tokens = new TokenStore(secrets, new FolderIndex(join(stage.storageDir, "tokens")), () =>
    readEnvironmentToken(),
  );
  const connections = new ConnectionStore(secrets, new FolderIndex(join(stage.storageDir, "connections")));
  const send = hookedSend(createSend(onRequest), at);
  const signIn = new GitSignIn({
    storageDir: stage.storageDir,
    nodeHelper: buildNodeHelper(stage),
    tokens,
    others: new ReachingTokens(() => ({
      site: stage.site,
      client: new BitbucketClient(stage.site, send),
      tokens,
    })),
    site: () => stage.site,
    onRefused: hooks.onRefused ?? (() => undefined),
    onLost: hooks.onLost ?? (() => undefined),
    onError: (error) => {
      throw error;
    },
  });
  const openGit = hookedGit(createOpenGit("git"), at);
  const ports: Ports = {
    site: stage.site,
    client: new BitbucketClient(stage.site, send),
    send,
    openGit,
    readRepository: createReadRepository(openGit),
    tokens,
    connections,
    prepareHelper: () => signIn.prepare(),
  };
  return { ports, secrets, signIn, close: () => signIn.dispose() };
}

export function connectRequest(
  changes: Partial<ConnectRequest> & Pick<ConnectRequest, "repository" | "token">,
): ConnectRequest {
  return {
    scopes: [],
    email: undefined,
    remote: "origin",
    existingRemote: "ask",
    branch: "main",
    gitAccess: "vscode",
    expires: undefined,
    ...changes,
  };
}

/** A helper of the person's own that keeps what it gets in a file, and notes that it was asked. */
export function addOwnHelper(stage: ConnectStage): { file: string; calls: () => string } {
  const file = join(stage.home, "credentials");
  const log = join(stage.home, "helper.log");
  const spy = `!f() { echo "$1" >>'${log}'; git credential-store --file='${file}' "$1"; }; f`;
  appendFileSync(join(stage.home, ".gitconfig"), `[credential]\n\thelper = ${JSON.stringify(spy)}\n`);
  return { file, calls: () => (existsSync(log) ? readFileSync(log, "utf8") : "") };
}

export function git(cwd: string, ...args: string[]): string {
  return execFileSync("git", args, {
    cwd,
    encoding: "utf8",
    stdio: "pipe",
    env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
  }).trim();
}

/** For what asks the servers of this very process, which must stay free to answer. */
export async function gitOnline(cwd: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0" };
  const { stdout } = await promisify(execFile)("git", args, { cwd, env });
  return stdout.trim();
}

export function configText(repository: { readonly root: string }): string {
  return readFileSync(join(repository.root, ".git", "config"), "utf8");
}

/** Files below a folder that hold a token in any of its spellings: as it is, URL-encoded, in a Basic header. */
export function filesHolding(folder: string, token: string): string[] {
  const basic = (user: string) => Buffer.from(`${user}:${token}`).toString("base64");
  const spellings = [
    token,
    encodeURIComponent(token),
    basic("x-token-auth"),
    basic("x-bitbucket-api-token-auth"),
  ];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
    const file = join(folder, name);
    if (!statSync(file).isFile()) return false;
    const content = readFileSync(file);
    return spellings.some((spelling) => content.includes(spelling));
  });
}

export function removeStage(stage: ConnectStage): void {
  rmSync(stage.root, { recursive: true, force: true, maxRetries: 3 });
}

function buildNodeHelper(stage: ConnectStage): string {
  const outfile = join(stage.root, "credentialHelper.js");
  if (existsSync(outfile)) return outfile;
  writeNodeHelper(outfile);
  return outfile;
}

function hookedSend(send: Send, at: (action: string) => void): Send {
  return async (request) => {
    const action = new URL(request.url).pathname;
    at(action);
    const answer = await send(request);
    return answer;
  };
}

/** simple-git's `raw` is all that the product calls. */
function hookedGit(openGit: OpenGit, at: (action: string) => void): OpenGit {
  return (options) => {
    const opened = openGit(options);
    const raw = opened.raw.bind(opened) as (args: string[]) => Promise<string>;
    const hooked = async (args: string[]) => {
      const action = args.filter((arg) => !arg.startsWith("/")).join(" ");
      at(action);
      const output = await raw(args);
      return output;
    };
    return Object.assign(Object.create(opened) as typeof opened, { raw: hooked });
  };
}

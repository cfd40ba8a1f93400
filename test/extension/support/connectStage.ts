import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { commandIds } from "../../../src/commands/ids";
import { errorKinds, UserError, type ErrorKind } from "../../../src/errors";
import { startBitbucket, type Bitbucket } from "../../bitbucket/startBitbucket";
import { makeSampleRepository } from "../../host/sampleRepository.mjs";

export const write = ["repository", "repository:write"] as const;

/** A folder with a repository, an empty repository on Bitbucket, and a token of its own. */
export interface Prepared {
  readonly folder: string;
  readonly repository: string;
  readonly url: string;
  readonly token: string;
  readonly tokenName: string;
}

/** An embedded Bitbucket in this very process, which is the extension's too, and what one needs to connect to it. */
export class ConnectStage {
  private readonly root = realpathSync(mkdtempSync(join(tmpdir(), "connect-in-editor-")));
  private readonly sample = makeSampleRepository(join(this.root, "sample"));
  private count = 0;

  private constructor(readonly bitbucket: Bitbucket) {}

  static async open(): Promise<ConnectStage> {
    const stage = new ConnectStage(await startBitbucket({ checkContract: false }));
    await configure("webUrl", stage.bitbucket.webUrl);
    await configure("apiUrl", stage.bitbucket.apiUrl);
    return stage;
  }

  async close(): Promise<void> {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await configure("webUrl", undefined);
    await configure("apiUrl", undefined);
    await this.bitbucket.close();
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }

  prepare(scopes: readonly string[] = write): Prepared {
    const slug = `payments-${++this.count}`;
    const repository = `acme/${slug}`;
    this.bitbucket.addRepository(repository);
    const tokenName = `token-${this.count}`;
    const owner = { kind: "repository", repository } as const;
    const { secret } = this.bitbucket.addToken({ ...owner, scopes, name: tokenName });
    const folder = this.newFolder();
    cpSync(this.sample, folder, { recursive: true });
    return {
      folder,
      repository,
      url: `${this.bitbucket.webUrl}/${repository}.git`,
      token: secret,
      tokenName,
    };
  }

  /** Empty, and no repository. */
  newFolder(): string {
    return mkdtempSync(join(this.root, "folder-"));
  }
}

export interface ConnectResult {
  readonly repository: string;
  readonly remote: string;
  readonly url: string;
  readonly branch?: string;
  readonly pushed: boolean;
}

export function connect(argument: object): Promise<ConnectResult> {
  return run<ConnectResult>(commandIds.connectRepository, argument);
}

export function disconnect(argument: object): Promise<{ disconnected: readonly string[] }> {
  return run(commandIds.disconnectRepository, argument);
}

/** Rejects with what the command threw, as another extension gets it. */
export async function assertFails(
  command: Promise<unknown>,
  code: ErrorKind,
  secret: string,
): Promise<Failure> {
  const error = await command.then(
    (result) => assert.fail(`expected ${code}, got ${JSON.stringify(result)}`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Error && isFailure(error), String(error));
  assert.equal(error.code, code, error.message);
  assert.ok(
    !(error.stack ?? "").includes(secret) && !error.message.includes(secret),
    "the token is in the error",
  );
  return error;
}

/** The extension's own class is another bundle's, so its shape is what counts. */
export type Failure = Error &
  Pick<UserError, "code" | "fixes" | "granted" | "required" | "retryAfter" | "field">;

function isFailure(error: Error): error is Failure {
  return "code" in error && errorKinds.some((kind) => kind === error.code);
}

/** Local only: a git that waits for the Bitbucket of this process would wait for ever. */
export function git(folder: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: "pipe" }).trim();
}

/** As in a terminal, where nobody answers a prompt. */
export async function gitOnline(folder: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0", GIT_ASKPASS: "", SSH_ASKPASS: "" };
  const { stdout } = await promisify(execFile)("git", args, { cwd: folder, env });
  return stdout.trim();
}

export function configText(folder: string): string {
  return readFileSync(join(folder, ".git", "config"), "utf8");
}

/** A helper of the person's own, as in their global config. Returns what takes it away again. */
export function addOwnHelper(): { file: string; remove: () => void } {
  const home = process.env.HOME ?? "";
  const globalConfig = join(home, ".gitconfig");
  const before = readFileSync(globalConfig, "utf8");
  const file = join(home, "kept-credentials");
  appendFileSync(globalConfig, `[credential]\n\thelper = store --file=${file}\n`);
  const remove = () => {
    writeFileSync(globalConfig, before);
    rmSync(file, { force: true });
  };
  return { file, remove };
}

export async function run<T>(command: string, argument: object): Promise<T> {
  return vscode.commands.executeCommand<T>(command, argument);
}

async function configure(name: "webUrl" | "apiUrl", value: string | undefined): Promise<void> {
  const configuration = vscode.workspace.getConfiguration("bitbucketConnect");
  await configuration.update(name, value, vscode.ConfigurationTarget.Global);
}

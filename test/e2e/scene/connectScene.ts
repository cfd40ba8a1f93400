import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startBitbucket, type Bitbucket } from "../../bitbucket/startBitbucket";
import { makeSampleRepository } from "../../host/sampleRepository.mjs";
import type { EditorWindow } from "../driver/editorWindow";
import { openWindow, type WindowOptions } from "../driver/openWindow";

export const write = ["repository", "repository:write"] as const;

/** A repository with commits, an empty one on Bitbucket, and a token just made there. */
export interface Prepared {
  readonly folder: string;
  readonly repository: string;
  /** What the remote will be. */
  readonly url: string;
  readonly token: string;
  /** As it is revoked. */
  readonly tokenName: string;
  readonly botEmail: string;
}

/** An embedded Bitbucket, and what a person has before connecting to it. */
export class ConnectScene {
  private readonly root = realpathSync(mkdtempSync(join(tmpdir(), "connect-scene-")));
  private count = 0;

  private constructor(readonly bitbucket: Bitbucket) {}

  static async open(): Promise<ConnectScene> {
    return new ConnectScene(await startBitbucket({ checkContract: false }));
  }

  async close(): Promise<void> {
    await this.bitbucket.close();
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }

  prepare(): Prepared {
    const slug = `payments-${++this.count}`;
    const repository = `acme/${slug}`;
    this.bitbucket.addRepository(repository);
    const { secret, botEmail, name: tokenName } = this.addToken(repository, write);
    const folder = makeSampleRepository(join(this.root, slug));
    const url = `${this.bitbucket.webUrl}/${repository}.git`;
    return { folder, repository, url, token: secret, tokenName, botEmail };
  }

  addToken(repository: string, scopes: readonly string[]) {
    const name = `token ${++this.count} of ${repository}`;
    return { ...this.bitbucket.addToken({ kind: "repository", repository, scopes, name }), name };
  }

  /** The editor at a folder, with its Bitbucket set to this one. */
  openWindow(options: WindowOptions): Promise<EditorWindow> {
    const { webUrl, apiUrl } = this.bitbucket;
    const site = { "bitbucketConnect.webUrl": webUrl, "bitbucketConnect.apiUrl": apiUrl };
    return openWindow({ ...options, settings: { ...site, ...options.settings } });
  }

  /** Holds requests back until it is let go; tells when the first one is there. */
  hold(path: RegExp, method: "GET" | "POST"): { readonly arrived: Promise<void>; letGo(): void } {
    let arrive: () => void = () => undefined;
    let release: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    const stop = this.bitbucket.onRequest(async (request) => {
      if (request.method !== method || !path.test(request.path)) return;
      arrive();
      await released;
    });
    const letGo = () => {
      stop();
      release();
    };
    return { arrived, letGo };
  }
}

/** Everything that Bitbucket shows, once, when an access token is made. */
export function shownByBitbucket({ url, token, botEmail }: Prepared): string {
  const withToken = url.replace("://", `://x-token-auth:${encodeURIComponent(token)}@`);
  return `${token}\n\ngit clone ${withToken}\n\ngit config user.email ${botEmail}\n`;
}

export function configText(folder: string): string {
  return readFileSync(join(folder, ".git", "config"), "utf8");
}

/** What a connect keeps beside the config while it is at it. */
export function connectFiles(folder: string): readonly string[] {
  return readdirSync(join(folder, ".git")).filter((name) => /bitbucket-connect|^config\..*lock$/.test(name));
}

/** Local only: a git that waits for the Bitbucket of this process would wait for ever. */
export function git(folder: string, ...args: string[]): string {
  const author = ["-c", "user.name=Ada Person", "-c", "user.email=ada@example.com"];
  return execFileSync("git", [...author, ...args], { cwd: folder, encoding: "utf8", stdio: "pipe" }).trim();
}

export async function gitAside(folder: string, ...args: string[]): Promise<string> {
  return (await promisify(execFile)("git", args, { cwd: folder })).stdout.trim();
}

/** A person's global git config whose helper keeps what it is given, and notes each call of it. */
export function gitConfigWithHelper(credentials: string, calls: string): string {
  const helper = `!f() { echo "$1" >>${calls}; git credential-store --file=${credentials} "$1"; }; f`;
  return `[user]\n\tname = Ada Person\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main
[safe]\n\tdirectory = *\n[credential]\n\thelper = ${JSON.stringify(helper)}\n`;
}

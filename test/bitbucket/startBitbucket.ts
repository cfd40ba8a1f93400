import { mkdirSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contractOf, type Contract } from "./contract/contract";
import { findDescription } from "./contract/findDescription";
import { BareRepositories, type Commit } from "./git/bareRepositories";
import { GitDoor } from "./git/gitDoor";
import { LfsDoor } from "./lfs/lfsDoor";
import { Accounts, type Account, type AccountOptions } from "./model/accounts";
import { Tokens, type Token, type TokenRequest } from "./model/tokens";
import {
  World,
  type Project,
  type Repository,
  type RepositoryOptions,
  type Restrictions,
  type Workspace,
} from "./model/world";
import { Links } from "./rest/links";
import { apiPath, Site } from "./site";
import { Faults } from "./wire/faults";
import { Listener, type TlsOptions } from "./wire/listener";
import { RequestLog, type LoggedRequest, type RequestListener } from "./wire/requestLog";

export interface BitbucketOptions {
  /** Where the bare repositories live; a temporary folder, removed at the end, unless given. */
  readonly dir?: string;
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** The name in the addresses; `127.0.0.1` unless given. The server listens on 127.0.0.1 either way. */
  readonly hostName?: string;
  readonly tls?: TlsOptions;
  /** How long each REST answer takes at least. */
  readonly latencyMs?: number;
  /** Whether REST takes an API token as Bearer, which is reported but not documented; true unless given. */
  readonly bearerForApiTokens?: boolean;
  /** What git is answered for an app password; 410 unless given. */
  readonly appPasswordStatus?: 401 | 410;
  /** Whether REST is compared with Bitbucket's API description; true unless given. */
  readonly checkContract?: boolean;
}

/** A token as its maker sees it, once. */
export type MadeToken = Pick<Token, "name" | "secret" | "botEmail">;

/**
 * An embedded Bitbucket Cloud: REST 2.0, git over HTTP by git itself, and the pages that people are led to. It runs
 * in this process, listens on the loopback address and keeps everything in memory and one folder.
 */
export async function startBitbucket(options: BitbucketOptions = {}): Promise<Bitbucket> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), "bitbucket-"));
  mkdirSync(dir, { recursive: true });
  const listener = await Listener.open(options);
  try {
    return await Bitbucket.open(options, dir, listener);
  } catch (error) {
    await listener.close();
    throw error;
  }
}

export class Bitbucket {
  /** What requests and answers had that Bitbucket's API description doesn't; empty is good. */
  readonly contractViolations: string[] = [];
  readonly faults = new Faults();
  latencyMs: number;
  private readonly world = new World();
  private readonly accounts = new Accounts();
  private readonly tokens = new Tokens(this.accounts);
  private readonly log = new RequestLog();
  private readonly repositories: BareRepositories;
  private readonly contract: Contract | undefined;

  private constructor(
    options: BitbucketOptions,
    /** The folder of everything on disk. */
    readonly dir: string,
    /** `http://127.0.0.1:PORT`: pages and git. */
    readonly webUrl: string,
    private readonly stop: () => Promise<void>,
  ) {
    this.latencyMs = options.latencyMs ?? 0;
    this.repositories = new BareRepositories(join(dir, "repositories"));
    const description = options.checkContract === false ? undefined : findDescription();
    this.contract = description === undefined ? undefined : contractOf(description);
  }

  static async open(options: BitbucketOptions, dir: string, listener: Listener): Promise<Bitbucket> {
    const ends = [() => listener.close()];
    const server = new Bitbucket(options, dir, listener.url, async () => {
      for (const end of ends) await end();
    });
    const gitDoor = await GitDoor.open({
      world: server.world,
      repositories: server.repositories,
      webUrl: server.webUrl,
      hooksDir: join(dir, "hooks"),
      appPasswordStatus: options.appPasswordStatus ?? 410,
    });
    ends.push(() => gitDoor.close());
    if (options.dir === undefined) ends.push(() => rm(dir, { recursive: true, force: true }));
    listener.serve(server.createSite(gitDoor, options));
    return server;
  }

  /** `http://127.0.0.1:PORT/2.0`: REST. */
  get apiUrl(): string {
    return `${this.webUrl}${apiPath}`;
  }

  /** False where Bitbucket's API description isn't at hand: then `contractViolations` proves nothing. */
  get checksContract(): boolean {
    return this.contract !== undefined;
  }

  addWorkspace(slug: string, name?: string): Workspace {
    return this.world.addWorkspace(slug, name);
  }

  addProject(workspace: string, key: string, name?: string): Project {
    return this.world.addProject(workspace, key, name);
  }

  /** Makes its workspace and project too, where they are missing. */
  addRepository(fullName: string, options?: RepositoryOptions): Repository {
    return this.world.addRepository(fullName, options);
  }

  addAccount(email: string, options?: AccountOptions): Account {
    return this.accounts.add(email, options);
  }

  addToken(request: TokenRequest): MadeToken {
    return this.tokens.add(request);
  }

  revoke(tokenName: string): void {
    this.tokens.revoke(tokenName);
  }

  /** A new secret with the same reach and scopes, under a new name; the old one lives on for the grace. */
  rotate(tokenName: string, newName: string, graceMs?: number): MadeToken {
    return this.tokens.rotate(tokenName, newName, graceMs);
  }

  /** Replaces what pushes to the repository are refused for. */
  restrict(fullName: string, restrictions: Restrictions): void {
    this.repository(fullName).restrictions = restrictions;
  }

  /** In the order they came. */
  get requests(): readonly LoggedRequest[] {
    return this.log.requests;
  }

  clearRequests(): void {
    this.log.clear();
  }

  /** The listener's promise holds each request back before anything is done about it. Returns what takes it away. */
  onRequest(listener: RequestListener): () => void {
    return this.log.onRequest(listener);
  }

  /** The bare repository on disk. */
  gitDir(fullName: string): Promise<string> {
    return this.repositories.open(this.repository(fullName));
  }

  /** Full names of refs with their object ids. */
  refs(fullName: string): Promise<Map<string, string>> {
    return this.repositories.refs(this.repository(fullName));
  }

  /** The newest first; none while the repository is empty. */
  commits(fullName: string, ref?: string): Promise<Commit[]> {
    return this.repositories.commits(this.repository(fullName), ref);
  }

  /** Cuts every connection, ends every git and removes the folder. */
  close(): Promise<void> {
    return this.stop();
  }

  private repository(fullName: string): Repository {
    const repository = this.world.repository(fullName);
    if (!repository) throw new Error(`the embedded Bitbucket has no repository ${fullName}`);
    return repository;
  }

  private createSite(gitDoor: GitDoor, options: BitbucketOptions): Site {
    const { world, tokens, repositories, log, faults, contract, contractViolations } = this;
    const links = new Links(this.webUrl, this.apiUrl);
    const rules = { bearerForApiTokens: options.bearerForApiTokens ?? true };
    const latencyMs = () => this.latencyMs;
    const parts = {
      world,
      tokens,
      repositories,
      log,
      faults,
      contract,
      contractViolations,
      links,
      rules,
      latencyMs,
    };
    const lfsDoor = new LfsDoor({
      world,
      webUrl: this.webUrl,
      dir: join(this.dir, "lfs"),
      appPasswordStatus: options.appPasswordStatus ?? 410,
    });
    return new Site({ ...parts, gitDoor, lfsDoor });
  }
}

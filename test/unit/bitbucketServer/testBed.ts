import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  startBitbucket,
  type Bitbucket,
  type BitbucketOptions,
  type MadeToken,
} from "../../bitbucket/startBitbucket";
import { git } from "./realGit";

export const apiReadWrite = ["read:repository:bitbucket", "write:repository:bitbucket"];

const personScopes = [
  ...apiReadWrite,
  "admin:repository:bitbucket",
  "read:user:bitbucket",
  "read:workspace:bitbucket",
  "read:project:bitbucket",
];

/** A server and a folder of its own for each test of the `describe` that calls this. */
export function useBitbucket(): TestBed {
  const bed = new TestBed();
  beforeEach(() => bed.begin());
  afterEach(() => bed.end());
  return bed;
}

export class TestBed {
  private server: Bitbucket | undefined;
  private people = 0;
  work = "";

  async begin(): Promise<void> {
    this.server = await startBitbucket();
    this.work = mkdtempSync(join(tmpdir(), "bitbucket-test-"));
  }

  async end(): Promise<void> {
    await this.server?.close();
    rmSync(this.work, { recursive: true, force: true });
  }

  get bitbucket(): Bitbucket {
    if (!this.server) throw new Error("no server runs between tests");
    return this.server;
  }

  async restart(options: BitbucketOptions): Promise<void> {
    await this.server?.close();
    this.server = await startBitbucket(options);
  }

  writer(repository: string, change: { scopes?: readonly string[]; expires?: Date } = {}): MadeToken {
    const name = `writer of ${repository}`;
    return this.bitbucket.addToken({
      kind: "repository",
      repository,
      name,
      scopes: ["repository:write"],
      ...change,
    });
  }

  person(account: string): MadeToken {
    const name = `person ${this.people++}`;
    return this.bitbucket.addToken({ kind: "api", account, name, scopes: personScopes });
  }

  withUser(user: string, { secret }: Pick<MadeToken, "secret">, repository = "acme/api"): string {
    const url = new URL(`${this.bitbucket.webUrl}/${repository}.git`);
    url.username = user;
    url.password = encodeURIComponent(secret);
    return url.href;
  }

  async rest(path: string, authorization?: string, body?: unknown) {
    const answer = await fetch(this.bitbucket.apiUrl + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { ...(authorization !== undefined && { authorization }), "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as unknown };
  }

  async clone(url: string, name: string): Promise<string> {
    await git(this.work, "clone", url, name);
    return join(this.work, name);
  }
}

export function bearer({ secret }: MadeToken): string {
  return `Bearer ${secret}`;
}

export function basic(user: string, { secret }: MadeToken): string {
  return `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
}

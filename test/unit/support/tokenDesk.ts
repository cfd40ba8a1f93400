import assert from "node:assert/strict";
import { join } from "node:path";
import { RefusedTokens } from "../../../src/credentials/refusedTokens";
import type { StoredToken } from "../../../src/credentials/tokenStore";
import { checkKeptToken } from "../../../src/flows/tokens/checkKeptToken";
import { connectRepository } from "../../../src/flows/connect/connectRepository";
import { describeTokens, tokenId, type TokenDescription } from "../../../src/flows/tokens/describeTokens";
import { forgetToken } from "../../../src/flows/tokens/forgetToken";
import type { GitAccess } from "../../../src/protocol/formMessages";
import type { Bitbucket } from "../../bitbucket/startBitbucket";
import {
  configText,
  connectRequest,
  createRepository,
  createStage,
  openPorts,
  removeStage,
  useHome,
  type ConnectStage,
} from "./connectStage";

const signal = new AbortController().signal;
const bothScopes = ["repository", "repository:write"];
let count = 0;

/** A person's stores with tokens in them, and what can be done with those. */
export class TokenDesk {
  readonly stage: ConnectStage;
  readonly open: ReturnType<typeof openPorts>;
  readonly refused = new RefusedTokens();
  /** Called before everything that touches git, disk, network or secrets. */
  at: (action: string) => void = () => undefined;

  constructor(private readonly bitbucket: Bitbucket) {
    this.stage = createStage({ webUrl: bitbucket.webUrl, apiUrl: bitbucket.apiUrl });
    useHome(this.stage);
    this.open = openPorts(this.stage, {
      at: (action) => {
        this.at(action);
      },
    });
  }

  async close(): Promise<void> {
    await this.open.close();
    removeStage(this.stage);
  }

  addToken(kind: "repository" | "workspace", slug: string, scopes: readonly string[] = bothScopes) {
    const name = `${slug}-${kind}-${++count}`;
    return kind === "workspace"
      ? this.bitbucket.addToken({ kind, workspace: "acme", scopes, name })
      : this.bitbucket.addToken({ kind, repository: `acme/${slug}`, scopes, name });
  }

  newRepository(): string {
    const slug = `ledger-${++count}`;
    this.bitbucket.addRepository(`acme/${slug}`);
    return slug;
  }

  async connected(gitAccess: GitAccess, options: { readonly secret?: string } = {}) {
    const slug = this.newRepository();
    const repository = { workspace: "acme", slug };
    const token = { secret: options.secret ?? this.addToken("repository", slug).secret };
    const local = createRepository(this.stage, slug, 1);
    const before = configText(local);
    const request = connectRequest({ repository, token, gitAccess });
    await connectRepository(this.open.ports, local, request, () => undefined, signal);
    return { slug, repository, local, token, before };
  }

  /** In the store, with no local repository. */
  async kept(slug: string, secret: string, changes: Partial<StoredToken> = {}) {
    const repository = { workspace: "acme", slug };
    const savedAt = "2026-11-20T12:00:00.000Z";
    const token: StoredToken = { secret, kind: "workspace", scopes: bothScopes, savedAt, ...changes };
    await this.open.ports.tokens.save(this.stage.site, repository, token);
    return repository;
  }

  /** A local repository that is connected as far as the record of it goes. */
  async recorded(slug: string, gitAccess: GitAccess = "vscode"): Promise<string> {
    const { root } = createRepository(this.stage, slug, 0);
    const repository = { workspace: "acme", slug, webUrl: this.stage.site.webUrl };
    const record = { commonDir: join(root, ".git"), startedAt: 0, remote: "origin", remoteIsNew: true };
    await this.open.ports.connections.save({ ...repository, ...record, gitAccess, edits: [], text: "" });
    return root;
  }

  describeAll(now = Date.now()): Promise<readonly TokenDescription[]> {
    return describeTokens(this.open.ports, this.refused, now);
  }

  async described(secret: string): Promise<TokenDescription> {
    const found = (await this.describeAll()).find((one) => one.id === tokenId({ secret }));
    assert.ok(found, "the token is not listed");
    return found;
  }

  async check(secret: string) {
    return checkKeptToken(this.open.ports, this.refused, await this.described(secret), signal);
  }

  async forget(secret: string) {
    return forgetToken(this.open.ports, await this.described(secret), signal);
  }
}

import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gitUserName } from "../bitbucket/token";
import type { BitbucketSite, RepositoryName } from "../bitbucket/site";
import type { CredentialRequest, GitCredential, RefusedCredential } from "./credentialProtocol";
import { CredentialServer } from "./credentialServer";
import { canCurlReach } from "./curl";
import { installHelper } from "./helperScript";
import { matchRequest } from "./matchRequest";
import type { StoredToken, TokenStore } from "./tokenStore";

/** The tokens of other repositories, for one that has none of its own. */
export interface OtherTokens {
  find(repository: RepositoryName): Promise<StoredToken | undefined>;
  noteRefusal(repository: RepositoryName, secret: string): Promise<void>;
}

export interface GitSignInOptions {
  /** The extension's global storage. */
  readonly storageDir: string;
  /** The bundled Node helper that goes beside the script. */
  readonly nodeHelper: string;
  readonly tokens: TokenStore;
  readonly others: OtherTokens;
  /** Asked at each request: the setting may change. */
  readonly site: () => BitbucketSite;
  /** Bitbucket refused the token that git was given, and it is still the one we would give. */
  readonly onRefused: (repository: RepositoryName, secret: string) => void;
  /** git asks for a token that the editor has lost. */
  readonly onLost: (repository: RepositoryName) => void;
  readonly onError: (error: unknown) => void;
}

const lookUpTimeoutMs = 800;
const lookUpSteps = 16;

/** git's way to the tokens: the helper script on disk and the server that it asks, both started when first needed. */
export class GitSignIn {
  private started: Promise<{ configValue: string; server: CredentialServer }> | undefined;

  constructor(private readonly options: GitSignInOptions) {}

  /** The value for `credential.<url>.helper`. */
  async prepare(): Promise<string> {
    const started = (this.started ??= this.start());
    try {
      const { configValue, server } = await started;
      await server.refresh();
      return configValue;
    } catch (error) {
      if (this.started === started) this.started = undefined; // a full disk, a home that comes late: tried anew
      throw error;
    }
  }

  async dispose(): Promise<void> {
    const started = await this.started?.catch(() => undefined);
    await started?.server.dispose();
  }

  private async start() {
    const { storageDir, nodeHelper, onError } = this.options;
    const socketsDir = path.join(storageDir, "sockets");
    const server = new CredentialServer({
      socketsDir,
      lookUp: (request) => this.lookUpInTime(request),
      onErase: (refused) => {
        this.noteRefusal(refused).catch(onError);
      },
      onError,
    });
    try {
      await server.start();
      const hasCurl = server.entryName !== undefined && (await canCurlReach(socketsDir, server.entryName));
      const { execPath, platform } = process;
      const { configValue } = await installHelper({ storageDir, nodeHelper, execPath, hasCurl, platform });
      return { configValue, server };
    } catch (error) {
      await server.dispose();
      throw error;
    }
  }

  /** A window that doesn't reach its own secret storage says so at once: another may know, or Git asks as usual. */
  private async lookUpInTime(request: CredentialRequest): Promise<GitCredential | undefined> {
    const found = await Promise.race([this.lookUp(request), lookUpLimit()]);
    if (found !== "late") return found;
    this.options.onError(new Error("the secret storage did not answer in time"));
    return undefined;
  }

  private async lookUp(request: CredentialRequest): Promise<GitCredential | undefined> {
    const { tokens, others, onLost, site: readSite } = this.options;
    const site = readSite();
    const repository = matchRequest(request, site);
    if (!repository) return undefined;
    const token = (await tokens.stored(site, repository)) ?? (await others.find(repository));
    if (!token && (await tokens.isLost(site, repository))) onLost(repository);
    if (!token) return undefined;
    const expiresAt = token.expires === undefined ? undefined : endOfDay(token.expires);
    return { username: gitUserName(token.kind), password: token.secret, ...(expiresAt && { expiresAt }) };
  }

  /** git erases what a server refused; a token that was replaced meanwhile is none of ours any more. */
  private async noteRefusal(refused: RefusedCredential): Promise<void> {
    const { tokens, others, onRefused } = this.options;
    const site = this.options.site();
    const repository = matchRequest(refused, site);
    if (!repository || refused.password === undefined) return;
    const token = await tokens.get(site, repository);
    if (token?.secret === refused.password) onRefused(repository, token.secret);
    else await others.noteRefusal(repository, refused.password);
  }
}

/** In short steps: what keeps this process busy, a hundred gits at once, is not the secret storage's delay. */
async function lookUpLimit(): Promise<"late"> {
  for (let step = 0; step < lookUpSteps; step += 1)
    await delay(lookUpTimeoutMs / lookUpSteps, undefined, { ref: false });
  return "late";
}

/** The page names a day; the token works through it, wherever on earth it began. */
function endOfDay(isoDate: string): Date {
  return new Date(Date.parse(isoDate) + 36 * 60 * 60 * 1000);
}

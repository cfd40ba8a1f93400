import { createHash } from "node:crypto";
import * as v from "valibot";
import { fullName, type BitbucketSite, type RepositoryName } from "../bitbucket/site";
import type { FolderIndex } from "./folderIndex";
import {
  parseReach,
  ofEnvironment,
  rankTokens,
  serializeReach,
  type Candidate,
  type KnownToken,
  type Reach,
} from "./tokenReach";

/** The part of `vscode.SecretStorage` that is needed. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

const storedToken = v.object({
  version: v.literal(1),
  secret: v.pipe(v.string(), v.minLength(1)),
  kind: v.picklist(["repository", "project", "workspace", "api"]),
  /** The Atlassian account's e-mail, for REST with an API token. */
  account: v.optional(v.string()),
  scopes: v.array(v.string()),
  /** ISO date of the last day it works, where the person told us. */
  expires: v.optional(v.string()),
  savedAt: v.string(),
  /** The machines that use it, of those that share this SecretStorage. */
  hosts: v.optional(v.array(v.string()), []),
});
export type StoredToken = Omit<v.InferOutput<typeof storedToken>, "version" | "hosts">;

/** What taking a change back needs. */
const tokenChange = v.object({
  /** The repository's web URL. */
  url: v.string(),
  /** The stored value; absent where there was none. */
  before: v.optional(v.string()),
  wasListed: v.boolean(),
  /** The digest of what was stored then; empty where it was forgotten. */
  after: v.string(),
});
type TokenChange = v.InferOutput<typeof tokenChange>;

/**
 * The tokens in the editor's SecretStorage and nowhere else: one for each connected repository, and those that were added
 * for whatever they reach. Which there are is listed beside it, since SecretStorage can't be.
 */
export class TokenStore {
  constructor(
    private readonly secrets: Secrets,
    private readonly index: FolderIndex,
    /** Serves repositories that have none of their own. */
    readonly fallback: () => Promise<StoredToken | undefined> = () => Promise.resolve(undefined),
    /** This machine's id; undefined where it may be gone tomorrow, as a container may, and so holds nothing. */
    private readonly host: () => Promise<string | undefined> = () => Promise.resolve(undefined),
  ) {}

  /** A stored value that can't be read counts as absent. */
  async get(site: BitbucketSite, repository: RepositoryName): Promise<StoredToken | undefined> {
    return (await this.stored(site, repository)) ?? (await this.fallback());
  }

  /** The repository's own, without the fallback. */
  async stored(site: BitbucketSite, repository: RepositoryName): Promise<StoredToken | undefined> {
    return this.read(repositoryUrl(site, repository));
  }

  /** It was stored, and is not there now: secrets don't outlive a restart here, or another machine has forgotten it. */
  async isLost(site: BitbucketSite, repository: RepositoryName): Promise<boolean> {
    const isListed = await this.index.has(repositoryUrl(site, repository));
    return isListed && (await this.stored(site, repository)) === undefined;
  }

  async save(site: BitbucketSite, repository: RepositoryName, token: StoredToken): Promise<void> {
    await this.saveUndoably(site, repository, token);
  }

  /** Returns what takes it back, unless it has been changed since. */
  async saveUndoably(
    site: BitbucketSite,
    repository: RepositoryName,
    token: StoredToken,
  ): Promise<() => Promise<void>> {
    const { change, value } = await this.planChange(repositoryUrl(site, repository), token);
    await this.carryOut(change, value);
    return () => this.takeBack(change);
  }

  /**
   * Saves or, without a token, forgets; and first writes down in SecretStorage what taking it back needs, under an id
   * that nobody else knows: a killed editor's change is taken back by whoever finds the id.
   */
  async changeDurably(
    id: string,
    site: BitbucketSite,
    repository: RepositoryName,
    token: StoredToken | undefined,
  ): Promise<void> {
    const { change, value } = await this.planChange(repositoryUrl(site, repository), token);
    await this.secrets.store(changeKey(id), JSON.stringify(change));
    await this.carryOut(change, value);
  }

  /** What `changeDurably` did, where it stands as it was left: undefined where another change has come since. */
  async findChange(
    id: string,
    site: BitbucketSite,
    repository: RepositoryName,
  ): Promise<{ readonly previous: StoredToken | undefined; takeBack(): Promise<void> } | undefined> {
    const change = parseChange(await this.secrets.get(changeKey(id)));
    if (change?.url !== repositoryUrl(site, repository) || !(await this.isAsLeft(change))) return undefined;
    const previous = parseStored(change.before)?.token;
    return { previous, takeBack: () => this.takeBack(change) };
  }

  /** A change that takes no token: its id is known all the same. */
  async noteChange(id: string): Promise<void> {
    await this.secrets.store(changeKey(id), "{}");
  }

  /** Whether a change of this id was begun here, and not yet ended. */
  async knowsChange(id: string): Promise<boolean> {
    return (await this.secrets.get(changeKey(id))) !== undefined;
  }

  async dropChange(id: string): Promise<void> {
    await this.secrets.delete(changeKey(id));
  }

  /** On every machine that shares this SecretStorage. */
  async forget(site: BitbucketSite, repository: RepositoryName): Promise<void> {
    await this.remove(repositoryUrl(site, repository));
  }

  /** This machine needs it no more; it is forgotten where no other one does. */
  async release(site: BitbucketSite, repository: RepositoryName): Promise<void> {
    const url = repositoryUrl(site, repository);
    const host = await this.host();
    const stored = parseStored(await this.secrets.get(tokenKey(url)));
    const others = otherHosts(stored, host);
    if (!stored || others.length === 0) return this.remove(url);
    await this.secrets.store(tokenKey(url), serialize(stored.token, others));
    await this.index.remove(url);
  }

  /**
   * Where tokens are stored: repositories as their web URLs, an added token by its Bitbucket's URL and a `#`; those of a
   * Bitbucket that the settings named before too.
   */
  list(): Promise<readonly string[]> {
    return this.index.list();
  }

  /** Those of one Bitbucket, as the store keeps their names. The editor may have lost the token of one. */
  async repositories(site: BitbucketSite): Promise<readonly RepositoryName[]> {
    return (await this.index.list()).flatMap((url) => toName(url, site) ?? []);
  }

  /** Stores a token that need not be any connected repository's. */
  async add(site: BitbucketSite, token: StoredToken): Promise<void> {
    const { change, value } = await this.planChange(addedUrl(site, token.secret), token);
    await this.carryOut(change, value);
  }

  /** The one that was added, whatever repositories have the same; undefined where none was. */
  async added(site: BitbucketSite, secret: string): Promise<StoredToken | undefined> {
    return this.read(addedUrl(site, secret));
  }

  async removeAdded(site: BitbucketSite, secret: string): Promise<void> {
    await this.remove(addedUrl(site, secret));
  }

  /** The stored tokens of one Bitbucket: a secret that is stored for several repositories counts once. */
  async all(site: BitbucketSite): Promise<readonly KnownToken[]> {
    const urls = (await this.index.list()).filter(
      (url) => toName(url, site) !== undefined || isAdded(url, site),
    );
    const tokens = await Promise.all(urls.map((url) => this.read(url)));
    const places = urls.flatMap((url, index) => {
      const token = tokens[index];
      return token ? [{ token, repository: toName(url, site) }] : [];
    });
    const bySecret = new Map(places.map(({ token }) => [token.secret, token]));
    return Promise.all(
      [...bySecret.values()].map(async (token) => {
        const mine = places.filter((one) => one.token.secret === token.secret);
        const reach = parseReach(await this.secrets.get(reachKey(token.secret)));
        const repositories = mine.flatMap(({ repository }) => repository ?? []);
        const isOfNone = mine.some(({ repository }) => repository === undefined);
        return { token, source: "stored", repositories, isAdded: isOfNone, reach } as const;
      }),
    );
  }

  /**
   * Which tokens may serve a repository, for Git and for REST: the likeliest first, the environment's last, and none that
   * Bitbucket has refused for it.
   */
  async candidates(site: BitbucketSite, repository: RepositoryName): Promise<readonly Candidate[]> {
    const [stored, token] = await Promise.all([this.all(site), this.fallback()]);
    const ranked = rankTokens(stored, repository);
    if (!token) return ranked;
    return [...ranked, { ...ofEnvironment(token), isSure: false }];
  }

  /** Writes down what an answer of Bitbucket told of a stored token. Of two windows at once, one may not be heard. */
  async learn(secret: string, change: (reach: Reach) => Reach): Promise<void> {
    const key = reachKey(secret);
    const before = await this.secrets.get(key);
    const after = serializeReach(change(parseReach(before)));
    if (after !== before) await this.secrets.store(key, after);
  }

  private async read(url: string): Promise<StoredToken | undefined> {
    return parseStored(await this.secrets.get(tokenKey(url)))?.token;
  }

  private async planChange(
    url: string,
    token: StoredToken | undefined,
  ): Promise<{ readonly change: TokenChange; readonly value: string | undefined }> {
    const [before, wasListed, host] = await Promise.all([
      this.secrets.get(tokenKey(url)),
      this.index.has(url),
      this.host(),
    ]);
    const others = otherHosts(parseStored(before), host);
    const value = token && serialize(token, host === undefined ? others : [...others, host]);
    return { change: { url, before, wasListed, after: digest(value) }, value };
  }

  private async carryOut({ url, wasListed }: TokenChange, value: string | undefined): Promise<void> {
    if (value === undefined) return this.remove(url);
    await this.index.add(url);
    try {
      await this.secrets.store(tokenKey(url), value);
    } catch (error) {
      if (!wasListed) await this.index.remove(url); // no token, no entry
      throw error;
    }
  }

  private async takeBack(change: TokenChange): Promise<void> {
    const { url, before, wasListed } = change;
    if (!(await this.isAsLeft(change))) return;
    if (before === undefined) return this.remove(url);
    await this.secrets.store(tokenKey(url), before);
    await (wasListed ? this.index.add(url) : this.index.remove(url));
  }

  private async isAsLeft({ url, after }: TokenChange): Promise<boolean> {
    return digest(await this.secrets.get(tokenKey(url))) === after;
  }

  private async remove(url: string): Promise<void> {
    const token = await this.read(url);
    await this.secrets.delete(tokenKey(url));
    await this.index.remove(url);
    if (token) await this.forgetReach(token.secret);
  }

  /** Once nothing has the secret any more. */
  private async forgetReach(secret: string): Promise<void> {
    if ((await this.secrets.get(reachKey(secret))) === undefined) return;
    const others = await Promise.all((await this.index.list()).map((url) => this.read(url)));
    if (!others.some((other) => other?.secret === secret)) await this.secrets.delete(reachKey(secret));
  }
}

/** Bitbucket's names don't differ by case, so neither do the keys. */
function repositoryUrl(site: BitbucketSite, repository: RepositoryName): string {
  return `${site.webUrl}/${fullName(repository)}`.toLowerCase();
}

function toName(url: string, site: BitbucketSite): RepositoryName | undefined {
  const prefix = `${site.webUrl}/`.toLowerCase();
  const [workspace, slug, ...others] = url.startsWith(prefix) ? url.slice(prefix.length).split("/") : [];
  return workspace && slug && others.length === 0 ? { workspace, slug } : undefined;
}

/** No repository's URL has a `#`. */
function addedUrl(site: BitbucketSite, secret: string): string {
  return `${site.webUrl.toLowerCase()}#${digest(secret).slice(0, 32)}`;
}

function isAdded(url: string, site: BitbucketSite): boolean {
  return url.startsWith(`${site.webUrl.toLowerCase()}#`);
}

/** What is known of a secret, wherever it is stored. */
function reachKey(secret: string): string {
  return `token-reach:${digest(secret)}`;
}

function tokenKey(url: string): string {
  return `token:${url}`;
}

function changeKey(id: string): string {
  return `token-change:${id}`;
}

/** Of a token's whole value: the moment when it was saved is part of it. */
function digest(value: string | undefined): string {
  return value === undefined ? "" : createHash("sha256").update(value).digest("hex");
}

function parseChange(value: string | undefined): TokenChange | undefined {
  if (value === undefined) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), tokenChange), value);
  return parsed.success ? parsed.output : undefined;
}

function serialize(token: StoredToken, hosts: readonly string[]): string {
  return JSON.stringify({ version: 1, ...token, ...(hosts.length > 0 && { hosts }) });
}

interface Stored {
  readonly token: StoredToken;
  readonly hosts: readonly string[];
}

function otherHosts(stored: Stored | undefined, host: string | undefined): readonly string[] {
  return stored?.hosts.filter((one) => one !== host) ?? [];
}

function parseStored(value: string | undefined): Stored | undefined {
  if (value === undefined) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), storedToken), value);
  if (!parsed.success) return undefined;
  const { secret, kind, account, scopes, expires, savedAt, hosts } = parsed.output;
  const given = { ...(account !== undefined && { account }), ...(expires !== undefined && { expires }) };
  return { token: { secret, kind, scopes, savedAt, ...given }, hosts };
}

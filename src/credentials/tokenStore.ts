import * as v from "valibot";
import { fullName, type BitbucketSite, type RepositoryName } from "../bitbucket/site";
import type { FolderIndex } from "./folderIndex";

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

/** A token with the repositories that it is stored for: at least one. */
export interface SharedToken {
  readonly token: StoredToken;
  readonly repositories: readonly RepositoryName[];
}

/**
 * The tokens, one for each repository, in the editor's SecretStorage and nowhere else. Which repositories have one is
 * kept beside it, since SecretStorage can't be listed.
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
    return parseStored(await this.secrets.get(tokenKey(site, repository)))?.token;
  }

  /** It was stored, and is not there now: secrets don't outlive a restart here, or another machine has forgotten it. */
  async isLost(site: BitbucketSite, repository: RepositoryName): Promise<boolean> {
    const isListed = (await this.index.list()).includes(repositoryUrl(site, repository));
    return isListed && (await this.stored(site, repository)) === undefined;
  }

  async save(site: BitbucketSite, repository: RepositoryName, token: StoredToken): Promise<void> {
    const key = tokenKey(site, repository);
    const host = await this.host();
    const others = (await this.hostsOf(key)).filter((one) => one !== host);
    await this.index.add(repositoryUrl(site, repository));
    await this.secrets.store(key, serialize(token, host === undefined ? others : [...others, host]));
  }

  /** On every machine that shares this SecretStorage. */
  async forget(site: BitbucketSite, repository: RepositoryName): Promise<void> {
    await this.secrets.delete(tokenKey(site, repository));
    await this.index.remove(repositoryUrl(site, repository));
  }

  /** This machine needs it no more; it is forgotten where no other one does. */
  async release(site: BitbucketSite, repository: RepositoryName): Promise<void> {
    const key = tokenKey(site, repository);
    const host = await this.host();
    const stored = parseStored(await this.secrets.get(key));
    const others = stored?.hosts.filter((one) => one !== host) ?? [];
    if (!stored || others.length === 0) return this.forget(site, repository);
    await this.secrets.store(key, serialize(stored.token, others));
    await this.index.remove(repositoryUrl(site, repository));
  }

  /** Returns what puts back what is stored now. */
  async remember(site: BitbucketSite, repository: RepositoryName): Promise<() => Promise<void>> {
    const [key, url] = [tokenKey(site, repository), repositoryUrl(site, repository)];
    const [value, names] = await Promise.all([this.secrets.get(key), this.index.list()]);
    return async () => {
      if (value === undefined) return this.forget(site, repository);
      await this.secrets.store(key, value);
      await (names.includes(url) ? this.index.add(url) : this.index.remove(url));
    };
  }

  /** Keeps the token that is there beside the one about to replace it, until `dropPrevious`. */
  async keepPrevious(site: BitbucketSite, repository: RepositoryName): Promise<void> {
    const current = await this.secrets.get(tokenKey(site, repository));
    if (current === undefined) await this.secrets.delete(previousKey(site, repository));
    else await this.secrets.store(previousKey(site, repository), current);
  }

  async previous(site: BitbucketSite, repository: RepositoryName): Promise<StoredToken | undefined> {
    return parseStored(await this.secrets.get(previousKey(site, repository)))?.token;
  }

  /** Back to what `keepPrevious` found, which stays kept. */
  async restorePrevious(site: BitbucketSite, repository: RepositoryName): Promise<void> {
    const value = await this.secrets.get(previousKey(site, repository));
    const previous = parseStored(value);
    if (value === undefined || !previous) return this.forget(site, repository);
    const host = await this.host();
    const isOurs = host === undefined || previous.hosts.includes(host);
    const url = repositoryUrl(site, repository);
    await this.secrets.store(tokenKey(site, repository), value);
    await (isOurs ? this.index.add(url) : this.index.remove(url));
  }

  async dropPrevious(site: BitbucketSite, repository: RepositoryName): Promise<void> {
    await this.secrets.delete(previousKey(site, repository));
  }

  /** The repositories that have a token, as their web URLs; those of a Bitbucket that the settings named before too. */
  list(): Promise<readonly string[]> {
    return this.index.list();
  }

  /** Those of one Bitbucket, as the store keeps their names. The editor may have lost the token of one. */
  async repositories(site: BitbucketSite): Promise<readonly RepositoryName[]> {
    return (await this.index.list()).flatMap((url) => toName(url, site) ?? []);
  }

  /** The stored tokens of one Bitbucket: a secret that is stored for several repositories counts once. */
  async shared(site: BitbucketSite): Promise<readonly SharedToken[]> {
    const names = await this.repositories(site);
    const tokens = await Promise.all(names.map((name) => this.stored(site, name)));
    const bySecret = new Map<string, { token: StoredToken; repositories: RepositoryName[] }>();
    for (const [index, repository] of names.entries()) {
      const token = tokens[index];
      if (!token) continue;
      const known = bySecret.get(token.secret);
      if (known) known.repositories.push(repository);
      else bySecret.set(token.secret, { token, repositories: [repository] });
    }
    return [...bySecret.values()];
  }

  private async hostsOf(key: string): Promise<readonly string[]> {
    return parseStored(await this.secrets.get(key))?.hosts ?? [];
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

function tokenKey(site: BitbucketSite, repository: RepositoryName): string {
  return `token:${repositoryUrl(site, repository)}`;
}

function previousKey(site: BitbucketSite, repository: RepositoryName): string {
  return `previous-token:${repositoryUrl(site, repository)}`;
}

function serialize(token: StoredToken, hosts: readonly string[]): string {
  return JSON.stringify({ version: 1, ...token, ...(hosts.length > 0 && { hosts }) });
}

function parseStored(
  value: string | undefined,
): { readonly token: StoredToken; readonly hosts: readonly string[] } | undefined {
  if (value === undefined) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), storedToken), value);
  if (!parsed.success) return undefined;
  const { secret, kind, account, scopes, expires, savedAt, hosts } = parsed.output;
  const given = { ...(account !== undefined && { account }), ...(expires !== undefined && { expires }) };
  return { token: { secret, kind, scopes, savedAt, ...given }, hosts };
}

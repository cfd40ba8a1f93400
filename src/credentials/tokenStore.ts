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
});
export type StoredToken = Omit<v.InferOutput<typeof storedToken>, "version">;

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
  ) {}

  /** A stored value that can't be read counts as absent. */
  async get(site: BitbucketSite, repository: RepositoryName): Promise<StoredToken | undefined> {
    return (await this.stored(site, repository)) ?? (await this.fallback());
  }

  /** The repository's own, without the fallback. */
  async stored(site: BitbucketSite, repository: RepositoryName): Promise<StoredToken | undefined> {
    return parseStored(await this.secrets.get(tokenKey(site, repository)));
  }

  /** It was stored, and the editor has lost it: secrets don't outlive a restart here. */
  async isLost(site: BitbucketSite, repository: RepositoryName): Promise<boolean> {
    const isListed = (await this.index.list()).includes(repositoryUrl(site, repository));
    return isListed && (await this.stored(site, repository)) === undefined;
  }

  async save(site: BitbucketSite, repository: RepositoryName, token: StoredToken): Promise<void> {
    await this.index.add(repositoryUrl(site, repository));
    await this.secrets.store(tokenKey(site, repository), JSON.stringify({ version: 1, ...token }));
  }

  async forget(site: BitbucketSite, repository: RepositoryName): Promise<void> {
    await this.secrets.delete(tokenKey(site, repository));
    await this.index.remove(repositoryUrl(site, repository));
  }

  /** Keeps the token that is there beside the one about to replace it, until `dropPrevious`. */
  async keepPrevious(site: BitbucketSite, repository: RepositoryName): Promise<void> {
    const current = await this.secrets.get(tokenKey(site, repository));
    if (current === undefined) await this.secrets.delete(previousKey(site, repository));
    else await this.secrets.store(previousKey(site, repository), current);
  }

  async previous(site: BitbucketSite, repository: RepositoryName): Promise<StoredToken | undefined> {
    return parseStored(await this.secrets.get(previousKey(site, repository)));
  }

  /** Back to what `keepPrevious` found, which stays kept. */
  async restorePrevious(site: BitbucketSite, repository: RepositoryName): Promise<void> {
    const previous = await this.previous(site, repository);
    if (previous) await this.save(site, repository, previous);
    else await this.forget(site, repository);
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

function parseStored(value: string | undefined): StoredToken | undefined {
  if (value === undefined) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), storedToken), value);
  if (!parsed.success) return undefined;
  const { secret, kind, account, scopes, expires, savedAt } = parsed.output;
  return {
    secret,
    kind,
    scopes,
    savedAt,
    ...(account !== undefined && { account }),
    ...(expires !== undefined && { expires }),
  };
}

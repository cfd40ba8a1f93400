import type { PresentedToken } from "../../bitbucket/client";
import { RepositoryListClient } from "../../bitbucket/repositoryListClient";
import type { BitbucketSite, RepositoryName } from "../../bitbucket/site";
import type { TokenKind } from "../../bitbucket/token";
import type { StoredToken } from "../../credentials/tokenStore";
import type { Ports } from "../ports";

/** One stored secret and the repositories that it is stored for. */
export interface TokenReach {
  readonly stored: StoredToken;
  readonly kind: TokenKind;
  readonly repositories: readonly RepositoryName[];
  readonly lists: RepositoryListClient;
}

/** The tokens of the configured Bitbucket. A secret that is stored for several repositories counts once. */
export async function readReaches(ports: Ports): Promise<readonly TokenReach[]> {
  const names = (await ports.tokens.list()).flatMap((url) => toName(url, ports.site) ?? []);
  const tokens = await Promise.all(names.map((name) => ports.tokens.stored(ports.site, name)));
  const bySecret = new Map<string, { stored: StoredToken; repositories: RepositoryName[] }>();
  for (const [index, stored] of tokens.entries()) {
    const name = names[index];
    if (!stored || !name) continue;
    const known = bySecret.get(stored.secret);
    if (known) known.repositories.push(name);
    else bySecret.set(stored.secret, { stored, repositories: [name] });
  }
  return [...bySecret.values()].flatMap(({ stored, repositories }) => {
    const [storedFor] = repositories;
    if (!storedFor) return [];
    const { site, send } = ports;
    const lists = new RepositoryListClient({ site, send, token: toPresented(stored), storedFor });
    return { stored, kind: stored.kind, repositories, lists };
  });
}

export function toPresented({ secret, kind, account }: StoredToken): PresentedToken {
  return { secret, kind, ...(account !== undefined && { account }) };
}

/** From `https://bitbucket.org/acme/payments`, the name that the store keeps. */
function toName(url: string, site: BitbucketSite): RepositoryName | undefined {
  const prefix = `${site.webUrl}/`.toLowerCase();
  const [workspace, slug, ...others] = url.startsWith(prefix) ? url.slice(prefix.length).split("/") : [];
  return workspace && slug && others.length === 0 ? { workspace, slug } : undefined;
}

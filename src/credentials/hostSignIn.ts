import type { BitbucketSite, RepositoryName } from "../bitbucket/site";
import { gitUserName } from "../bitbucket/token";
import type { StoredToken, TokenStore } from "./tokenStore";

/** A token that may be meant. */
export interface HostCandidate {
  readonly token: StoredToken;
  /** Those that it is stored for; none for the token of the environment. */
  readonly repositories: readonly RepositoryName[];
}

/**
 * For the built-in Clone, and repositories that are not connected: no config names our helper, and git's question tells the
 * host alone. Only the one token that reaches more than a repository answers it; of others the person chooses, or none.
 */
export async function findHostCredential(
  tokens: TokenStore,
  site: BitbucketSite,
  host: string,
  choose: (candidates: readonly HostCandidate[]) => Promise<HostCandidate | undefined>,
): Promise<{ username: string; password: string } | undefined> {
  if (!URL.canParse(host) || new URL(host).origin !== new URL(site.webUrl).origin) return undefined;
  const [stored, fallback] = await Promise.all([tokens.shared(site), tokens.fallback()]);
  const token = silent(stored, fallback) ?? (await ask(stored, fallback, choose))?.token;
  return token && { username: gitUserName(token.kind), password: token.secret };
}

function silent(
  [first, ...others]: readonly HostCandidate[],
  fallback: StoredToken | undefined,
): StoredToken | undefined {
  if (!first) return fallback;
  return others.length === 0 && first.token.kind !== "repository" ? first.token : undefined;
}

async function ask(
  stored: readonly HostCandidate[],
  fallback: StoredToken | undefined,
  choose: (candidates: readonly HostCandidate[]) => Promise<HostCandidate | undefined>,
): Promise<HostCandidate | undefined> {
  if (stored.length === 0) return undefined;
  return choose(fallback ? [...stored, { token: fallback, repositories: [] }] : stored);
}

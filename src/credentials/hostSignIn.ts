import type { BitbucketSite, RepositoryName } from "../bitbucket/site";
import { gitUserName } from "../bitbucket/token";
import type { StoredToken, TokenStore } from "./tokenStore";

/** A token that may be meant. */
export interface HostCandidate {
  readonly token: StoredToken;
  /** Those that it is stored for; none for the token of the environment. */
  readonly repositories: readonly RepositoryName[];
}

/** What the answer depends on, besides the tokens. */
export interface HostQuestion {
  /** git's URL: scheme, host and port. */
  readonly host: string;
  /** Whether git hands what the host accepts to a credential helper of the person's own. */
  readonly isKeptElsewhere: () => Promise<boolean>;
  readonly choose: (
    candidates: readonly HostCandidate[],
    isKeptElsewhere: boolean,
  ) => Promise<HostCandidate | undefined>;
}

/**
 * For the built-in Clone, and repositories that are not connected: no config names our helper, and git's question tells
 * the host alone. Only the one token that reaches more than a repository answers it unasked, and only where git keeps it
 * nowhere afterwards; else the person chooses one, or none.
 */
export async function findHostCredential(
  tokens: TokenStore,
  site: BitbucketSite,
  { host, isKeptElsewhere, choose }: HostQuestion,
): Promise<{ username: string; password: string } | undefined> {
  if (!URL.canParse(host) || new URL(host).origin !== new URL(site.webUrl).origin) return undefined;
  const candidates = await findCandidates(tokens, site);
  const [first, second] = candidates;
  if (!first) return undefined;
  const isKept = await isKeptElsewhere();
  const token = (!isKept && isClear(first, second) ? first : await choose(candidates, isKept))?.token;
  return token && { username: gitUserName(token.kind), password: token.secret };
}

/** Those that are kept, before the environment's. */
async function findCandidates(tokens: TokenStore, site: BitbucketSite): Promise<readonly HostCandidate[]> {
  const [stored, fallback] = await Promise.all([tokens.shared(site), tokens.fallback()]);
  return fallback ? [...stored, { token: fallback, repositories: [] }] : stored;
}

function isClear(first: HostCandidate, second: HostCandidate | undefined): boolean {
  const isOnlyOne = second === undefined || second.repositories.length === 0;
  return first.repositories.length === 0 || (isOnlyOne && first.token.kind !== "repository");
}

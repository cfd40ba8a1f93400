import type { BitbucketSite } from "../bitbucket/site";
import { gitUserName } from "../bitbucket/token";
import { ofEnvironment, type KnownToken } from "./tokenReach";
import type { TokenStore } from "./tokenStore";

/** What the answer depends on, besides the tokens. */
export interface HostQuestion {
  /** git's URL: scheme, host and port. */
  readonly host: string;
  /** Whether git hands what the host accepts to a credential helper of the person's own. */
  readonly isKeptElsewhere: () => Promise<boolean>;
  readonly choose: (
    candidates: readonly KnownToken[],
    isKeptElsewhere: boolean,
  ) => Promise<KnownToken | undefined>;
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

/** Those that are stored, before the environment's. */
async function findCandidates(tokens: TokenStore, site: BitbucketSite): Promise<readonly KnownToken[]> {
  const [stored, token] = await Promise.all([tokens.all(site), tokens.fallback()]);
  return token ? [...stored, ofEnvironment(token)] : stored;
}

function isClear(first: KnownToken, second: KnownToken | undefined): boolean {
  const isOnlyStored = second === undefined || second.source === "environment";
  return first.source === "environment" || (isOnlyStored && first.token.kind !== "repository");
}

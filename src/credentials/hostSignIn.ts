import { parseAddress } from "../bitbucket/address";
import { fullName, type BitbucketSite } from "../bitbucket/site";
import { gitUserName } from "../bitbucket/token";
import type { StoredToken, TokenStore } from "./tokenStore";

/** A token with the repositories that it is kept for. */
export interface TokenChoice {
  readonly repositories: readonly string[];
  readonly token: StoredToken;
}

/**
 * For the built-in Clone: there is no repository yet whose config could name our helper, and git's question tells the
 * host alone. One token answers it; of several, the person chooses.
 */
export async function findHostCredential(
  tokens: TokenStore,
  site: BitbucketSite,
  host: string,
  choose: (choices: readonly TokenChoice[]) => Promise<TokenChoice | undefined>,
): Promise<{ username: string; password: string } | undefined> {
  if (!URL.canParse(host) || new URL(host).origin !== new URL(site.webUrl).origin) return undefined;
  const choices = await listTokens(tokens, site);
  const chosen = choices.length > 1 ? await choose(choices) : choices[0];
  return chosen && { username: gitUserName(chosen.token.kind), password: chosen.token.secret };
}

/** The kept tokens, one entry for each secret. */
export async function listTokens(tokens: TokenStore, site: BitbucketSite): Promise<readonly TokenChoice[]> {
  const bySecret = new Map<string, { repositories: string[]; token: StoredToken }>();
  for (const url of await tokens.list()) {
    if (!url.startsWith(`${site.webUrl.toLowerCase()}/`)) continue;
    const { repository } = parseAddress(url, site);
    const token = await tokens.stored(site, repository);
    if (!token) continue;
    const choice = bySecret.get(token.secret) ?? { repositories: [], token };
    choice.repositories.push(fullName(repository));
    bySecret.set(token.secret, choice);
  }
  const fallback = await tokens.fallback();
  if (bySecret.size === 0 && fallback) return [{ repositories: [], token: fallback }];
  return [...bySecret.values()];
}

import type { BitbucketSite } from "../bitbucket/site";
import { gitUserName } from "../bitbucket/token";
import type { SharedToken, TokenStore } from "./tokenStore";

/**
 * For the built-in Clone: there is no repository yet whose config could name our helper, and git's question tells the
 * host alone. One token answers it; of several, the person chooses.
 */
export async function findHostCredential(
  tokens: TokenStore,
  site: BitbucketSite,
  host: string,
  choose: (choices: readonly SharedToken[]) => Promise<SharedToken | undefined>,
): Promise<{ username: string; password: string } | undefined> {
  if (!URL.canParse(host) || new URL(host).origin !== new URL(site.webUrl).origin) return undefined;
  const stored = await tokens.shared(site);
  const token =
    stored.length > 1 ? (await choose(stored))?.token : (stored[0]?.token ?? (await tokens.fallback()));
  return token && { username: gitUserName(token.kind), password: token.secret };
}

import type { PresentedToken } from "../../bitbucket/client";
import { RepositoryListClient } from "../../bitbucket/repositoryListClient";
import type { RepositoryName } from "../../bitbucket/site";
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
  return (await ports.tokens.shared(ports.site)).flatMap(({ token: stored, repositories }) => {
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

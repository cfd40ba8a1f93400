import type { PresentedToken } from "../../bitbucket/client";
import { RepositoryListClient } from "../../bitbucket/repositoryListClient";
import { toRepositoryName } from "../../bitbucket/answers";
import { uniqueRepositories, type RepositoryName } from "../../bitbucket/site";
import type { TokenKind } from "../../bitbucket/token";
import { withWorkspaces, type KnownToken } from "../../credentials/tokenReach";
import type { StoredToken } from "../../credentials/tokenStore";
import type { Ports } from "../ports";

/** One stored secret, and where to look for what it reaches. */
export interface TokenReach {
  readonly stored: StoredToken;
  readonly kind: TokenKind;
  /** Those that it is stored for, and for a repository's token the one that it has read. */
  readonly repositories: readonly RepositoryName[];
  readonly workspaces: readonly string[];
  /** It has access nowhere else. */
  readonly isBounded: boolean;
  /** What Bitbucket has refused it for, as `workspace/slug`. */
  readonly refused: readonly string[];
  readonly lists: RepositoryListClient;
  /** The workspaces of the person whose API token this is, as Bitbucket has them now. */
  readonly listWorkspaces: (signal: AbortSignal) => Promise<readonly string[]>;
}

/** The tokens of the configured Bitbucket. A secret that is stored for several repositories counts once. */
export async function readReaches(ports: Ports): Promise<readonly TokenReach[]> {
  return (await ports.tokens.all(ports.site)).map((known) => toTokenReach(ports, known));
}

function toTokenReach(
  { site, send, tokens }: Ports,
  { token: stored, repositories, reach }: KnownToken,
): TokenReach {
  const read = reach.repositories.map(toRepositoryName);
  const [storedFor = { workspace: reach.workspaces[0] ?? new URL(site.webUrl).host, slug: "*" }] = [
    ...repositories,
    ...read,
  ];
  const lists = new RepositoryListClient({ site, send, token: toPresented(stored), storedFor });
  const bySlug = new Map(
    [...repositories.map(({ workspace }) => workspace), ...reach.workspaces].map((slug) => [
      slug.toLowerCase(),
      slug,
    ]),
  );
  return {
    stored,
    kind: stored.kind,
    repositories:
      stored.kind === "repository" ? uniqueRepositories([...repositories, ...read]) : repositories,
    workspaces: [...bySlug.values()],
    isBounded: stored.kind === "api" ? reach.areAllWorkspaces : bySlug.size > 0,
    refused: reach.refused,
    lists,
    listWorkspaces: async (signal) => {
      const slugs = await lists.workspaces(signal);
      await tokens.learn(stored.secret, (known) => withWorkspaces(known, slugs, true));
      return slugs;
    },
  };
}

export function toPresented({ secret, kind, account }: StoredToken): PresentedToken {
  return { secret, kind, ...(account !== undefined && { account }) };
}

import { fullName } from "../../bitbucket/site";
import type { StoredToken } from "../../credentials/tokenStore";
import { findKeptToken, type KeptToken } from "../../protocol/keptTokens";
import { readReaches } from "../clone/listRepositoriesReach";
import type { Ports } from "../ports";

interface StoredKeptToken extends KeptToken {
  readonly stored: StoredToken;
}

/** The tokens that are kept here, as the form offers them. */
export async function listKeptTokens(ports: Ports): Promise<readonly KeptToken[]> {
  return (await readKept(ports)).map(({ kind, repositories }) => ({ kind, repositories }));
}

/** The token that the form has offered for a repository, `workspace/slug`. */
export async function keptTokenFor(ports: Ports, repository: string): Promise<StoredToken | undefined> {
  return findKeptToken(await readKept(ports), repository)?.token.stored;
}

async function readKept(ports: Ports): Promise<readonly StoredKeptToken[]> {
  const [reaches, fallback] = await Promise.all([readReaches(ports), ports.tokens.fallback()]);
  return [
    ...reaches.map(({ stored, kind, repositories }) => ({
      stored,
      kind,
      repositories: repositories.map(fullName),
    })),
    ...(fallback ? [{ stored: fallback, kind: fallback.kind, repositories: [] }] : []),
  ];
}

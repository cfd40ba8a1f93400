import { RepositoryListClient } from "../../bitbucket/repositoryListClient";
import { missingScopes } from "../../bitbucket/scopes";
import type { RepositoryName } from "../../bitbucket/site";
import type { StoredToken } from "../../credentials/tokenStore";
import { UserError } from "../../errors";
import { readReaches, toPresented } from "../clone/listRepositoriesReach";
import type { Ports } from "../ports";
import { isNoAccess } from "../tokens/findServingToken";

/** A token that is kept here, and what its scopes allow. Scopes that aren't known allow what Bitbucket then says. */
export interface PublishToken {
  readonly stored: StoredToken;
  readonly lists: RepositoryListClient;
  readonly mayCreate: boolean;
  readonly mayPush: boolean;
}

/** What is under a name on Bitbucket, as far as these tokens see. `empty` is what an earlier try may have left. */
export type Place =
  | { readonly kind: "free" }
  | { readonly kind: "empty" | "taken"; readonly repository: RepositoryName; readonly seenBy: PublishToken };

/** The tokens that could make or see this repository, those that may both make it and push to it first. */
export async function findPublishTokens(
  { tokens, site, send }: Ports,
  wanted: RepositoryName,
): Promise<readonly PublishToken[]> {
  const found = (await tokens.candidates(site, wanted)).map(({ token: stored, source }) => {
    const lists = new RepositoryListClient({ site, send, token: toPresented(stored), storedFor: wanted });
    // The environment's may be of any kind.
    return toPublishToken(stored, lists, source === "environment" || stored.kind !== "repository");
  });
  const rank = ({ mayCreate, mayPush }: PublishToken) => Number(mayCreate) * 2 + Number(mayPush);
  return found.sort((a, b) => rank(b) - rank(a));
}

/** Whether any stored token may create a repository somewhere, as far as its scopes tell. */
export async function mayCreateSomewhere({ tokens, site }: Ports): Promise<boolean> {
  const [stored, fallback] = await Promise.all([tokens.all(site), tokens.fallback()]);
  const wide = stored.map(({ token }) => token).filter(({ kind }) => kind !== "repository");
  return [...wide, ...(fallback ? [fallback] : [])].some((token) => allows(token, "repository:admin"));
}

/** The first token that sees it tells; where none does it may still be there. */
export async function lookAtPlace(
  tokens: readonly PublishToken[],
  wanted: RepositoryName,
  signal: AbortSignal,
): Promise<Place> {
  for (const seenBy of tokens) {
    try {
      const { workspace, slug, mainBranch } = await seenBy.lists.repository(wanted, signal);
      return { kind: mainBranch === undefined ? "empty" : "taken", repository: { workspace, slug }, seenBy };
    } catch (error) {
      if (!(error instanceof UserError && isNoAccess(error))) throw error;
    }
  }
  return { kind: "free" };
}

/** Where something can be published: what the tokens that may create reach. What can't be listed is left out. */
export async function listPublishWorkspaces(ports: Ports, signal: AbortSignal): Promise<readonly string[]> {
  const reaches = await readReaches(ports);
  const lists = await Promise.all(
    reaches.map(async ({ stored, listWorkspaces, workspaces: known }) => {
      if (stored.kind !== "api") return known;
      const listed = await listWorkspaces(signal).catch((error: unknown) => {
        if (error instanceof UserError) return [];
        throw error;
      });
      return [...listed, ...known];
    }),
  );
  const bySlug = new Map(lists.flat().map((workspace) => [workspace.toLowerCase(), workspace]));
  return [...bySlug.values()].sort();
}

function toPublishToken(stored: StoredToken, lists: RepositoryListClient, canCreate: boolean): PublishToken {
  return {
    stored,
    lists,
    mayCreate: canCreate && allows(stored, "repository:admin"),
    mayPush: allows(stored, "repository:write"),
  };
}

function allows({ scopes, kind }: StoredToken, scope: string): boolean {
  return scopes.length === 0 || missingScopes(scopes, [scope], kind).length === 0;
}

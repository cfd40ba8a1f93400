import * as v from "valibot";
import { isNameOf, fullName, type RepositoryName } from "../bitbucket/site";
import type { TokenKind } from "../bitbucket/token";
import type { StoredToken } from "./tokenStore";

const names = v.pipe(v.array(v.string()), v.readonly());
const tokenReach = v.object({
  version: v.literal(1),
  workspaces: names,
  areAllWorkspaces: v.boolean(),
  repositories: names,
  refused: names,
});

/** Where a token works, as far as Bitbucket's answers told. Its kind alone tells nothing. */
export interface Reach {
  /** Slugs of workspaces that it belongs to, or may see. */
  readonly workspaces: readonly string[];
  /** Bitbucket listed them, so there are no others. */
  readonly areAllWorkspaces: boolean;
  /** What it has read, as `workspace/slug`. */
  readonly repositories: readonly string[];
  /** What it was refused for, as `workspace/slug`. */
  readonly refused: readonly string[];
}

const unknownReach: Reach = {
  workspaces: [],
  areAllWorkspaces: false,
  repositories: [],
  refused: [],
};

/** Old answers count for little, and a value in the secret storage must stay small. */
const longestList = 500;

/** What can't be read counts as nothing known. */
export function parseReach(value: string | undefined): Reach {
  if (value === undefined) return unknownReach;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), tokenReach), value);
  if (!parsed.success) return unknownReach;
  const { workspaces, areAllWorkspaces, repositories, refused } = parsed.output;
  return { workspaces, areAllWorkspaces, repositories, refused };
}

export function serializeReach(reach: Reach): string {
  return JSON.stringify({ version: 1, ...reach });
}

/** It has read the repository. */
export function withReached(reach: Reach, repository: RepositoryName): Reach {
  return {
    ...reach,
    workspaces: adding(reach.workspaces, [repository.workspace]),
    repositories: adding(reach.repositories, [fullName(repository)]),
    refused: without(reach.refused, repository),
  };
}

/** Bitbucket refused it for the repository. */
export function withRefused(reach: Reach, repository: RepositoryName): Reach {
  return {
    ...reach,
    repositories: without(reach.repositories, repository),
    refused: adding(reach.refused, [fullName(repository)]),
  };
}

export function withWorkspaces(
  reach: Reach,
  workspaces: readonly string[],
  areAllWorkspaces: boolean,
): Reach {
  const known = areAllWorkspaces ? [] : reach.workspaces;
  return { ...reach, workspaces: adding(known, workspaces), areAllWorkspaces };
}

/** A stored token and where it works. */
export interface KnownToken {
  readonly token: StoredToken;
  readonly source: "stored" | "environment";
  /** Those that it is stored for; none where it was only added. */
  readonly repositories: readonly RepositoryName[];
  /** It stays where no repository needs it any more. */
  readonly isAdded: boolean;
  readonly reach: Reach;
}

/** It is read where it is, and nothing of it is written down. */
export function ofEnvironment(token: StoredToken): KnownToken {
  return { token, source: "environment", repositories: [], isAdded: false, reach: unknownReach };
}

/** A token that may serve a repository. Where it isn't sure, Bitbucket must be asked before anything is offered. */
export interface Candidate extends KnownToken {
  readonly isSure: boolean;
}

/**
 * The tokens that may serve a repository, the likeliest first: the one it is connected with, then those that have read
 * it, then a project's, a workspace's and a person's. None that Bitbucket has refused for it.
 */
export function rankTokens(tokens: readonly KnownToken[], repository: RepositoryName): readonly Candidate[] {
  const ranked = tokens.flatMap((known) => {
    const place = placeOf(known, repository);
    return place ? [{ ...place, candidate: { ...known, isSure: place.isSure } }] : [];
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ candidate }) => candidate);
}

const rankOfKind: Readonly<Record<TokenKind, number>> = { repository: 1, project: 2, workspace: 3, api: 4 };
const unlikely = 5;

function placeOf(
  { token: { kind }, repositories, reach }: KnownToken,
  repository: RepositoryName,
): { readonly rank: number; readonly isSure: boolean } | undefined {
  if (reach.refused.some((name) => isNameOf(name, repository))) return undefined;
  if (repositories.some((one) => isNameOf(fullName(one), repository))) return { rank: 0, isSure: true };
  if (reach.repositories.some((name) => isNameOf(name, repository))) return { rank: 1, isSure: true };
  const workspaces = [...reach.workspaces, ...repositories.map(({ workspace }) => workspace)];
  if (hasName(workspaces, repository.workspace)) {
    if (kind === "repository") return undefined;
    // Bitbucket tells of no token which project it is for.
    return { rank: rankOfKind[kind], isSure: kind !== "project" };
  }
  const isElsewhere = kind === "api" ? reach.areAllWorkspaces : workspaces.length > 0;
  return isElsewhere ? undefined : { rank: unlikely + rankOfKind[kind], isSure: false };
}

function hasName(list: readonly string[], name: string): boolean {
  return list.some((one) => one.toLowerCase() === name.toLowerCase());
}

function adding(list: readonly string[], added: readonly string[]): readonly string[] {
  const kept = list.filter((one) => !hasName(added, one));
  return [...kept, ...added].slice(-longestList);
}

function without(list: readonly string[], repository: RepositoryName): readonly string[] {
  return list.filter((name) => !isNameOf(name, repository));
}

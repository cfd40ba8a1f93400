import { createHash } from "node:crypto";
import { toRepositoryName } from "../../bitbucket/answers";
import { effectiveScopes, scopes } from "../../bitbucket/scopes";
import type { BitbucketSite, RepositoryName } from "../../bitbucket/site";
import type { TokenKind } from "../../bitbucket/token";
import { isSame, type Connection } from "../../credentials/connectionStore";
import type { RefusedTokens } from "../../credentials/refusedTokens";
import type { KnownToken } from "../../credentials/tokenReach";
import type { StoredToken } from "../../credentials/tokenStore";
import { daysLeft } from "./expiryReminder";
import type { Ports } from "../ports";
import { placesInGit, toFolder, type ConnectedFolder, type TokenPlace } from "./tokenPlaces";

/** One token with all that may be told of it: never any part of the secret. */
export interface TokenDescription {
  /** Tells it from the others, and knows it by its digest alone. */
  readonly id: string;
  /** `environment` tokens are read where they are, so they can't be changed here. */
  readonly source: "stored" | "environment";
  readonly kind: TokenKind;
  /** The Atlassian account's e-mail, for an API token. */
  readonly account: string | undefined;
  /** Which Bitbucket it is for; another than the settings name gets no requests. */
  readonly webUrl: string;
  readonly isElsewhere: boolean;
  /** What it may do, as Bitbucket's token page names it; empty where Bitbucket did not say. */
  readonly scopes: readonly string[];
  /** Those that it is stored for; of a repository's token the one that it has read. */
  readonly repositories: readonly RepositoryName[];
  /** Where it has access, as far as that is known. */
  readonly workspaces: readonly string[];
  /** It stays where no repository needs it any more. */
  readonly isAdded: boolean;
  readonly folders: readonly ConnectedFolder[];
  readonly places: readonly TokenPlace[];
  /** ISO date of the last day it works, where the person told us. */
  readonly expires: string | undefined;
  /** Negative once it has expired. */
  readonly daysLeft: number | undefined;
  /** Bitbucket did not take it when it was last used. */
  readonly isRefused: boolean;
  /** Undefined for what is not saved here. */
  readonly savedAt: Date | undefined;
}

/** Every token that is kept here or comes from the environment, one entry for each secret. `now` is in milliseconds. */
export async function describeTokens(
  ports: Ports,
  refused: RefusedTokens,
  now: number,
): Promise<readonly TokenDescription[]> {
  const connections = await ports.connections.list();
  const kept: TokenDescription[] = [];
  for (const site of await sitesWithTokens(ports)) {
    for (const known of await ports.tokens.all(site)) {
      const isRefused = refused.has(known.token.secret);
      kept.push({ ...(await describeStored(ports, site, known, connections, now)), isRefused });
    }
  }
  const fallback = await ports.tokens.fallback();
  if (!fallback) return kept;
  const described = await describeEnvironment(ports, fallback, connections);
  return [...kept, { ...described, isRefused: refused.has(fallback.secret) }];
}

/** What knows a secret without telling it. */
export function tokenId({ secret }: Pick<StoredToken, "secret">): string {
  return createHash("sha256").update(secret).digest("base64");
}

/** The token behind a description, as it is kept for one of its repositories; undefined once it is another. */
export async function findDescribed(
  ports: Ports,
  token: TokenDescription,
  repository: RepositoryName,
): Promise<StoredToken | undefined> {
  const site = siteOf(ports, token);
  const found =
    token.source === "stored"
      ? await ports.tokens.stored(site, repository)
      : await ports.tokens.get(site, repository);
  return found && tokenId(found) === token.id ? found : undefined;
}

/** The token behind a description, where it is stored whatever repositories need it. */
export async function findAdded(ports: Ports, token: TokenDescription): Promise<KnownToken | undefined> {
  if (!token.isAdded) return undefined;
  const known = await ports.tokens.all(siteOf(ports, token));
  return known.find((one) => one.isAdded && tokenId(one.token) === token.id);
}

/** No token travels to another Bitbucket's API: for one that the settings don't name, this is for the stores alone. */
export function siteOf(ports: Ports, { webUrl }: Pick<TokenDescription, "webUrl">): BitbucketSite {
  return { ...ports.site, webUrl };
}

/** The configured Bitbucket first, then those that the settings named when a token was saved. */
async function sitesWithTokens(ports: Ports): Promise<readonly BitbucketSite[]> {
  const isOurs = (url: string) =>
    /^[/#]/.test(url.slice(ports.site.webUrl.length)) && url.startsWith(ports.site.webUrl.toLowerCase());
  const others = (await ports.tokens.list())
    .filter((url) => !isOurs(url))
    .map((url) => (url.includes("#") ? url.replace(/#.*/, "") : url.split("/").slice(0, -2).join("/")))
    .filter((webUrl) => URL.canParse(webUrl));
  return [ports.site.webUrl, ...new Set(others)].map((webUrl) => siteOf(ports, { webUrl }));
}

async function describeStored(
  ports: Ports,
  site: BitbucketSite,
  { token, repositories: names, isAdded, reach }: KnownToken,
  connections: readonly Connection[],
  now: number,
): Promise<Omit<TokenDescription, "isRefused">> {
  const all = [
    ...names.map((name) => ports.tokens.stored(site, name)),
    ports.tokens.added(site, token.secret),
  ];
  const copies = (await Promise.all(all)).filter((copy) => copy?.secret === token.secret);
  const expires = earliest(copies.map((copy) => copy?.expires));
  const savedAt = new Date(earliest(copies.map((copy) => copy?.savedAt)) ?? token.savedAt);
  const served = connections.filter((one) => names.some((name) => isSame(one, { ...site, ...name })));
  return {
    id: tokenId(token),
    source: "stored",
    webUrl: site.webUrl,
    isElsewhere: site.webUrl !== ports.site.webUrl,
    ...describeReach(token),
    repositories:
      names.length > 0 || token.kind !== "repository" ? names : reach.repositories.map(toRepositoryName),
    workspaces: workspacesOf(names, reach.workspaces),
    isAdded,
    folders: served.map(toFolder),
    places: [{ kind: "secretStorage" }, ...(await placesInGit(served, token.secret))],
    expires,
    daysLeft: daysLeft(expires, now),
    savedAt: Number.isNaN(savedAt.getTime()) ? undefined : savedAt,
  };
}

/** It serves the connected repositories that have no token of their own. */
async function describeEnvironment(
  ports: Ports,
  token: StoredToken,
  connections: readonly Connection[],
): Promise<Omit<TokenDescription, "isRefused">> {
  const ours = connections.filter((one) => one.webUrl === ports.site.webUrl);
  const own = await Promise.all(ours.map((one) => ports.tokens.stored(ports.site, one)));
  const served = ours.filter((_, index) => own[index] === undefined);
  const file = process.env["BITBUCKET_TOKEN_FILE"] ?? "";
  const place: TokenPlace =
    process.env["BITBUCKET_TOKEN"] === undefined
      ? { kind: "environmentFile", variable: "BITBUCKET_TOKEN_FILE", file }
      : { kind: "environment", variable: "BITBUCKET_TOKEN" };
  return {
    id: tokenId(token),
    source: "environment",
    webUrl: ports.site.webUrl,
    isElsewhere: false,
    ...describeReach(token),
    repositories: served
      .filter((one, index) => served.findIndex((other) => isSame(one, other)) === index)
      .map(({ workspace, slug }) => ({ workspace, slug })),
    workspaces: workspacesOf(served, []),
    isAdded: false,
    folders: served.map(toFolder),
    places: [place, ...(await placesInGit(served, token.secret))],
    expires: token.expires,
    daysLeft: undefined,
    savedAt: undefined,
  };
}

function workspacesOf(repositories: readonly RepositoryName[], told: readonly string[]): readonly string[] {
  return [...new Set([...repositories.map(({ workspace }) => workspace), ...told])];
}

function describeReach({ kind, account, scopes: granted }: StoredToken) {
  return { kind, account, scopes: scopeTitles(granted) };
}

/** All that the scopes come to; a name that the catalogue doesn't know stands as it is. */
export function scopeTitles(granted: readonly string[]): readonly string[] {
  const ids: ReadonlySet<string> = new Set(effectiveScopes(granted));
  const known = scopes.filter((scope) => ids.has(scope.id));
  const names = new Set(known.flatMap((scope) => [scope.id, ...scope.apiScopes]));
  const others = granted.filter((name) => !names.has(name));
  return [...known.map((scope) => scope.label()), ...others];
}

/** ISO dates sort as text. */
function earliest(dates: readonly (string | undefined)[]): string | undefined {
  return dates.filter((date) => date !== undefined).sort()[0];
}

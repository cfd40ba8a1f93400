import { homedir } from "node:os";
import type { PresentedToken } from "../../bitbucket/client";
import type { RepositoryName } from "../../bitbucket/site";
import type { TokenKind } from "../../bitbucket/token";
import { placeUnknown, probeToken, type ProbedToken, type TokenPlace } from "../../bitbucket/tokenProbe";
import { withReached, withWorkspaces } from "../../credentials/tokenReach";
import type { StoredToken } from "../../credentials/tokenStore";
import { UserError } from "../../errors";
import { readSettings } from "../../git/gitSettings";
import type { Ports } from "../ports";

export interface AddRequest {
  readonly token: PresentedToken;
  /** Where it may work: what was pasted with it, or what the person is about to do. The surest first. */
  readonly places: readonly TokenPlace[];
  /** ISO date of its last day, where it is known. */
  readonly expires: string | undefined;
  /** Whether a good token is stored where nobody knows what it has access to: Bitbucket is asked when it is needed. */
  readonly isPlaceOptional: boolean;
}

export interface AddedToken {
  readonly kind: TokenKind;
  readonly account: string | undefined;
  /** Empty where Bitbucket didn't tell. */
  readonly workspaces: readonly string[];
  readonly repositories: readonly RepositoryName[];
  readonly scopes: readonly string[];
  readonly stored: StoredToken;
}

/** So many are tried for an access token, of which Bitbucket doesn't tell where it works. */
const mostPlaces = 8;

/**
 * Checks a token with Bitbucket, and stores it with what that told: what it may do, and where. No repository needs to be
 * connected. Throws what `probeToken` throws; then nothing is stored.
 */
export async function addToken(
  ports: Ports,
  { token, places, expires, isPlaceOptional }: AddRequest,
  signal: AbortSignal,
): Promise<AddedToken> {
  const { site, send, tokens } = ports;
  const all = [...places, ...(await knownPlaces(ports))].slice(0, mostPlaces);
  const probed = await probeToken({ site, send, token, signal }, all);
  if (probed.workspaces.length === 0 && !isPlaceOptional) throw placeUnknown();
  signal.throwIfAborted();
  const { secret, account } = token;
  const stored: StoredToken = {
    ...{ secret, kind: probed.kind, scopes: [...probed.scopes], savedAt: new Date().toISOString() },
    ...(account !== undefined && { account }),
    ...(expires !== undefined && { expires }),
  };
  await tokens.add(site, stored);
  await learnReach(ports, secret, probed);
  const { kind, workspaces, repositories, scopes } = probed;
  return { kind, account, workspaces, repositories, scopes, stored };
}

async function learnReach({ tokens }: Ports, secret: string, probed: ProbedToken): Promise<void> {
  const { workspaces, areAllWorkspaces, repositories } = probed;
  await tokens.learn(secret, (reach) =>
    repositories.reduce(withReached, withWorkspaces(reach, workspaces, areAllWorkspaces)),
  );
}

/** The workspaces of the tokens that are stored already. */
async function knownPlaces({ tokens, site }: Ports): Promise<readonly TokenPlace[]> {
  const known = await tokens.all(site);
  const names = known.flatMap(({ repositories, reach }) => [
    ...reach.workspaces,
    ...repositories.map(({ workspace }) => workspace),
  ]);
  return [...new Set(names)].map((workspace) => ({ workspace }));
}

/** What to propose for an API token's account. */
export async function gitsEmail({ openGit }: Ports): Promise<string | undefined> {
  const settings = await readSettings(openGit, homedir()).catch(() => []);
  return settings.findLast(({ key }) => key === "user.email")?.value;
}

/** Nobody but the person can tell another email. */
export function isAccountRejected(error: unknown): error is UserError {
  return error instanceof UserError && error.code === "TokenRejected" && error.field === "account";
}

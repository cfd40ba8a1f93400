import { existsSync } from "node:fs";
import type { PresentedToken, VerifiedToken } from "../../bitbucket/client";
import { fullName, isSameRepository, remoteUrl, type RepositoryName } from "../../bitbucket/site";
import { gitUserName } from "../../bitbucket/token";
import { isSame, type Connection } from "../../credentials/connectionStore";
import { approve, reject } from "../../credentials/gitCredential";
import { withReached } from "../../credentials/tokenReach";
import type { StoredToken } from "../../credentials/tokenStore";
import { UserError, type ErrorKind } from "../../errors";
import { urlWithToken } from "../../git/connectionConfig";
import { RequestQueue } from "../clone/listRepositoriesQueue";
import { changeConnectedUrl } from "../connect/changeConnectedUrl";
import type { Ports } from "../ports";
import { isForPushing, proveAccess } from "./proveAccess";

export interface ReplaceRequest {
  readonly repository: RepositoryName;
  readonly token: PresentedToken;
  /** ISO date of the new token's last day, where it is known. */
  readonly expires: string | undefined;
}

/** Repositories as `workspace/slug`. */
export interface ReplaceOutcome {
  /** The one asked for first. */
  readonly replaced: readonly string[];
  /** The new token can't do there what the old one did, which stays kept for them. */
  readonly left: readonly string[];
}

interface Proved {
  readonly repository: RepositoryName;
  /** Undefined where the new token doesn't do. */
  readonly verified: VerifiedToken | undefined;
}

/**
 * Puts a new token in the place of one that expires, was rotated or is refused: for every repository that the old one
 * served, and wherever git gets it from. The new one is proved for all of them before the old one goes, and must do for
 * the one asked for; of the others, one that is gone or out of its reach doesn't keep the rest from it.
 */
export async function replaceToken(
  ports: Ports,
  request: ReplaceRequest,
  signal: AbortSignal,
): Promise<ReplaceOutcome> {
  const old = await ports.tokens.stored(ports.site, request.repository);
  const others = await alsoServed(ports, request.repository, old);
  // The new token must do what the old one did.
  const needs = [isForPushing(old?.scopes ?? []) ? "repository:write" : "repository"];
  const prove = (repository: RepositoryName) =>
    proveAccess(ports, { repository, token: request.token, needs }, signal);
  const asked = { repository: request.repository, verified: await prove(request.repository) };
  const proved: readonly Proved[] = [asked, ...(await proveOthers(others, prove))];
  // The asked one last: where one fails on the way, another try still finds by it what the old token serves.
  for (const { repository, verified } of [...proved].reverse())
    if (verified) await swap(ports, repository, request, verified, old);
  await replaceAdded(ports, request, proved, old);
  const names = (isReplaced: boolean) =>
    proved
      .filter((one) => (one.verified !== undefined) === isReplaced)
      .map((one) => fullName(one.repository));
  return { replaced: names(true), left: names(false) };
}

async function alsoServed(
  ports: Ports,
  asked: RepositoryName,
  old: StoredToken | undefined,
): Promise<readonly RepositoryName[]> {
  const kept = await ports.tokens.all(ports.site);
  const sharing = kept.find(({ token }) => token.secret === old?.secret)?.repositories ?? [];
  return sharing.filter((one) => !isSameRepository(one, asked));
}

/** What says something of the repository alone: with any other failure nothing is replaced. */
const ofOneRepository: readonly ErrorKind[] = ["RepositoryNotFound", "WrongRepository", "TokenLacksScope"];

function proveOthers(
  others: readonly RepositoryName[],
  prove: (repository: RepositoryName) => Promise<VerifiedToken>,
): Promise<readonly Proved[]> {
  const queue = new RequestQueue();
  const proveOne = async (repository: RepositoryName): Promise<Proved> => {
    try {
      return { repository, verified: await prove(repository) };
    } catch (error) {
      if (error instanceof UserError && ofOneRepository.includes(error.code))
        return { repository, verified: undefined };
      throw error;
    }
  };
  return Promise.all(others.map((repository) => queue.run(() => proveOne(repository))));
}

async function swap(
  ports: Ports,
  repository: RepositoryName,
  { token, expires }: ReplaceRequest,
  verified: VerifiedToken,
  old: StoredToken | undefined,
): Promise<void> {
  // A local repository may have been deleted since.
  const connections = (await ports.connections.list()).filter(
    (one) => existsSync(one.commonDir) && isSame(one, { ...ports.site, ...repository }),
  );
  for (const connection of connections) await swapInConfig(ports, connection, verified, token.secret, old);
  await ports.tokens.save(ports.site, repository, toStored(token, verified, expires));
}

/** The old one may be stored for whatever it has access to, too. */
async function replaceAdded(
  { tokens, site }: Ports,
  { token, expires }: ReplaceRequest,
  proved: readonly Proved[],
  old: StoredToken | undefined,
): Promise<void> {
  const [verified] = proved.flatMap((one) => one.verified ?? []);
  if (!verified || !old || !(await tokens.added(site, old.secret))) return;
  await tokens.add(site, toStored(token, verified, expires));
  await tokens.learn(token.secret, (reach) =>
    proved.reduce((known, one) => (one.verified ? withReached(known, one.repository) : known), reach),
  );
  await tokens.removeAdded(site, old.secret);
}

function toStored(
  { secret, account }: PresentedToken,
  { kind, scopes }: VerifiedToken,
  expires: string | undefined,
): StoredToken {
  return {
    ...{ secret, kind, scopes: [...scopes], savedAt: new Date().toISOString() },
    ...(account !== undefined && { account }),
    ...(expires !== undefined && { expires }),
  };
}

async function swapInConfig(
  ports: Ports,
  connection: Connection,
  verified: VerifiedToken,
  secret: string,
  old: StoredToken | undefined,
): Promise<void> {
  const url = remoteUrl(ports.site, connection);
  if (connection.gitAccess === "credentialHelper") {
    const credential = (token: { kind: StoredToken["kind"]; secret: string }) => ({
      url,
      username: gitUserName(token.kind),
      password: token.secret,
    });
    if (old) await reject(ports.openGit, connection.commonDir, credential(old));
    await approve(ports.openGit, connection.commonDir, credential({ kind: verified.kind, secret }));
  }
  if (connection.gitAccess === "remoteUrl")
    await changeConnectedUrl(ports, connection, urlWithToken(url, gitUserName(verified.kind), secret));
}

import { existsSync } from "node:fs";
import type { PresentedToken, VerifiedToken } from "../../bitbucket/client";
import { fullName, remoteUrl, type RepositoryName } from "../../bitbucket/site";
import { gitUserName } from "../../bitbucket/token";
import { isSame, type Connection } from "../../credentials/connectionStore";
import { approve, reject } from "../../credentials/gitCredential";
import type { StoredToken } from "../../credentials/tokenStore";
import { urlWithToken } from "../../git/connectionConfig";
import { changeConnectedUrl } from "../connect/changeConnectedUrl";
import type { Ports } from "../ports";
import { isForPushing, proveAccess } from "./proveAccess";

export interface ReplaceRequest {
  readonly repository: RepositoryName;
  readonly token: PresentedToken;
  /** ISO date of the new token's last day, where it is known. */
  readonly expires: string | undefined;
}

/**
 * Puts a new token in the place of one that expires, was rotated or is refused: for every repository that the old one
 * served, and wherever git gets it from. The new one is proved for all of them before the old one goes. Returns the
 * repositories, as `workspace/slug`.
 */
export async function replaceToken(
  ports: Ports,
  request: ReplaceRequest,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const old = await ports.tokens.stored(ports.site, request.repository);
  const repositories = await servedBy(ports, request.repository, old);
  // The new token must do what the old one did.
  const needs = [isForPushing(old?.scopes ?? []) ? "repository:write" : "repository"];
  const proved: { repository: RepositoryName; verified: VerifiedToken }[] = [];
  for (const repository of repositories) {
    const question = { repository, token: request.token, needs };
    proved.push({ repository, verified: await proveAccess(ports, question, signal) });
  }
  for (const { repository, verified } of proved) await swap(ports, repository, request, verified, old);
  return repositories.map(fullName);
}

async function servedBy(
  ports: Ports,
  asked: RepositoryName,
  old: StoredToken | undefined,
): Promise<readonly RepositoryName[]> {
  const kept = await ports.tokens.shared(ports.site);
  const sharing = kept.find(({ token }) => token.secret === old?.secret)?.repositories ?? [];
  return [asked, ...sharing.filter((one) => fullName(one) !== fullName(asked).toLowerCase())];
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
  await ports.tokens.save(ports.site, repository, {
    secret: token.secret,
    kind: verified.kind,
    scopes: [...verified.scopes],
    savedAt: new Date().toISOString(),
    ...(token.account !== undefined && { account: token.account }),
    ...(expires !== undefined && { expires }),
  });
  for (const connection of connections) await swapInConfig(ports, connection, verified, token.secret, old);
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

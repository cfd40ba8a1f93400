import { existsSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import { remoteUrl, type RepositoryName } from "../../bitbucket/site";
import { gitUserName } from "../../bitbucket/token";
import { isSame, type Connection } from "../../credentials/connectionStore";
import { reject } from "../../credentials/gitCredential";
import type { StoredToken } from "../../credentials/tokenStore";
import { findAdded, findDescribed, siteOf, type TokenDescription } from "./describeTokens";
import { changeConnectedUrl } from "../connect/changeConnectedUrl";
import type { Ports } from "../ports";
import { folderOf, holdsSecret } from "./tokenPlaces";

export interface ForgetOutcome {
  /** False where there is another token by now. */
  readonly isForgotten: boolean;
  /** Those that git can't sign in to with it any more. */
  readonly repositories: readonly RepositoryName[];
  /** Folders whose `.git/config` still has the token in plain text: in an address that is not ours to change. */
  readonly leftIn: readonly string[];
  /** Folders that are not there now, and whose `.git/config` had the token when they were. */
  readonly notReached: readonly string[];
}

type ForgottenFor = Omit<ForgetOutcome, "isForgotten">;

/**
 * Forgets a token for all the repositories that it serves, and takes it back from wherever connecting handed it to git:
 * the person's own helper, or the remote's URL. The config that names our helper stays: without a token it is silent,
 * git asks as usual, and a new token works at once. Disconnecting is what takes that back. Where taking back fails, that
 * repository's token stays, so that it can be tried again, and the others are forgotten all the same. Cancelled, it stops
 * between two repositories.
 */
export async function forgetToken(
  ports: Ports,
  token: TokenDescription,
  signal: AbortSignal,
): Promise<ForgetOutcome> {
  const outcomes: ForgottenFor[] = [];
  const added = await findAdded(ports, token);
  const failures: unknown[] = [];
  for (const repository of token.source === "stored" ? token.repositories : []) {
    if (signal.aborted) break;
    try {
      outcomes.push(await forgetFor(ports, token, repository));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  // Last: until then another try still finds what the token served.
  if (added && !signal.aborted) await ports.tokens.removeAdded(siteOf(ports, token), added.token.secret);
  return {
    isForgotten: added !== undefined || outcomes.some((one) => one.repositories.length > 0),
    repositories: outcomes.flatMap((one) => one.repositories),
    leftIn: outcomes.flatMap((one) => one.leftIn),
    notReached: outcomes.flatMap((one) => one.notReached),
  };
}

async function forgetFor(
  ports: Ports,
  token: TokenDescription,
  repository: RepositoryName,
): Promise<ForgottenFor> {
  const stored = await findDescribed(ports, token, repository);
  // Replaced meanwhile: the new one is not what the person spoke of.
  if (!stored) return { repositories: [], leftIn: [], notReached: [] };
  const site = siteOf(ports, token);
  const connections = (await ports.connections.list()).filter((one) =>
    isSame(one, { ...site, ...repository }),
  );
  for (const connection of connections) await takeBack(ports, connection, stored);
  await ports.tokens.forget(site, repository);
  const leftIn: string[] = [];
  for (const { commonDir } of connections)
    if (await holdsSecret(commonDir, stored.secret)) leftIn.push(folderOf(commonDir));
  const notReached = connections.filter((one) => one.gitAccess === "remoteUrl" && !isThere(one));
  return {
    repositories: [repository],
    leftIn,
    notReached: notReached.map(({ commonDir }) => folderOf(commonDir)),
  };
}

async function takeBack(ports: Ports, connection: Connection, stored: StoredToken): Promise<void> {
  switch (connection.gitAccess) {
    case "vscode":
      return;
    case "credentialHelper":
      await takeBackFromHelper(ports, connection, stored);
      return;
    case "remoteUrl":
      if (!isThere(connection)) return;
      await changeConnectedUrl(ports, connection, remoteUrl(siteOf(ports, connection), connection));
  }
}

/** The helper is the person's, so it has the token even where the folder is gone. */
async function takeBackFromHelper(ports: Ports, connection: Connection, stored: StoredToken): Promise<void> {
  const dir = isThere(connection) ? connection.commonDir : homedir();
  await reject(ports.openGit, dir, {
    url: remoteUrl(siteOf(ports, connection), connection),
    username: gitUserName(stored.kind),
    password: stored.secret,
  });
}

function isThere({ commonDir }: Connection): boolean {
  return existsSync(path.join(commonDir, "config"));
}

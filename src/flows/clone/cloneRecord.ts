import * as fs from "node:fs/promises";
import * as path from "node:path";
import { remoteUrl, type RepositoryName } from "../../bitbucket/site";
import { gitUserName } from "../../bitbucket/token";
import { isSame, type Connection } from "../../credentials/connectionStore";
import { approve } from "../../credentials/gitCredential";
import { planEdits, urlWithToken, type ConnectionConfig } from "../../git/connectionConfig";
import { configFileOf, toDoneEdit } from "../../git/gitConfigFile";
import { keepOnlyHelper } from "../../git/onlyHelper";
import type { GitAccess } from "../../protocol/formMessages";
import type { CloneToken } from "./cloneToken";
import type { Ports } from "../ports";

export interface NewClone {
  /** Where it stands now. */
  readonly folder: string;
  /** Where it will stand. */
  readonly target: string;
  readonly token: CloneToken;
  readonly helper: string;
  readonly gitAccess: GitAccess;
  readonly email: string | undefined;
  readonly isRewritten: boolean;
}

/**
 * Connects a fresh clone as connecting connects a repository: the same values in its config, the same record to take
 * them back by. Its remote is the clone's own, so that stays when the connection goes.
 */
export async function connectClone(ports: Ports, clone: NewClone): Promise<Connection> {
  const configFile = configFileOf(path.join(clone.folder, ".git"), ports.openGit);
  const [before, text] = await Promise.all([configFile.read(), configFile.text()]);
  const edits = planEdits(before, planConnection(ports, clone));
  const all = [...edits.remote, ...edits.credentials, ...edits.address];
  await configFile.apply(all);
  if (clone.gitAccess === "vscode")
    await keepOnlyHelper(
      ports.openGit,
      clone.folder,
      configFile,
      remoteUrl(ports.site, clone.token.repository),
    );
  if (clone.gitAccess === "credentialHelper") await handOver(ports, clone);
  const record: Connection = {
    commonDir: path.join(clone.target, ".git"),
    startedAt: Date.now(),
    webUrl: ports.site.webUrl,
    ...clone.token.repository,
    remote: "origin",
    remoteIsNew: false,
    gitAccess: clone.gitAccess,
    edits: all.map(toDoneEdit).map(({ key, before: values, afterDigests }) => ({
      key,
      before: [...values],
      afterDigests: [...afterDigests],
    })),
    text,
  };
  await ports.connections.save(record);
  return record;
}

function planConnection({ site }: Ports, clone: NewClone): ConnectionConfig {
  const { token, gitAccess, helper, email, isRewritten } = clone;
  const url = remoteUrl(site, token.repository);
  return {
    url,
    remoteUrl:
      gitAccess === "remoteUrl" ? urlWithToken(url, gitUserName(token.kind), token.stored.secret) : url,
    remote: "origin",
    credentials:
      gitAccess === "vscode"
        ? { kind: "helper", helper }
        : { kind: gitAccess === "remoteUrl" ? "url" : "own" },
    email,
    upstreamOf: undefined,
    isRewritten,
  };
}

async function handOver(ports: Ports, { folder, token }: NewClone): Promise<void> {
  const url = remoteUrl(ports.site, token.repository);
  await approve(ports.openGit, folder, {
    url,
    username: gitUserName(token.kind),
    password: token.stored.secret,
  });
}

/** Where this repository is on this machine already, the newest connection first. */
export async function findLocalClones(ports: Ports, repository: RepositoryName): Promise<readonly string[]> {
  const all = await recentConnections(ports);
  const same = all.filter((one) => isSame(one, { ...ports.site, ...repository }));
  return same.map(({ commonDir }) => path.dirname(commonDir));
}

/** The connections whose folders are still there, the newest first. */
export async function recentConnections(ports: Ports): Promise<readonly Connection[]> {
  const all = (await ports.connections.list()).filter(({ webUrl }) => webUrl === ports.site.webUrl);
  const there = await Promise.all(all.map(({ commonDir }) => isWorkTreesOwn(commonDir)));
  return all.filter((_, i) => there[i]).sort((a, b) => b.startedAt - a.startedAt);
}

/** A folder to open stands around it; a bare repository or a submodule's store has none. */
async function isWorkTreesOwn(commonDir: string): Promise<boolean> {
  if (path.basename(commonDir) !== ".git") return false;
  return fs.stat(commonDir).then(
    () => true,
    () => false,
  );
}

/** The bot's address that another clone commits with under the same token: the token's page showed it only once. */
export async function knownBotEmail(ports: Ports, secret: string): Promise<string | undefined> {
  for (const connection of await recentConnections(ports)) {
    if (!connection.edits.some(({ key }) => key === "user.email")) continue;
    const token = await ports.tokens.get(ports.site, connection);
    if (token?.secret !== secret) continue;
    const config = await configFileOf(connection.commonDir, ports.openGit).read();
    const email = config.get("user.email")?.at(-1);
    if (email && /@bots\.bitbucket\.org$/i.test(email)) return email;
  }
  return undefined;
}

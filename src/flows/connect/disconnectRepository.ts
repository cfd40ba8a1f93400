import { existsSync } from "node:fs";
import * as path from "node:path";
import { remoteUrl } from "../../bitbucket/site";
import { gitUserName } from "../../bitbucket/token";
import { isSame, type Connection } from "../../credentials/connectionStore";
import { reject } from "../../credentials/gitCredential";
import { configFileOf } from "../../git/gitConfigFile";
import type { LocalRepository } from "../../git/localRepository";
import { PlainRepository } from "../../git/plainRepository";
import { deleteRemoteRefs } from "../../git/push";
import type { Ports } from "../ports";
import { changeConnectedUrl } from "./changeConnectedUrl";

/**
 * Takes back what connecting did to one local repository: what the person changed since stays. With `keepRemote` the
 * remote and the branch's upstream stay too. The token is forgotten once no other local repository uses
 * it, here or on another machine that shares the secret storage.
 */
export async function disconnectRepository(
  ports: Ports,
  local: LocalRepository,
  connection: Connection,
  keepRemote: boolean,
): Promise<void> {
  const site = { ...ports.site, webUrl: connection.webUrl };
  const others = (await ports.connections.list()).filter(
    (one) => isSame(one, connection) && one.commonDir !== connection.commonDir && existsSync(one.commonDir),
  );
  const isShared = others.some((one) => one.gitAccess === "credentialHelper");
  if (connection.gitAccess === "credentialHelper" && !isShared)
    await takeBackFromHelper(ports, local, connection);
  await revertConfig(ports, connection, keepRemote);
  if (!keepRemote) await restoreRemoteName(ports, local, connection);
  await ports.connections.remove(connection);
  if ((await ports.connections.get(connection.commonDir)).length === 0)
    await disconnectSubmodules(ports, connection.commonDir, keepRemote);
  if (others.length === 0) await ports.tokens.release(site, connection);
  await local.refresh();
}

/** They were connected with the repository, and go with it; what was fetched stays. Git runs in their git folders. */
async function disconnectSubmodules(ports: Ports, commonDir: string, keepRemote: boolean): Promise<void> {
  const modules = path.join(commonDir, "modules") + path.sep;
  for (const one of (await ports.connections.list()).filter((record) => record.commonDir.startsWith(modules)))
    if (existsSync(one.commonDir))
      await disconnectRepository(ports, new PlainRepository(one.commonDir, ports.openGit), one, keepRemote);
}

async function revertConfig(ports: Ports, connection: Connection, keepRemote: boolean): Promise<void> {
  const configFile = configFileOf(connection.commonDir, ports.openGit);
  if (!keepRemote) {
    await configFile.revert(connection.edits, connection.text);
    return;
  }
  const others = connection.edits.filter((edit) => !/^(remote|branch)\./.test(edit.key));
  await configFile.revert(others, connection.text);
  if (connection.gitAccess !== "remoteUrl") return;
  // In that mode the URL itself is the sign-in, so it stays without it.
  const clean = remoteUrl({ ...ports.site, webUrl: connection.webUrl }, connection);
  await changeConnectedUrl(ports, connection, clean);
}

async function restoreRemoteName(
  ports: Ports,
  local: LocalRepository,
  connection: Connection,
): Promise<void> {
  const { remote, remoteIsNew, renamed, text, commonDir } = connection;
  const configFile = configFileOf(commonDir, ports.openGit);
  const config = await configFile.read();
  const isGone = !config.has(`remote.${remote}.url`);
  if (remoteIsNew && isGone) await deleteRemoteRefs(ports.openGit, local.root, remote);
  if (!renamed || !isGone || !config.has(`remote.${renamed.to}.url`)) return;
  await local.renameRemote(renamed.to, renamed.from);
  await configFile.revert([], text);
}

async function takeBackFromHelper(
  ports: Ports,
  local: LocalRepository,
  connection: Connection,
): Promise<void> {
  const token = await ports.tokens.get({ ...ports.site, webUrl: connection.webUrl }, connection);
  if (!token) return;
  const url = remoteUrl({ ...ports.site, webUrl: connection.webUrl }, connection);
  await reject(ports.openGit, local.root, { url, username: gitUserName(token.kind), password: token.secret });
}

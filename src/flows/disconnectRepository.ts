import { remoteUrl } from "../bitbucket/site";
import { gitUserName } from "../bitbucket/token";
import { isSame, type Connection } from "../credentials/connectionStore";
import { reject } from "../credentials/gitCredential";
import { configFileOf } from "../git/gitConfigFile";
import type { LocalRepository } from "../git/localRepository";
import { deleteRemoteRefs } from "../git/push";
import type { Ports } from "./ports";

/**
 * Takes back what connecting did to one local repository: what the person changed since stays. With `keepRemote` the
 * remote and the branch's upstream stay too. The token is forgotten once no other local repository uses it.
 */
export async function disconnectRepository(
  ports: Ports,
  local: LocalRepository,
  connection: Connection,
  keepRemote: boolean,
): Promise<void> {
  const site = { ...ports.site, webUrl: connection.webUrl };
  if (connection.gitAccess === "credentialHelper") await takeBackFromHelper(ports, local, connection);
  const configFile = configFileOf(connection.commonDir, ports.openGit);
  const edits = keepRemote
    ? connection.edits.filter(
        (edit) => !/^(remote|branch)\./.test(edit.key) || holdsToken(connection, edit.key),
      )
    : connection.edits;
  await configFile.revert(edits, connection.text);
  if (!keepRemote) await restoreRemoteName(ports, local, connection);
  await ports.connections.remove(connection);
  const others = await ports.connections.list();
  if (!others.some((one) => isSame(one, connection))) await ports.tokens.forget(site, connection);
  await local.refresh();
}

/** In that mode the URL itself is the sign-in, so it can't stay. */
function holdsToken(connection: Connection, key: string): boolean {
  return connection.gitAccess === "remoteUrl" && key.endsWith(".url");
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

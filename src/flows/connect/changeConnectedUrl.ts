import type { Connection } from "../../credentials/connectionStore";
import { configFileOf, isDone, toDoneEdit } from "../../git/gitConfigFile";
import type { Ports } from "../ports";

/**
 * Sets a connected remote's URL where it still is as we left it: one that the person changed since is theirs. The
 * record follows, so that replacing and disconnecting know the new URL as ours.
 */
export async function changeConnectedUrl(ports: Ports, connection: Connection, url: string): Promise<void> {
  const configFile = configFileOf(connection.commonDir, ports.openGit);
  const key = `remote.${connection.remote}.url`;
  const before = (await configFile.read()).get(key) ?? [];
  const left = connection.edits.find((edit) => edit.key === key);
  if (!left || !isDone(before, left)) return;
  const change = { key, before, after: [url] };
  await configFile.apply([change]);
  const afterDigests = [...toDoneEdit(change).afterDigests];
  const edits = connection.edits.map((edit) => (edit.key === key ? { ...edit, afterDigests } : edit));
  await ports.connections.save({ ...connection, edits });
}

import { existsSync } from "node:fs";
import { isSame, type Connection } from "../../credentials/connectionStore";
import { isSameFolder } from "../../git/commonDir";
import { configFileOf, isDone } from "../../git/gitConfigFile";
import type { Ports } from "../ports";

/**
 * The records of a local repository, also where its folder was moved or renamed since: a record whose own folder is gone,
 * and whose every change is in this config, goes with it. A copy has none while the original is there.
 */
export async function findConnections(ports: Ports, commonDir: string): Promise<readonly Connection[]> {
  const known = await ports.connections.get(commonDir);
  if (known.length > 0) return known;
  const records = await ports.connections.list();
  const same = await Promise.all(records.map((one) => isSameFolder(one.commonDir, commonDir)));
  if (same.includes(true)) return records.filter((_, index) => same[index]);
  const gone = records.filter((one) => !existsSync(one.commonDir));
  if (gone.length === 0) return [];
  const config = await configFileOf(commonDir, ports.openGit).read();
  const isHere = ({ edits }: Connection) =>
    edits.length > 0 && edits.every((edit) => isDone(config.get(edit.key) ?? [], edit));
  const fitting = gone.filter(isHere);
  // Of two for one repository nobody knows which it was.
  const isOnlyOne = (record: Connection) => fitting.filter((one) => isSame(one, record)).length === 1;
  for (const record of fitting.filter(isOnlyOne)) {
    await ports.connections.save({ ...record, commonDir });
    await ports.connections.remove(record);
  }
  return ports.connections.get(commonDir);
}

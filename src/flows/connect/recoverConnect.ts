import { configFileOf, isDone } from "../../git/gitConfigFile";
import { findCommit, type LocalRepository } from "../../git/localRepository";
import { finishConnect } from "./finishConnect";
import { Journal, type JournalEntry } from "./journal";
import type { Ports } from "../ports";
import { undoConnect, type UnfinishedConnect } from "./undoConnect";

/**
 * Finishes or undoes the connect that a killed editor left in this repository. So it does with the
 * copies of a config whose change has no journal. Costs two looks into a folder where there is nothing. Returns what it
 * did. `takeOver`: nobody else is at it, whatever its journal says.
 */
export async function recoverConnect(
  ports: Ports,
  local: LocalRepository,
  commonDir: string,
  takeOver = false,
): Promise<"finished" | "undone" | undefined> {
  const journal = new Journal(commonDir, (id) => ports.tokens.knowsChange(id));
  const configFile = configFileOf(commonDir, ports.openGit);
  const [abandoned] = await Promise.all([journal.findAbandoned(takeOver), configFile.removeLeftovers()]);
  if (!abandoned) return undefined;
  const work = { ...abandoned, journal, commonDir, configFile };
  const isComplete =
    (await isRecorded(ports, commonDir, work.entry)) || (await hasPushed(ports, local, work));
  try {
    if (isComplete) await finishConnect(ports, work);
    else await undoConnect(ports, local, work);
  } catch (error) {
    await journal.release();
    throw error;
  }
  await local.refresh();
  return isComplete ? "finished" : "undone";
}

async function isRecorded(ports: Ports, commonDir: string, entry: JournalEntry): Promise<boolean> {
  const records = await ports.connections.get(commonDir);
  return records.some((record) => record.startedAt === entry.startedAt);
}

/** The push is the last step: git has noted where the branch is, and everything before it is done. */
async function hasPushed(ports: Ports, local: LocalRepository, work: UnfinishedConnect): Promise<boolean> {
  const { entry, configFile } = work;
  if (entry.branch === undefined || entry.commit === undefined) return false;
  const config = await configFile.read();
  if (!entry.edits.every((edit) => isDone(config.get(edit.key) ?? [], edit))) return false;
  const tracking = `refs/remotes/${entry.remote}/${entry.branch}`;
  return (await findCommit(ports.openGit, local.root, tracking)) === entry.commit;
}

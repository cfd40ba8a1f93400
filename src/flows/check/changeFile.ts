import * as path from "node:path";
import { changeEntries, type EntryChange } from "./configEntries";
import { GitConfigFile } from "../../git/gitConfigFile";
import type { Undo } from "./finding";
import type { Ports } from "../ports";

interface Repository {
  readonly ports: Ports;
  readonly commonDir: string;
  readonly configFile: GitConfigFile;
}

/** Undone, the file is as it was; where somebody has changed it since, their change stays. */
export async function changeFile(
  place: Repository,
  file: string,
  changes: readonly EntryChange[],
): Promise<Undo> {
  if (changes.length === 0) return () => Promise.resolve();
  const { openGit } = place.ports;
  const dir = path.dirname(file);
  const configFile = new GitConfigFile(file, openGit);
  let [before, after] = ["", ""];
  await configFile.rewrite(async (text) => {
    after = await changeEntries(openGit, dir, text, changes);
    before = text;
    return after;
  });
  const undoRecords = await cleanRecords(place, file, changes);
  const inverse = changes.map(({ from, to }) => ({ ...(to && { from: to }), ...(from && { to: from }) }));
  return async () => {
    await configFile.rewrite((text) =>
      text === after ? Promise.resolve(before) : changeEntries(openGit, dir, text, inverse),
    );
    await undoRecords();
  };
}

/** The record of a connect has the config's text as it was, which is to be without the token too. */
async function cleanRecords(
  { ports, commonDir, configFile }: Repository,
  file: string,
  changes: readonly EntryChange[],
): Promise<Undo> {
  const records = file === configFile.file ? await ports.connections.get(commonDir) : [];
  for (const record of records) {
    let { text } = record;
    for (const change of changes)
      text = await changeEntries(ports.openGit, commonDir, text, [change]).catch(() => text); // not in this text
    if (text !== record.text) await ports.connections.save({ ...record, text });
  }
  return async () => {
    for (const record of records) await ports.connections.save(record);
  };
}

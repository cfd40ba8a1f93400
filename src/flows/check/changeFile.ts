import * as path from "node:path";
import { changeRecords, withRecords } from "./configChange";
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
  const inverse = changes.map(({ from, to }) => ({ ...(to && { from: to }), ...(from && { to: from }) }));
  const undoFile = () =>
    configFile.rewrite((text) =>
      text === after ? Promise.resolve(before) : changeEntries(openGit, dir, text, inverse),
    );
  return file === place.configFile.file ? withRecords(undoFile, cleanRecords(place, changes)) : undoFile;
}

/** The record of a connect has the config's text as it was, which is to be without the token too. */
function cleanRecords(place: Repository, changes: readonly EntryChange[]): Promise<Undo> {
  const { ports, commonDir } = place;
  return changeRecords(
    place,
    async (record) => {
      let { text } = record;
      for (const change of changes)
        text = await changeEntries(ports.openGit, commonDir, text, [change]).catch(() => text); // not in this text
      return text === record.text ? record : { ...record, text };
    },
    (now, { before, after }) => (now.text === after.text ? { ...now, text: before.text } : now),
  );
}

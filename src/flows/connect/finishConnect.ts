import { isSame, type Connection } from "../../credentials/connectionStore";
import { isAsLeft, type DoneEdit } from "../../git/gitConfigFile";
import type { Ports } from "../ports";
import type { UnfinishedConnect } from "./undoConnect";

/** Keeps the record that disconnecting needs, then lets go of all that undoing needed. */
export async function finishConnect(
  ports: Ports,
  { entry, text, journal, commonDir }: UnfinishedConnect,
): Promise<void> {
  const { startedAt, webUrl, workspace, slug, remote, remoteIsNew, renamed, gitAccess, edits } = entry;
  const repository = { startedAt, webUrl, workspace, slug, gitAccess };
  const record: Connection = {
    ...repository,
    remote,
    remoteIsNew,
    ...(renamed && { renamed }),
    edits,
    commonDir,
    text,
  };
  const earlier = (await ports.connections.get(commonDir)).find((one) => isSame(one, record));
  await ports.connections.save(earlier ? continueRecord(earlier, record) : record);
  // It is connected from here on, whether or not this can be tidied away; nobody knows the id once the journal is gone.
  await ports.tokens.dropChange(entry.id).catch(() => undefined);
  await journal.end();
}

/** Disconnecting goes back to before the first connect, whatever has been connected again since. */
function continueRecord(earlier: Connection, record: Connection): Connection {
  const edits = record.edits.map((edit) => {
    const first = earlier.edits.find((one) => one.key === edit.key);
    return first && isAsLeft(edit.before, first) ? { ...edit, before: first.before } : edit;
  });
  const untouched = earlier.edits.filter(
    (edit: DoneEdit) => !record.edits.some((one) => one.key === edit.key),
  );
  const isSameRemote = earlier.remote === record.remote;
  return {
    ...record,
    ...(earlier.renamed && { renamed: earlier.renamed }),
    remoteIsNew: isSameRemote ? earlier.remoteIsNew : record.remoteIsNew,
    edits: [...untouched, ...edits],
    text: earlier.text,
  };
}

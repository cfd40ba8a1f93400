import * as l10n from "@vscode/l10n";
import { hideTokens } from "../../bitbucket/token";
import { isSame, type Connection } from "../../credentials/connectionStore";
import { UserError } from "../../errors";
import { helperName } from "../../git/connectionConfig";
import { toDoneEdit, type DoneEdit, type GitConfigFile } from "../../git/gitConfigFile";
import { isSameList, type ConfigEdit, type GitConfig } from "../../git/gitConfigText";
import type { LocalRepository } from "../../git/localRepository";
import type { Ports } from "../ports";
import type { Undo } from "./finding";

/** Sets keys of one file. Throws where somebody else has changed one of them since `before` was read. */
export async function changeConfig(configFile: GitConfigFile, edits: readonly ConfigEdit[]): Promise<Undo> {
  const [config, text] = await Promise.all([configFile.read(), configFile.text()]);
  if (edits.some(({ key, before }) => !isSameList(config.get(key) ?? [], before))) throw hasChanged();
  await configFile.apply(edits);
  return () => configFile.revert(edits.map(toDoneEdit), text);
}

/** The same in a connected repository's config: disconnecting knows the new values as ours. */
export async function changeConnected(
  ports: Ports,
  commonDir: string,
  configFile: GitConfigFile,
  edits: readonly ConfigEdit[],
): Promise<Undo> {
  const done = edits.map(toDoneEdit);
  const undoConfig = await changeConfig(configFile, edits);
  return withRecords(
    undoConfig,
    changeRecords({ ports, commonDir }, (record) => adopt(record, done), disown),
  );
}

function adopt(record: Connection, done: readonly DoneEdit[]): Connection {
  if (!record.edits.some(({ key }) => findEdit(done, key))) return record;
  const edits = record.edits.map((one) => {
    const edit = findEdit(done, one.key);
    return edit ? { ...one, afterDigests: [...edit.afterDigests] } : one;
  });
  return { ...record, edits };
}

/** What a key was set to since stays known. */
function disown(now: Connection, { before, after }: RecordChange): Connection {
  const edits = now.edits.map((one) => {
    const [was, became] = [findEdit(before.edits, one.key), findEdit(after.edits, one.key)];
    const isAsLeft = became && isSameList(one.afterDigests, became.afterDigests);
    return was && isAsLeft ? { ...one, afterDigests: was.afterDigests } : one;
  });
  return { ...now, edits };
}

/** Changes what means nothing to git: comments, and the order of sections. Any other change is not made. */
export async function changeText(
  configFile: GitConfigFile,
  edit: (text: string) => string,
  undo: (text: string) => string,
): Promise<Undo> {
  const before = await configFile.text();
  const after = edit(before);
  await configFile.revert([], after);
  return async () => {
    const now = await configFile.text();
    await configFile.revert([], now === after ? before : undo(now));
  };
}

/** What a record of a connect was, and what it became. */
export interface RecordChange {
  readonly before: Connection;
  readonly after: Connection;
}

/** Changes what disconnecting goes by. Undone, a connection that has ended since stays so; of another, `undo` decides. */
export async function changeRecords(
  { ports: { connections }, commonDir }: { readonly ports: Ports; readonly commonDir: string },
  edit: (record: Connection) => Connection | Promise<Connection>,
  undo: (now: Connection, change: RecordChange) => Connection,
): Promise<Undo> {
  const changes: RecordChange[] = [];
  const takeBack = async () => {
    for (const now of await connections.get(commonDir)) {
      const change = changes.find(({ before }) => isSame(before, now));
      if (change) await connections.save(undo(now, change));
    }
  };
  try {
    for (const before of await connections.get(commonDir)) {
      const after = await edit(before);
      if (after === before) continue;
      await connections.save(after);
      changes.push({ before, after });
    }
  } catch (error) {
    await takeBack();
    throw error;
  }
  return takeBack;
}

/** The file's change is taken back where the records can't follow it. */
export async function withRecords(undoFile: Undo, changing: Promise<Undo>): Promise<Undo> {
  const undoRecords = await changing.catch(async (error: unknown) => {
    await undoFile();
    throw error;
  });
  return () => undoAll([undoRecords, undoFile]);
}

/** An edit of what the config has under a key now. */
export function editOf(config: GitConfig, key: string, after: readonly string[]): ConfigEdit {
  return { key, before: config.get(key) ?? [], after };
}

/** `key: before → after`. Neither a token nor what may hold one, a header or a helper's own commands, is shown. */
export function describeEdit({ key, before, after }: ConfigEdit): string {
  return `${maskUrl(key)}: ${describeValues(key, before)} → ${describeValues(key, after)}`;
}

function describeValues(key: string, values: readonly string[]): string {
  if (values.length === 0) return l10n.t("(not set)");
  const describe = describers.find(([end]) => key.endsWith(end))?.[1] ?? maskUrl;
  return values.map((value) => (value === "" ? l10n.t("(empty)") : describe(value))).join(", ");
}

const describers: readonly (readonly [end: string, describe: (value: string) => string])[] = [
  [".helper", describeHelper],
  [".extraheader", (value) => value.replace(/:.*$/s, ": …")],
];

/** A helper's name without its arguments; ours by the folder that it is in. */
export function describeHelper(value: string): string {
  const ours = helperPath(value);
  if (ours !== undefined) return ours;
  if (value.startsWith("!")) return l10n.t("a shell command");
  return hideTokens(/^\S*/.exec(value)?.[0] ?? "");
}

/** Where our helper's script is, as the config names it (see `helperConfigValue`). */
export function helperPath(value: string): string | undefined {
  const quoted = /test -r '((?:[^']|'\\'')*)'/.exec(value)?.[1];
  return quoted?.includes(helperName) ? quoted.replaceAll("'\\''", "'") : undefined;
}

/** A URL without what signs in. */
export function maskUrl(value: string): string {
  return hideTokens(value.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/]*@/gi, "$1…@"));
}

export function hasEffect({ before, after }: ConfigEdit): boolean {
  return !isSameList(before, after);
}

/** With what must still hold, by the repository that it is about: a guard throws where it does not. */
export interface GuardedUndo {
  (): Promise<void>;
  readonly guards?: ReadonlyMap<string, Undo>;
}

/** Takes changes back, the last one first; none of them where a guard throws. */
export async function undoAll(undos: readonly GuardedUndo[]): Promise<void> {
  for (const guard of guardsOf(undos).values()) await guard();
  for (const undo of [...undos].reverse()) await undo();
}

/** All of them as one, after which the editor looks at the repository again. */
export function refreshing(local: LocalRepository, undos: readonly GuardedUndo[]): GuardedUndo {
  const undo = async () => {
    await undoAll(undos);
    await local.refresh();
  };
  return Object.assign(undo, { guards: guardsOf(undos) });
}

/** Of several changes to one repository, the last says what it must be like now. */
function guardsOf(undos: readonly GuardedUndo[]): ReadonlyMap<string, Undo> {
  return new Map(undos.flatMap(({ guards }) => [...(guards ?? [])]));
}

function findEdit<T extends { readonly key: string }>(edits: readonly T[], key: string): T | undefined {
  return edits.find((edit) => edit.key === key);
}

export function hasChanged(): UserError {
  return new UserError(
    "RemoteExists",
    l10n.t("Git's config changed after the check, so nothing was done. Check the connection again."),
    { fixes: [{ kind: "retry", title: l10n.t("Check again"), change: {} }] },
  );
}

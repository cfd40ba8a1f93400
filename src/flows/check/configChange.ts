import * as l10n from "@vscode/l10n";
import { hideTokens } from "../../bitbucket/token";
import { UserError } from "../../errors";
import { helperName } from "../../git/connectionConfig";
import { toDoneEdit, type GitConfigFile } from "../../git/gitConfigFile";
import type { ConfigEdit, GitConfig } from "../../git/gitConfigText";
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
  const undoConfig = await changeConfig(configFile, edits);
  const records = await ports.connections.get(commonDir);
  const changed = records.filter((record) => record.edits.some(({ key }) => findEdit(edits, key)));
  for (const record of changed) {
    const adopted = record.edits.map((one) => {
      const edit = findEdit(edits, one.key);
      return edit ? { ...one, afterDigests: [...toDoneEdit(edit).afterDigests] } : one;
    });
    await ports.connections.save({ ...record, edits: adopted });
  }
  return async () => {
    await undoConfig();
    for (const record of changed) await ports.connections.save(record);
  };
}

/** Changes what means nothing to git: comments, and the order of sections. Any other change is not made. */
export async function changeText(
  configFile: GitConfigFile,
  edit: (text: string) => string,
  undo: (text: string) => string,
): Promise<Undo> {
  await configFile.revert([], edit(await configFile.text()));
  return async () => {
    await configFile.revert([], undo(await configFile.text()));
  };
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

/** Takes changes back, the last one first. */
export async function undoAll(undos: readonly Undo[]): Promise<void> {
  for (const undo of [...undos].reverse()) await undo();
}

function findEdit(edits: readonly ConfigEdit[], key: string): ConfigEdit | undefined {
  return edits.find((edit) => edit.key === key);
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

export function hasChanged(): UserError {
  return new UserError(
    "RemoteExists",
    l10n.t("git's config has changed since it was checked, so nothing was done. Check the connection again."),
    { fixes: [{ kind: "retry", title: l10n.t("Check again"), change: {} }] },
  );
}

import * as fs from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";
import type { GitDirs } from "./commonDir";
import type { OwnSetting } from "./gitSettings";

/**
 * The files that Git's configuration of a repository comes from, those that could become one included: a missing
 * `config.worktree`, what an `include` names and isn't there yet. `HEAD` decides `includeIf "onbranch:…"`.
 * https://git-scm.com/docs/git-config#FILES
 */
export function configFiles({ gitDir, commonDir }: GitDirs, settings: readonly OwnSetting[]): string[] {
  const named = settings.flatMap(({ key, value, file }) =>
    /^include(?:if\..*)?\.path$/s.test(key) ? [resolveInclude(value, file)] : [],
  );
  return [
    ...new Set([
      ...personalConfigFiles(),
      path.join(commonDir, "config"),
      path.join(gitDir, "config.worktree"),
      path.join(gitDir, "HEAD"),
      ...settings.flatMap(({ file }) => file ?? []),
      ...named,
    ]),
  ];
}

/** The machine's and the person's, whether they are there or not. */
export function personalConfigFiles(): readonly string[] {
  const { env } = process;
  const xdg = env["XDG_CONFIG_HOME"] || path.join(homedir(), ".config");
  const own = env["GIT_CONFIG_GLOBAL"] ?? "";
  return [
    env["GIT_CONFIG_SYSTEM"] || "/etc/gitconfig",
    ...(own === "" ? [path.join(xdg, "git", "config"), path.join(homedir(), ".gitconfig")] : [own]),
  ];
}

/** The files that tell where these refs are, in each way in which Git keeps them. */
export function refFiles({ gitDir, commonDir }: GitDirs, refs: readonly (string | undefined)[]): string[] {
  const loose = refs.flatMap((ref) => (ref === undefined ? [] : [path.join(commonDir, ...ref.split("/"))]));
  return [
    path.join(commonDir, "packed-refs"),
    path.join(commonDir, "reftable", "tables.list"),
    path.join(gitDir, "HEAD"),
    ...loose,
  ];
}

/** Changes with each of the files: Git writes a new file in the place of the old one. */
export async function versionOf(files: readonly string[]): Promise<string> {
  const stats = await Promise.all(files.map((file) => fs.stat(file).catch(() => undefined)));
  return stats
    .map((stat) => (stat ? `${stat.mtimeMs}:${stat.ctimeMs}:${stat.size}:${stat.ino}` : "-"))
    .join(" ");
}

function resolveInclude(value: string, from: string | undefined): string {
  if (value.startsWith("~/")) return path.join(homedir(), value.slice(2));
  return path.resolve(from === undefined ? homedir() : path.dirname(from), value);
}

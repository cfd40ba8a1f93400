import * as fs from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";
import { findGitDirs } from "./commonDir";
import { personalConfigFiles, versionOf } from "./readFiles";

const maxConfigBytes = 1024 * 1024;
const maxFiles = 100;

/**
 * Whether Git may know remotes otherwise than the editor, which reads `.git/config` alone and applies no rule. It only
 * looks whether the words stand anywhere: a window whose repositories are elsewhere pays for no Git process.
 */
export class RewriteRules {
  private readonly known = new Map<string, { readonly version: string; readonly mayDiffer: boolean }>();

  async mayDiffer(root: string): Promise<boolean> {
    if (process.env["GIT_CONFIG_COUNT"] || process.env["GIT_CONFIG_PARAMETERS"]) return true;
    const { gitDir, commonDir } = await findGitDirs(root);
    const own = path.join(commonDir, "config");
    const others = [...personalConfigFiles(), path.join(gitDir, "config.worktree")];
    const found = await Promise.all([
      this.look("own", [own], /insteadof|pushurl/i), // the editor knows one push URL of several
      this.look("others", others, /insteadof|\[\s*remote\b/i),
    ]);
    return found.includes(true);
  }

  /** In these files and in those that they include. */
  private async look(kind: string, start: readonly string[], words: RegExp): Promise<boolean> {
    const key = JSON.stringify([kind, start]);
    const known = this.known.get(key);
    const files = [...start];
    if (known && known.version === (await versionOf(files))) return known.mayDiffer;
    const version = await versionOf(files);
    const mayDiffer = await this.search(files, words);
    this.known.set(key, { version, mayDiffer });
    return mayDiffer;
  }

  private async search(files: string[], words: RegExp): Promise<boolean> {
    for (let next = 0; next < files.length; next++) {
      const file = files[next] ?? "";
      const text = await readSmall(file);
      if (text === undefined || next >= maxFiles || words.test(text)) return true;
      for (const included of includedFiles(text, file)) if (!files.includes(included)) files.push(included);
    }
    return false;
  }
}

/** Whatever is called `path`, of an `include` or not. */
function includedFiles(text: string, from: string): readonly string[] {
  const isIncluding = /\[\s*include/i.test(text);
  if (!isIncluding) return [];
  return [...text.matchAll(/^[ \t]*path[ \t]*=[ \t]*"?([^"\n\r]{1,4096})/gim)].map(([, value = ""]) => {
    const name = value.trim();
    return name.startsWith("~/")
      ? path.join(homedir(), name.slice(2))
      : path.resolve(path.dirname(from), name);
  });
}

/** Empty where there is none; undefined where it can't be looked at, and so may say anything. */
async function readSmall(file: string): Promise<string | undefined> {
  const stat = await fs.stat(file).catch(() => undefined);
  if (!stat) return "";
  if (!stat.isFile() || stat.size > maxConfigBytes) return undefined;
  return fs.readFile(file, "utf8").catch(() => undefined);
}

import * as fs from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";
import { findGitDirs } from "./commonDir";
import { personalConfigFiles, versionOf } from "./readFiles";

const maxConfigBytes = 1024 * 1024;
const maxFiles = 100;

/** Something that can't be looked at may say anything. */
const anything = "\\";

/**
 * Whether Git may know remotes at this host otherwise than the editor, which reads `.git/config` alone and applies no
 * rule. It only looks at the words that stand in the files: a window whose repositories are elsewhere pays for no Git
 * process, whatever rules a person has.
 */
export class RewriteRules {
  private readonly known = new Map<string, { readonly version: string; readonly text: string }>();

  async mayDiffer(root: string, host: string): Promise<boolean> {
    const { gitDir, commonDir } = await findGitDirs(root);
    const [own = "", ...included] = await this.textsOf([path.join(commonDir, "config")]);
    const personal = await this.textsOf([...personalConfigFiles(), path.join(gitDir, "config.worktree")]);
    const others = [...included, ...personal, ...environmentTexts()];
    const all = [own, ...others];
    if (all.includes(anything)) return true;
    if (!all.some((text) => mentions(text, host))) return false;
    if (/pushurl/i.test(own)) return true; // of several the editor knows one
    if (others.some((text) => /\[\s*remote\s+"|^(?:remote|url)\./im.test(text))) return true;
    const prefixes = all.flatMap((text) => prefixesOf(text, host));
    const urls = valuesOf(own, "url");
    return urls.some((url) => prefixes.some((one) => one.includes("\\") || url.startsWith(one)));
  }

  /** Of these files, and then of those that they include. */
  private async textsOf(start: readonly string[]): Promise<readonly string[]> {
    const files = [...start];
    const texts: string[] = [];
    for (let next = 0; next < files.length; next++) {
      const file = files[next] ?? "";
      const text = next < maxFiles ? await this.textOf(file) : anything;
      texts.push(text);
      if (next >= maxFiles) break;
      for (const included of includedFiles(text, file)) if (!files.includes(included)) files.push(included);
    }
    return texts;
  }

  private async textOf(file: string): Promise<string> {
    const version = await versionOf([file]);
    const known = this.known.get(file);
    if (known?.version === version) return known.text;
    const text = await readSmall(file);
    this.known.set(file, { version, text });
    return text;
  }
}

/** Settings that came with the process, each in its own variable. */
function environmentTexts(): readonly string[] {
  const names = /^GIT_CONFIG_(?:KEY_|VALUE_|PARAMETERS$)/;
  return Object.entries(process.env).flatMap(([name, value]) =>
    names.test(name) && value !== undefined ? [value] : [],
  );
}

function mentions(text: string, host: string): boolean {
  return text.toLowerCase().includes(host.toLowerCase());
}

/** What the rules rewrite that lead to this host, or away from it. */
function prefixesOf(text: string, host: string): readonly string[] {
  const sections = text.matchAll(/\[\s*url\s+"([^"\n]*)"\s*\]([^[]*)/gi);
  return [...sections].flatMap(([, base = "", body = ""]) =>
    valuesOf(body, "(?:push)?insteadof").filter((value) => mentions(base, host) || mentions(value, host)),
  );
}

/** What stands behind the name, in a section's line too, as far as one can say without reading as Git does. */
function valuesOf(text: string, name: string): readonly string[] {
  const lines = text.matchAll(
    new RegExp(`(?:^|[\\s\\]])${name}[ \\t]*=[ \\t]*"?([^"\\r\\n]{0,4096})`, "gim"),
  );
  return [...lines].map(([, value = ""]) => value.split(/\s[#;]/)[0]?.trim() ?? "");
}

/** Whatever is called `path`, of an `include` or not. */
function includedFiles(text: string, from: string): readonly string[] {
  if (!/\[\s*include/i.test(text)) return [];
  return valuesOf(text, "path").map((name) =>
    name.startsWith("~/") ? path.join(homedir(), name.slice(2)) : path.resolve(path.dirname(from), name),
  );
}

async function readSmall(file: string): Promise<string> {
  const stat = await fs.stat(file).catch(() => undefined);
  if (!stat) return "";
  if (!stat.isFile() || stat.size > maxConfigBytes) return anything;
  return fs.readFile(file, "utf8").catch(() => anything);
}

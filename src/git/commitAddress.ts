import * as fs from "node:fs/promises";
import * as path from "node:path";
import { findCommonDir } from "./localRepository";

/**
 * `user.email` as a repository's own config has it. The git API knows it only by starting a git for each question, so
 * the file is read instead: once, and again when its time or size has changed.
 */
export class CommitAddresses {
  private readonly known = new Map<
    string,
    { readonly version: string; readonly address: string | undefined }
  >();

  async get(root: string): Promise<string | undefined> {
    const file = path.join(await findCommonDir(root), "config");
    const { mtimeMs, size, ino } = await fs.stat(file);
    const version = `${mtimeMs}:${size}:${ino}`;
    const known = this.known.get(file);
    if (known?.version === version) return known.address;
    const address = readUserEmail(await fs.readFile(file, "utf8"));
    this.known.set(file, { version, address });
    return address;
  }
}

/** The last `email` of a `[user]` section, as git reads it. https://git-scm.com/docs/git-config#_syntax */
export function readUserEmail(text: string): string | undefined {
  let isUser = false;
  let address: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[\s*([^\]]*?)\s*\](.*)$/.exec(line);
    if (section) isUser = section[1]?.toLowerCase() === "user";
    const value = isUser ? /^\s*email\s*=\s*(.*)$/i.exec(section?.[2] ?? line)?.[1] : undefined;
    if (value !== undefined) address = unquote(value);
  }
  return address;
}

function unquote(value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(value)?.[1];
  return quoted?.replace(/\\(.)/g, "$1") ?? value.replace(/\s*[#;].*$/, "").trim();
}

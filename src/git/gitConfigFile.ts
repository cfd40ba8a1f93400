import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { OpenGit } from "./openGit";

/** All values of each key, in order. Keys as git lists them: section and name in lower case. */
export type GitConfig = ReadonlyMap<string, readonly string[]>;

/** One key's values, before and after. An empty list: the key isn't there. */
export interface ConfigEdit {
  readonly key: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const lockAttempts = 40;
const lockPauseMs = 25;

/**
 * One git config file, edited so that other programs see all edits or none: git itself edits a copy, and the copy
 * takes the file's place under git's own lock. Values that hold a secret never stand in a process's arguments.
 */
export class GitConfigFile {
  constructor(
    readonly file: string,
    private readonly openGit: OpenGit,
  ) {}

  read(): Promise<GitConfig> {
    return this.list(this.file);
  }

  async text(): Promise<string> {
    return fs.readFile(this.file, "utf8");
  }

  /** Sets each key to its `after`. */
  async apply(edits: readonly ConfigEdit[]): Promise<void> {
    await this.transform(async (copy) => {
      for (const edit of edits) await this.set(copy, edit.key, edit.after);
    });
  }

  /**
   * Takes edits back: each key that still is as we left it (or half-way there, after a crash) gets its `before`;
   * what somebody changed since stays. Where the result means the same as `text`, the file becomes that text.
   */
  async revert(edits: readonly ConfigEdit[], text?: string): Promise<void> {
    await this.transform(async (copy) => {
      const now = await this.list(copy);
      for (const edit of [...edits].reverse()) {
        const current = now.get(edit.key) ?? [];
        if (isOurs(current, edit.after)) await this.set(copy, edit.key, edit.before);
      }
      if (text !== undefined && (await this.meansTheSame(copy, text))) await fs.writeFile(copy, text);
    });
  }

  /** Copies that a killed editor left behind. */
  async removeLeftovers(): Promise<void> {
    const dir = path.dirname(this.file);
    const leftovers = (await fs.readdir(dir)).filter((name) => name.startsWith(this.copyPrefix()));
    await Promise.all(leftovers.map((name) => fs.rm(path.join(dir, name), { force: true })));
  }

  private copyPrefix(): string {
    return `${path.basename(this.file)}.bitbucket-connect-`;
  }

  private async transform(edit: (copy: string) => Promise<void>): Promise<void> {
    const copy = path.join(path.dirname(this.file), this.copyPrefix() + randomBytes(6).toString("hex"));
    try {
      for (let attempt = 0; attempt < lockAttempts; attempt++) {
        const before = await fs.readFile(this.file, "utf8");
        await fs.writeFile(copy, before, { mode: (await fs.stat(this.file)).mode });
        await edit(copy);
        const after = await fs.readFile(copy, "utf8");
        if (before === after || (await this.replace(before, after))) return;
        await delay(lockPauseMs);
      }
    } finally {
      await fs.rm(copy, { force: true });
    }
    throw new Error(`could not lock config file ${this.file}: another git process holds it`);
  }

  /** False where somebody else holds the lock, or has changed the file since `before` was read. */
  private async replace(before: string, after: string): Promise<boolean> {
    const lock = `${this.file}.lock`;
    const { mode } = await fs.stat(this.file);
    const handle = await fs.open(lock, "wx", mode).catch((error: unknown) => {
      if (isFileExists(error)) return undefined;
      throw error;
    });
    if (!handle) return false;
    try {
      const isUnchanged = (await fs.readFile(this.file, "utf8")) === before;
      if (isUnchanged) await handle.writeFile(after);
      await handle.close();
      if (isUnchanged) await fs.rename(lock, await fs.realpath(this.file));
      return isUnchanged;
    } finally {
      await fs.rm(lock, { force: true });
    }
  }

  private async set(file: string, key: string, values: readonly string[]): Promise<void> {
    const git = this.openGit({ dir: path.dirname(file) });
    const current = (await this.list(file)).get(key) ?? [];
    if (current.length === values.length && current.every((value, i) => value === values[i])) return;
    const [first] = values;
    if (first !== undefined && values.length === 1 && current.length === 1) {
      await this.write(file, key, first, "--replace-all");
      return;
    }
    if (current.length > 0) await git.raw(["config", "--file", file, "--unset-all", key]);
    for (const value of values) await this.write(file, key, value, "--add");
  }

  /** git escapes the value; one with a secret in it is put in the place of a stand-in afterwards. */
  private async write(file: string, key: string, value: string, verb: "--add" | "--replace-all"): Promise<void> {
    const git = this.openGit({ dir: path.dirname(file) });
    const hasSecret = /^[a-z+]+:\/\/[^/@]*:[^/@]*@/i.test(value) && /^[\x21\x23-\x3a\x3c-\x5b\x5d-\x7e]+$/.test(value);
    const standIn = `stand-in-${randomBytes(12).toString("hex")}`;
    await git.raw(["config", "--file", file, verb, key, hasSecret ? standIn : value]);
    if (!hasSecret) return;
    const text = await fs.readFile(file, "utf8");
    await fs.writeFile(file, text.replace(standIn, () => value.replaceAll("#", "%23")));
  }

  private async list(file: string): Promise<GitConfig> {
    const output = await this.openGit({ dir: path.dirname(file) }).raw(["config", "--file", file, "-z", "--list"]);
    return parseConfigList(output);
  }

  private async meansTheSame(file: string, text: string): Promise<boolean> {
    const other = `${file}-other`;
    try {
      await fs.writeFile(other, text, { mode: 0o600 });
      const [left, right] = await Promise.all([this.list(file), this.list(other)]);
      return serialize(left) === serialize(right);
    } finally {
      await fs.rm(other, { force: true });
    }
  }
}

/** The output of `git config -z --list`: `key LF value NUL`, a key without `=` having no LF. */
export function parseConfigList(output: string): GitConfig {
  const config = new Map<string, string[]>();
  for (const entry of output.split("\0")) {
    if (entry === "") continue;
    const end = entry.indexOf("\n");
    const key = end < 0 ? entry : entry.slice(0, end);
    const value = end < 0 ? "true" : entry.slice(end + 1);
    config.set(key, [...(config.get(key) ?? []), value]);
  }
  return config;
}

function isOurs(current: readonly string[], after: readonly string[]): boolean {
  return current.length <= after.length && current.every((value, i) => value === after[i]);
}

function serialize(config: GitConfig): string {
  return JSON.stringify([...config].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isFileExists(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}

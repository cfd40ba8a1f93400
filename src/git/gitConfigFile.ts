import * as l10n from "@vscode/l10n";
import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import { hostname } from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../errors";
import { isFileExists } from "../fileErrors";
import { isRunning } from "../isRunning";
import { renameFile } from "../smallFile";
import {
  appendSections,
  isSameConfig,
  isSameList,
  quote,
  toConfig,
  type ConfigEdit,
  type GitConfig,
} from "./gitConfigText";
import type { OpenGit } from "./openGit";
import { readConfigText } from "./readConfigText";

/** An edit as it is kept for taking it back: what was set is known by its digest alone, since it may hold a secret. */
export interface DoneEdit {
  readonly key: string;
  readonly before: readonly string[];
  readonly afterDigests: readonly string[];
}

/** The copies that this very process is writing: a pid alone may be a dead one's, come round again. */
const ours = new Set<string>();
const oneDayMs = 24 * 60 * 60 * 1000;

const lockAttempts = 40;
const lockPauseMs = 25;

/**
 * One git config file, edited so that other programs see all edits or none: git itself edits a copy, and the copy
 * takes the file's place under git's own lock. Values that hold a secret never stand in a process's arguments.
 */
export class GitConfigFile {
  /** What a text means: git is asked again for another text alone. */
  private known: { readonly text: string; readonly config: GitConfig } | undefined;

  constructor(
    readonly file: string,
    private readonly openGit: OpenGit,
  ) {}

  async read(): Promise<GitConfig> {
    return this.parse(await this.text());
  }

  /** Throws where it is no UTF-8, which could not be written back as it was. */
  async text(): Promise<string> {
    const bytes = await fs.readFile(this.file);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw notUtf8(this.file);
    }
  }

  /** Sets each key to its `after`. */
  async apply(edits: readonly ConfigEdit[]): Promise<void> {
    if (edits.length === 0) return;
    await this.transform(async (copy, before) => {
      const now = await this.append(copy, before, edits);
      for (const { key, after } of edits) await this.set(copy, key, now.get(key) ?? [], after);
    });
  }

  /**
   * Takes edits back: each key that still is as we left it (or half-way there, after a crash) gets its `before`;
   * what somebody changed since stays. Where the result means the same as `text`, the file becomes that text.
   */
  async revert(edits: readonly DoneEdit[], text: string): Promise<void> {
    await this.transform(async (copy, before) => {
      const now = await this.parse(before);
      for (const edit of [...edits].reverse()) {
        const current = now.get(edit.key) ?? [];
        if (isAsLeft(current, edit)) await this.set(copy, edit.key, current, edit.before);
      }
      const left = await this.parse(await fs.readFile(copy, "utf8"));
      if (isSameConfig(left, await this.parse(text))) await fs.writeFile(copy, text);
    });
  }

  /** Changes the text itself. `edit` is asked anew where another program was faster. */
  async rewrite(edit: (text: string) => Promise<string>): Promise<void> {
    await this.transform(async (copy, before) => {
      await fs.writeFile(copy, await edit(before));
    });
  }

  /** Copies that a killed editor left behind, and the lock if it is one of them: they may hold a token. */
  async removeLeftovers(): Promise<void> {
    const dir = path.dirname(this.file);
    const names = await fs.readdir(dir).catch(() => []);
    for (const name of names.filter((one) => one.startsWith(this.copyPrefix()))) {
      const copy = path.join(dir, name);
      if (await isBeingWritten(copy, name.slice(this.copyPrefix().length))) continue;
      if (await isSameFile(copy, this.lock)) await fs.rm(this.lock, { force: true });
      await fs.rm(copy, { force: true });
    }
  }

  private get lock(): string {
    return `${this.file}.lock`;
  }

  private copyPrefix(): string {
    return `${path.basename(this.file)}.bitbucket-connect-`;
  }

  private async transform(edit: (copy: string, before: string) => Promise<void>): Promise<void> {
    await this.removeLeftovers();
    const name = `${thisHost()}-${process.pid}-${randomBytes(6).toString("hex")}`;
    const copy = path.join(path.dirname(this.file), this.copyPrefix() + name);
    ours.add(copy);
    try {
      for (let attempt = 0; attempt < lockAttempts; attempt++) {
        const before = await this.text();
        await fs.writeFile(copy, before, { mode: 0o600 });
        const mode = (await fs.stat(this.file)).mode & 0o7777;
        await fs.chmod(copy, mode);
        await edit(copy, before);
        const after = await fs.readFile(copy, "utf8");
        if (holdsPassword(after)) await fs.chmod(copy, mode & ~0o077);
        if (before === after || (await this.replace(before, copy))) return;
        await delay(lockPauseMs);
      }
    } finally {
      ours.delete(copy);
      await fs.rm(copy, { force: true });
    }
    throw isLocked(this.file, this.lock);
  }

  /** False where somebody else holds the lock, or has changed the file since `before` was read. */
  private async replace(before: string, copy: string): Promise<boolean> {
    if (!(await this.takeLock(copy))) return false;
    let isHeld = true;
    try {
      if ((await this.text()) !== before) return false;
      await renameFile(this.lock, await fs.realpath(this.file));
      isHeld = false; // from here on the name may be another program's lock
      return true;
    } finally {
      if (isHeld) await fs.rm(this.lock, { force: true });
    }
  }

  /**
   * The lock is the copy under another name, so that one left by a killed editor is known as ours. Where the disk has
   * no hard links it is a second copy.
   */
  private async takeLock(copy: string): Promise<boolean> {
    try {
      await fs.link(copy, this.lock).catch((error: unknown) => {
        if (isFileExists(error)) throw error;
        return fs.copyFile(copy, this.lock, fs.constants.COPYFILE_EXCL);
      });
      return true;
    } catch (error) {
      if (isFileExists(error)) return false;
      throw error;
    }
  }

  /** Adds whole sections as text, and lets git say that they mean what they should. Returns what the copy says then. */
  private async append(copy: string, before: string, edits: readonly ConfigEdit[]): Promise<GitConfig> {
    const now = await this.parse(before);
    const wanted = appendSections(before, now, edits);
    if (wanted.text === before) return now;
    const config = await this.parse(wanted.text);
    if (!isSameConfig(config, wanted.config)) return now;
    await fs.writeFile(copy, wanted.text);
    return config;
  }

  private async set(
    file: string,
    key: string,
    current: readonly string[],
    values: readonly string[],
  ): Promise<void> {
    if (isSameList(current, values)) return;
    const git = this.openGit({ dir: path.dirname(file) });
    const [first] = values;
    if (first !== undefined && values.length === 1 && current.length === 1) {
      await this.write(file, key, first, "--replace-all");
      return;
    }
    if (current.length > 0) await git.raw(["config", "--file", file, "--unset-all", key]);
    for (const value of values) await this.write(file, key, value, "--add");
  }

  /** git escapes the value; one with a secret in it is put in the place of a stand-in afterwards. */
  private async write(
    file: string,
    key: string,
    value: string,
    verb: "--add" | "--replace-all",
  ): Promise<void> {
    const git = this.openGit({ dir: path.dirname(file) });
    const standIn = mayHoldSecret(value) ? `stand-in-${randomBytes(12).toString("hex")}` : undefined;
    await git.raw(["config", "--file", file, verb, key, standIn ?? value]);
    if (standIn === undefined) return;
    const text = await fs.readFile(file, "utf8");
    await fs.writeFile(
      file,
      text.replace(standIn, () => quote(value)),
    );
  }

  private async parse(text: string): Promise<GitConfig> {
    if (this.known?.text === text) return this.known.config;
    const config = toConfig(await readConfigText(this.openGit, path.dirname(this.file), text));
    this.known = { text, config };
    return config;
  }
}

/** The config that all worktrees of a repository share. */
export function configFileOf(commonDir: string, openGit: OpenGit): GitConfigFile {
  return new GitConfigFile(path.join(commonDir, "config"), openGit);
}

export function toDoneEdit(edit: ConfigEdit): DoneEdit {
  return { key: edit.key, before: edit.before, afterDigests: edit.after.map(digest) };
}

function digest(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}

/** As we left it, or as far as we came. */
export function isAsLeft(current: readonly string[], edit: DoneEdit): boolean {
  return (
    current.length <= edit.afterDigests.length &&
    current.every((value, i) => digest(value) === edit.afterDigests[i])
  );
}

export function isDone(current: readonly string[], edit: DoneEdit): boolean {
  return current.length === edit.afterDigests.length && isAsLeft(current, edit);
}

/** A URL that signs in (a token may stand in the user name's place as well), a header, a helper's own shell command. */
function mayHoldSecret(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/]*@|^\s*authorization\s*:|^!|password=/i.test(value);
}

/** Then nobody but its owner may read the file. */
function holdsPassword(text: string): boolean {
  return /:\/\/[^\s/@:]{1,300}:[^\s/@]{1,5000}@/.test(text);
}

function notUtf8(file: string): UserError {
  const message = l10n.t(
    "{0} isn't UTF-8, so changing it would damage it. Save it as UTF-8, then try again.",
    file,
  );
  return new UserError("NotARepository", message, { field: "folder" });
}

/** A git at work, or one that crashed: nobody can tell which. */
export function isLocked(file: string, lock: string): UserError {
  const message = l10n.t(
    "Another Git process locks {0}. Try again; if no Git is running, delete {1} first.",
    file,
    path.basename(lock),
  );
  return new UserError("RemoteExists", message, {
    fixes: [{ kind: "retry", title: l10n.t("Try again"), change: {} }],
  });
}

/** Another program was writing the config: git's words are in the message, or beside it in the editor's errors. */
export function isConfigLocked(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const stderr = "stderr" in error && typeof error.stderr === "string" ? error.stderr : "";
  return /could not lock config file/.test(`${error.message} ${stderr}`);
}

/** By the writer in the copy's name; another host's (a shared disk, a container) is left to that host, for a day. */
async function isBeingWritten(copy: string, name: string): Promise<boolean> {
  const [, host, pid] = /^([0-9a-f]{8})-(\d+)-[0-9a-f]{12}$/.exec(name) ?? [];
  if (host === undefined) return false;
  if (host === thisHost()) return Number(pid) === process.pid ? ours.has(copy) : isRunning(Number(pid));
  const writtenAt = (await fs.stat(copy).catch(() => undefined))?.mtimeMs ?? 0;
  return Date.now() - writtenAt < oneDayMs;
}

function thisHost(): string {
  return digest(hostname()).slice(0, 8);
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [left, right] = await Promise.all([one, other].map((file) => fs.stat(file).catch(() => undefined)));
  return left !== undefined && right !== undefined && left.ino === right.ino && left.dev === right.dev;
}

import { randomBytes, randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import { hostname } from "node:os";
import * as path from "node:path";
import * as v from "valibot";
import { connectionFields } from "../../credentials/connectionStore";
import type { ConfigEdit } from "../../git/gitConfigText";
import { isFileExists } from "../../fileErrors";
import { toDoneEdit } from "../../git/gitConfigFile";
import { isRunning } from "../../isRunning";
import { readSmallFile, renameFile } from "../../smallFile";

/**
 * What a connect is about to change in a repository, written beside its config before the first change and deleted
 * after the last, so that whoever finds it can undo or finish the work of an editor that was killed. The config's own
 * text stands in a second file, which holds no more than the config itself did.
 */
const journalEntry = v.object({
  version: v.literal(1),
  /** Names this connect in SecretStorage too, where what undoing needs of the token is. */
  id: v.string(),
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  host: v.string(),
  /** Milliseconds since 1970. */
  startedAt: v.number(),
  ...connectionFields,
  branch: v.optional(v.string()),
  /** The branch's commit, to know whether the push arrived. */
  commit: v.optional(v.string()),
});
export type JournalEntry = v.InferOutput<typeof journalEntry>;

export type NewJournalEntry = Omit<
  JournalEntry,
  "version" | "id" | "pid" | "host" | "startedAt" | "edits"
> & {
  readonly edits: readonly ConfigEdit[];
};

/** The journals that this very process is writing: a pid alone may be a dead one's, come round again. */
const ours = new Set<string>();
const recovering = new Set<string>();
const oneMinuteMs = 60 * 1000;
const oneDayMs = 24 * 60 * 60 * 1000;
/** A config's text, and what a connect changes in it, with room to spare. */
const maxTextBytes = 4 * 1024 * 1024;

export class Journal {
  private readonly entryFile: string;
  private readonly textFile: string;
  private readonly claimFile: string;

  constructor(
    private readonly commonDir: string,
    /** SecretStorage knows its id: what a folder brings along is no authority. */
    private readonly isKnown: (id: string) => Promise<boolean>,
  ) {
    this.entryFile = path.join(commonDir, "bitbucket-connect.journal");
    this.textFile = path.join(commonDir, "bitbucket-connect.config");
    this.claimFile = path.join(commonDir, "bitbucket-connect.recovery");
  }

  /** `text`: the config before any change. Undefined where another window was faster. */
  async begin(entry: NewJournalEntry, text: string): Promise<JournalEntry | undefined> {
    const edits = entry.edits.map((edit) => {
      const { key, before, afterDigests } = toDoneEdit(edit);
      return { key, before: [...before], afterDigests: [...afterDigests] };
    });
    const owner = { pid: process.pid, host: hostname(), startedAt: Date.now() };
    const whole: JournalEntry = { ...entry, version: 1, id: randomUUID(), ...owner, edits };
    if (await this.findHolder()) return undefined;
    await removeUnfinished(this.commonDir);
    // A text without an entry, or an entry that can't be read, is of a beginning that changed nothing yet.
    if ((await this.read()) === undefined) await fs.rm(this.entryFile, { force: true });
    await writeDurably(this.textFile, text);
    if (!(await writeDurably(this.entryFile, JSON.stringify(whole), "exclusively"))) return undefined;
    ours.add(this.entryFile);
    return whole;
  }

  /**
   * What an editor left unfinished, unless it is still at it, or another is at its recovery. `takeOver`: the person says
   * that nobody else is at it.
   */
  async findAbandoned(takeOver = false): Promise<{ entry: JournalEntry; text: string } | undefined> {
    await removeUnfinished(this.commonDir);
    const entry = await this.read();
    if (!entry || ours.has(this.entryFile)) return undefined;
    if (!takeOver && (await this.isAtWork(entry))) return undefined;
    if (!(await this.claim())) return undefined;
    if (!(await this.isKnown(entry.id))) {
      await this.end(); // nothing was changed yet, everything is done, or it is a stranger's
      return undefined;
    }
    return { entry, text: (await readSmallFile(this.textFile, maxTextBytes)) ?? "" };
  }

  /** While this or another window connects the repository: where it does. */
  async findHolder(): Promise<{ readonly host: string; readonly isThisWindow: boolean } | undefined> {
    const entry = await this.read();
    if (entry === undefined || !(await this.isAtWork(entry))) return undefined;
    return { host: entry.host, isThisWindow: ours.has(this.entryFile) };
  }

  async end(): Promise<void> {
    await fs.rm(this.entryFile, { force: true });
    await fs.rm(this.textFile, { force: true });
    await this.release();
  }

  /** Leaves the journal for the next start or try to recover from. */
  async release(): Promise<void> {
    ours.delete(this.entryFile);
    recovering.delete(this.claimFile);
    await fs.rm(this.claimFile, { force: true });
  }

  /** Two windows, or two worktrees of one repository, must not recover it at the same time. */
  private async claim(): Promise<boolean> {
    if (recovering.has(this.claimFile)) return false;
    recovering.add(this.claimFile);
    const claimant = Number(await fs.readFile(this.claimFile, "utf8").catch(() => "0"));
    const isTaken = claimant !== 0 && claimant !== process.pid && isRunning(claimant);
    if (!isTaken && claimant !== 0) await fs.rm(this.claimFile, { force: true });
    const isOurs = !isTaken && (await writeDurably(this.claimFile, String(process.pid), "exclusively"));
    if (!isOurs) recovering.delete(this.claimFile);
    return isOurs;
  }

  private async read(): Promise<JournalEntry | undefined> {
    const text = await readSmallFile(this.entryFile, maxTextBytes);
    if (text === undefined) return undefined;
    const parsed = v.safeParse(journalEntry, parseJson(text));
    return parsed.success ? parsed.output : undefined;
  }

  /** Another host's journal (a shared disk, a container) is left to that host, for a day. */
  private async isAtWork(entry: JournalEntry): Promise<boolean> {
    const ageMs = Date.now() - entry.startedAt;
    if (ageMs < -oneMinuteMs || ageMs > oneDayMs) return false;
    if (ageMs > oneMinuteMs && !(await this.isKnown(entry.id))) return false;
    if (entry.host !== hostname()) return true;
    return entry.pid === process.pid ? ours.has(this.entryFile) : isRunning(entry.pid);
  }
}

/** False where it had to be there first and wasn't. */
async function writeDurably(file: string, text: string, how?: "exclusively"): Promise<boolean> {
  const unfinished = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await writeNew(unfinished, text);
    if (how === "exclusively") return await moveExclusively(unfinished, file);
    await renameFile(unfinished, file);
    return true;
  } finally {
    await fs.rm(unfinished, { force: true });
  }
}

/** Never through a link that stands under that name. */
async function writeNew(file: string, text: string): Promise<void> {
  const handle = await fs.open(file, "wx", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename would take the place of what another window wrote; where the disk has no hard links, a copy serves. */
async function moveExclusively(from: string, to: string): Promise<boolean> {
  try {
    await fs.link(from, to).catch((error: unknown) => {
      if (isFileExists(error)) throw error;
      return fs.copyFile(from, to, fs.constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (isFileExists(error)) return false;
    throw error;
  }
}

/** What editors that were killed while they wrote left unfinished: writing takes far less than a minute, on any host. */
async function removeUnfinished(commonDir: string): Promise<void> {
  const names = await fs.readdir(commonDir).catch(() => []);
  for (const name of names.filter((one) => /^bitbucket-connect\.[a-z]+\.[0-9a-f]{12}$/.test(one))) {
    const file = path.join(commonDir, name);
    const changedAt = (await fs.lstat(file).catch(() => undefined))?.mtimeMs ?? Number.POSITIVE_INFINITY;
    // One that can't be removed is in nobody's way.
    if (Date.now() - changedAt > oneMinuteMs) await fs.rm(file, { force: true }).catch(() => undefined);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it
  }
}

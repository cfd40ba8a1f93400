import * as fs from "node:fs/promises";
import { hostname } from "node:os";
import * as path from "node:path";
import * as v from "valibot";
import type { ConfigEdit } from "../git/gitConfigFile";
import { toDoneEdit } from "../git/gitConfigFile";

/**
 * What a connect is about to change in a repository, written beside its config before the first change and deleted
 * after the last, so that whoever finds it can undo or finish the work of an editor that was killed. The config's own
 * text stands in a second file, which holds no more than the config itself did.
 */
const journalEntry = v.object({
  version: v.literal(1),
  pid: v.number(),
  host: v.string(),
  /** Milliseconds since 1970. */
  startedAt: v.number(),
  webUrl: v.string(),
  workspace: v.string(),
  slug: v.string(),
  remote: v.string(),
  remoteIsNew: v.boolean(),
  renamed: v.optional(v.object({ from: v.string(), to: v.string() })),
  gitAccess: v.picklist(["vscode", "credentialHelper", "remoteUrl"]),
  branch: v.optional(v.string()),
  /** The branch's commit, to know whether the push arrived. */
  commit: v.optional(v.string()),
  edits: v.array(
    v.object({ key: v.string(), before: v.array(v.string()), afterDigests: v.array(v.string()) }),
  ),
});
export type JournalEntry = v.InferOutput<typeof journalEntry>;

export type NewJournalEntry = Omit<JournalEntry, "version" | "pid" | "host" | "startedAt" | "edits"> & {
  readonly edits: readonly ConfigEdit[];
};

/** The journals that this very process is writing: a pid alone may be a dead one's, come round again. */
const ours = new Set<string>();
const oneDayMs = 24 * 60 * 60 * 1000;

export class Journal {
  private readonly entryFile: string;
  private readonly textFile: string;

  constructor(commonDir: string) {
    this.entryFile = path.join(commonDir, "bitbucket-connect.journal");
    this.textFile = path.join(commonDir, "bitbucket-connect.config");
  }

  /** `text`: the config before any change. */
  async begin(entry: NewJournalEntry, text: string): Promise<JournalEntry> {
    const edits = entry.edits.map((edit) => {
      const { key, before, afterDigests } = toDoneEdit(edit);
      return { key, before: [...before], afterDigests: [...afterDigests] };
    });
    const owner = { pid: process.pid, host: hostname(), startedAt: Date.now() };
    const whole: JournalEntry = { ...entry, version: 1, ...owner, edits };
    ours.add(this.entryFile);
    await writeDurably(this.textFile, text);
    await writeDurably(this.entryFile, JSON.stringify(whole));
    return whole;
  }

  /** What an editor left unfinished, unless it is still at it. */
  async findAbandoned(): Promise<{ entry: JournalEntry; text: string } | undefined> {
    const entry = await this.read();
    if (!entry || this.isAtWork(entry)) return undefined;
    return { entry, text: await fs.readFile(this.textFile, "utf8") };
  }

  /** True while this or another window connects the repository. */
  async isHeld(): Promise<boolean> {
    const entry = await this.read();
    return entry !== undefined && this.isAtWork(entry);
  }

  async end(): Promise<void> {
    await fs.rm(this.entryFile, { force: true });
    await fs.rm(this.textFile, { force: true });
    ours.delete(this.entryFile);
  }

  private async read(): Promise<JournalEntry | undefined> {
    const text = await fs.readFile(this.entryFile, "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    const parsed = v.safeParse(journalEntry, parseJson(text));
    return parsed.success ? parsed.output : undefined;
  }

  /** Another host's journal (a shared disk, a container) is left to that host, for a day. */
  private isAtWork(entry: JournalEntry): boolean {
    if (Date.now() - entry.startedAt > oneDayMs) return false;
    if (entry.host !== hostname()) return true;
    return entry.pid === process.pid ? ours.has(this.entryFile) : isRunning(entry.pid);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const unfinished = `${file}.unfinished`;
  const handle = await fs.open(unfinished, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await fs.rename(unfinished, file);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it
  }
}

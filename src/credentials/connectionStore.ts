import * as v from "valibot";
import type { FolderIndex } from "./folderIndex";
import type { Secrets } from "./tokenStore";

/** What was connected, and what that changes in the repository. */
export const connectionFields = {
  webUrl: v.string(),
  workspace: v.string(),
  slug: v.string(),
  remote: v.string(),
  remoteIsNew: v.boolean(),
  renamed: v.optional(v.object({ from: v.string(), to: v.string() })),
  gitAccess: v.picklist(["vscode", "credentialHelper", "remoteUrl"]),
  edits: v.array(
    v.object({ key: v.string(), before: v.array(v.string()), afterDigests: v.array(v.string()) }),
  ),
};

const connection = v.object({
  version: v.literal(1),
  /** The `.git` folder that all worktrees of the local repository share. */
  commonDir: v.string(),
  /** Which connect made it, in milliseconds since 1970. */
  startedAt: v.number(),
  ...connectionFields,
  /** The config before the first connect. */
  text: v.string(),
  /** The machine that it is about, of those that share this SecretStorage; a path says nothing of that. */
  host: v.optional(v.string()),
});

/** A local repository connected to one on Bitbucket, with all that disconnecting needs. */
export type Connection = Omit<v.InferOutput<typeof connection>, "version" | "host">;

/**
 * The record of each connection. What was in the config before may hold a token in a URL, so the record lives in
 * SecretStorage too; a plain list of the folders stands beside it.
 */
export class ConnectionStore {
  constructor(
    private readonly secrets: Secrets,
    private readonly index: FolderIndex,
    /** This machine's id; undefined where it may be gone tomorrow, as a container may. */
    private readonly host: () => Promise<string | undefined> = () => Promise.resolve(undefined),
  ) {}

  async get(commonDir: string): Promise<readonly Connection[]> {
    return (await this.read(commonDir)).ours;
  }

  /** Replaces the record of the same Bitbucket repository. */
  async save(record: Connection): Promise<void> {
    await this.change(record.commonDir, (ours) => [...ours.filter((one) => !isSame(one, record)), record]);
  }

  async remove(record: Connection): Promise<void> {
    await this.change(record.commonDir, (ours) => ours.filter((one) => !isSame(one, record)));
  }

  async list(): Promise<readonly Connection[]> {
    const folders = await this.index.list();
    return (await Promise.all(folders.map((folder) => this.get(folder)))).flat();
  }

  /** What another machine, or a newer version, has written stays as it is. */
  private async read(
    commonDir: string,
  ): Promise<{ ours: readonly Connection[]; others: readonly unknown[] }> {
    const stored = await this.secrets.get(keyOf(commonDir));
    if (stored === undefined) return { ours: [], others: [] };
    const [host, isListed] = await Promise.all([this.host(), this.index.has(commonDir)]);
    const ours: Connection[] = [];
    const others: unknown[] = [];
    for (const value of parseList(stored)) {
      const parsed = v.safeParse(connection, value);
      const isOurs =
        parsed.success && (parsed.output.host === undefined ? isListed : parsed.output.host === host);
      if (isOurs) ours.push(parsed.output);
      else others.push(value);
    }
    return { ours, others };
  }

  private async change(
    commonDir: string,
    edit: (ours: readonly Connection[]) => readonly Connection[],
  ): Promise<void> {
    const { ours, others } = await this.read(commonDir);
    const [records, host] = [edit(ours), await this.host()];
    if (records.length > 0) await this.index.add(commonDir);
    const versioned = records.map((record) => ({
      ...record,
      version: 1,
      ...(host !== undefined && { host }),
    }));
    const all = [...others, ...versioned];
    if (all.length > 0) await this.secrets.store(keyOf(commonDir), JSON.stringify(all));
    else await this.secrets.delete(keyOf(commonDir));
    if (records.length === 0) await this.index.remove(commonDir);
  }
}

/** A value that can't be read at all is one record that nobody knows. */
function parseList(stored: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(stored);
    return Array.isArray(list) ? list : [list];
  } catch {
    return [stored];
  }
}

export function isSame(
  a: Pick<Connection, "webUrl" | "workspace" | "slug">,
  b: Pick<Connection, "webUrl" | "workspace" | "slug">,
): boolean {
  const name = (one: typeof a) => `${one.webUrl}/${one.workspace}/${one.slug}`.toLowerCase();
  return name(a) === name(b);
}

function keyOf(commonDir: string): string {
  return `connection:${commonDir}`;
}

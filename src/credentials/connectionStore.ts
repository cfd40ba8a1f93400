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
});

/** A local repository connected to one on Bitbucket, with all that disconnecting needs. */
export type Connection = Omit<v.InferOutput<typeof connection>, "version">;

/**
 * The record of each connection. What was in the config before may hold a token in a URL, so the record lives in
 * SecretStorage too; a plain list of the folders stands beside it.
 */
export class ConnectionStore {
  constructor(
    private readonly secrets: Secrets,
    private readonly index: FolderIndex,
  ) {}

  async get(commonDir: string): Promise<readonly Connection[]> {
    const stored = await this.secrets.get(keyOf(commonDir));
    if (stored === undefined) return [];
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), v.array(connection)), stored);
    return parsed.success ? parsed.output : [];
  }

  /** Replaces the record of the same Bitbucket repository. */
  async save(record: Connection): Promise<void> {
    const others = (await this.get(record.commonDir)).filter((one) => !isSame(one, record));
    await this.write(record.commonDir, [...others, record]);
  }

  async remove(record: Connection): Promise<void> {
    const others = (await this.get(record.commonDir)).filter((one) => !isSame(one, record));
    await this.write(record.commonDir, others);
  }

  async list(): Promise<readonly Connection[]> {
    const folders = await this.index.list();
    return (await Promise.all(folders.map((folder) => this.get(folder)))).flat();
  }

  private async write(commonDir: string, records: readonly Connection[]): Promise<void> {
    if (records.length === 0) {
      await this.secrets.delete(keyOf(commonDir));
      await this.index.remove(commonDir);
      return;
    }
    await this.index.add(commonDir);
    const versioned = records.map((record) => ({ ...record, version: 1 }));
    await this.secrets.store(keyOf(commonDir), JSON.stringify(versioned));
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

import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";

/**
 * A set of names, one small file each, so that several windows can add and remove at once without losing any.
 * Names only: never a secret.
 */
export class FolderIndex {
  constructor(private readonly folder: string) {}

  async add(name: string): Promise<void> {
    await fs.mkdir(this.folder, { recursive: true, mode: 0o700 });
    await fs.writeFile(this.fileOf(name), name, { mode: 0o600 });
  }

  async remove(name: string): Promise<void> {
    await fs.rm(this.fileOf(name), { force: true });
  }

  async list(): Promise<readonly string[]> {
    const files = await fs.readdir(this.folder).catch(() => []);
    // Another window may take one away meanwhile.
    const read = (file: string) => fs.readFile(path.join(this.folder, file), "utf8").catch(emptyIfGone);
    const names = await Promise.all(files.map(read));
    return names.filter((name) => name !== "").sort();
  }

  private fileOf(name: string): string {
    return path.join(this.folder, createHash("sha256").update(name).digest("hex").slice(0, 32));
  }
}

/** Any other failure is told: a name that can't be read is not one that isn't there. */
function emptyIfGone(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
  throw error;
}

import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { readSmallFile, writeWhole } from "../smallFile";

/** A folder's path, or a repository's URL. */
const maxNameBytes = 65_536;

/**
 * A set of names, one small file each, so that several windows can add and remove at once without losing any.
 * Names only: never a secret. What isn't an entry of ours (a folder, half a file, a stranger's) costs only itself.
 */
export class FolderIndex {
  constructor(private readonly folder: string) {}

  async add(name: string): Promise<void> {
    await fs.mkdir(this.folder, { recursive: true, mode: 0o700 });
    if (!(await this.has(name))) await writeWhole(this.fileOf(name), name, 0o600);
  }

  async remove(name: string): Promise<void> {
    await fs.rm(this.fileOf(name), { force: true });
  }

  async has(name: string): Promise<boolean> {
    return (await readSmallFile(this.fileOf(name), maxNameBytes)) === name;
  }

  async list(): Promise<readonly string[]> {
    const files = await fs.readdir(this.folder).catch(() => []);
    const names = await Promise.all(files.map((file) => this.read(file)));
    return names.filter((name) => name !== undefined).sort();
  }

  /** An entry's own name proves that it is whole. */
  private async read(file: string): Promise<string | undefined> {
    const name = await readSmallFile(path.join(this.folder, file), maxNameBytes);
    return name !== undefined && toFileName(name) === file ? name : undefined;
  }

  private fileOf(name: string): string {
    return path.join(this.folder, toFileName(name));
  }
}

function toFileName(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 32);
}

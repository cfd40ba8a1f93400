import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { isFileMissing } from "../fileErrors";

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

  async has(name: string): Promise<boolean> {
    return (await readName(this.fileOf(name))) === name;
  }

  async list(): Promise<readonly string[]> {
    const files = await fs.readdir(this.folder).catch(() => []);
    const names = await Promise.all(files.map((file) => readName(path.join(this.folder, file))));
    return names.filter((name) => name !== "").sort();
  }

  private fileOf(name: string): string {
    return path.join(this.folder, createHash("sha256").update(name).digest("hex").slice(0, 32));
  }
}

/** Empty where another window has taken it away; one that can't be read is not one that isn't there. */
function readName(file: string): Promise<string> {
  return fs.readFile(file, "utf8").catch((error: unknown) => {
    if (isFileMissing(error)) return "";
    throw error;
  });
}

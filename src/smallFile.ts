import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { fileErrorCode } from "./fileErrors";

/**
 * The text of a regular file of at most `maxBytes`. Undefined for whatever else stands under that name: nothing, a pipe
 * that would never end, a folder, a file that can't be read or that would fill the memory.
 */
export async function readSmallFile(file: string, maxBytes: number): Promise<string | undefined> {
  const stat = await fs.stat(file).catch(() => undefined);
  if (!stat?.isFile() || stat.size > maxBytes) return undefined;
  return fs.readFile(file, "utf8").catch(() => undefined);
}

/** Whole or not at all: a reader never sees half of it, and a full disk leaves what was there. */
export async function writeWhole(file: string, content: string | Buffer, mode: number): Promise<void> {
  const copy = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await fs.writeFile(copy, content, { mode, flag: "wx" });
    await renameFile(copy, file);
  } catch (error) {
    await fs.rm(copy, { force: true });
    throw error;
  }
}

/** Windows does not rename onto what another program reads, nor while a virus scanner looks at what is new. */
export async function renameFile(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await fs.rename(from, to);
      return;
    } catch (error) {
      if (process.platform !== "win32" || attempt === 10 || !isBusy(error)) throw error;
      await delay(attempt * 50);
    }
  }
}

function isBusy(error: unknown): boolean {
  return ["EPERM", "EACCES", "EBUSY"].includes(fileErrorCode(error));
}

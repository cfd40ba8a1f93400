import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { readSmallFile, writeWhole } from "../smallFile";

/**
 * Names this machine among those that one editor is used with: local, WSL, SSH hosts. All of them share the editor's
 * SecretStorage, and each has a storage of its own. https://github.com/microsoft/vscode/issues/176320
 */
export async function readHostId(storageDir: string): Promise<string> {
  const file = path.join(storageDir, "host-id");
  const known = await readSmallFile(file, maxIdBytes);
  if (known !== undefined && isId(known)) return known;
  await fs.mkdir(storageDir, { recursive: true, mode: 0o700 });
  const id = randomUUID();
  const own = `${file}.${id}`;
  await writeWhole(own, id, 0o600);
  // Whole at once, and never over that of another window; where the disk has no hard links, a copy serves.
  await fs
    .link(own, file)
    .catch(() => fs.copyFile(own, file, fs.constants.COPYFILE_EXCL))
    .catch(() => undefined);
  await fs.rm(own, { force: true });
  const now = await readSmallFile(file, maxIdBytes);
  if (now !== undefined && isId(now)) return now;
  await fs.rm(file, { recursive: true, force: true }); // half of one, or no file at all
  await writeWhole(file, id, 0o600);
  return id;
}

const maxIdBytes = 100;

function isId(text: string): boolean {
  return /^[0-9a-f-]{36}$/.test(text);
}

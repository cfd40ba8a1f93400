import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";

/**
 * Names this machine among those that one editor is used with: local, WSL, SSH hosts. All of them share the editor's
 * SecretStorage, and each has a storage of its own. https://github.com/microsoft/vscode/issues/176320
 */
export async function readHostId(storageDir: string): Promise<string> {
  const file = path.join(storageDir, "host-id");
  const known = await fs.readFile(file, "utf8").catch(() => "");
  if (known !== "") return known;
  await fs.mkdir(storageDir, { recursive: true, mode: 0o700 });
  const id = randomUUID();
  const own = `${file}.${id}`;
  await fs.writeFile(own, id, { mode: 0o600 });
  // Whole at once, and never over that of another window; where the disk has no hard links, a copy serves.
  await fs
    .link(own, file)
    .catch(() => fs.copyFile(own, file, fs.constants.COPYFILE_EXCL))
    .catch(() => undefined);
  await fs.rm(own, { force: true });
  return fs.readFile(file, "utf8");
}

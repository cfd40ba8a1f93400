import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "./atExit.mjs";

/**
 * A folder that goes when this process ends. KEEP_TEMP=1 keeps it, for a look at what a test left.
 * @param {string} name
 */
export function makeTempFolder(name) {
  // The real path: git and the editor name it so, and on macOS /tmp is a link.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `${name}-`)));
  if (process.env.KEEP_TEMP) console.log(`- Kept: ${folder}`);
  // A process that was only just ended may still be writing its last file.
  else atExit(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return folder;
}

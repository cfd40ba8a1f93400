import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** The editor shows a channel out of files, one for each time its extension host started: read all, in that order. */
export function readOutputChannel(userData: string, name: string): string {
  const logs = join(userData, "logs");
  const files = readdirSync(logs, { recursive: true, encoding: "utf8" }).filter((file) =>
    isChannel(file, name),
  );
  return files
    .sort()
    .map((file) => readFileSync(join(logs, file), "utf8"))
    .join("");
}

/** `Git.log`, or `3-Tasks.log` for a channel without levels. */
function isChannel(file: string, name: string): boolean {
  return basename(file).replace(/^\d+-/, "") === `${name}.log`;
}

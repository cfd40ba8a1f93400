import { buildSync } from "esbuild";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

let bundle: string | undefined;

/** The helper for a machine without curl, as the extension ships it; bundled once in a process. */
export function writeNodeHelper(file: string): void {
  bundle ??= buildSync({
    entryPoints: [resolve("src/credentials/nodeHelper.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    write: false,
  }).outputFiles[0]?.text;
  writeFileSync(file, bundle ?? "");
}

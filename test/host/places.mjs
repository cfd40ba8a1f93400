// Where things are, and the versions of everything installed beside the project's own dependencies.
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const projectRoot = resolve(fileURLToPath(new URL("../..", import.meta.url)));

/** Kept between runs, out of git and out of the package. Anything in it may be deleted at any time. */
export const cacheRoot = join(projectRoot, ".vscode-test");

/** Both kinds of host run the same VS Code: code-server 4.139.1 holds VS Code 1.139.1. */
export const versions = {
  vscode: "1.139.1",
  codeServer: "4.139.1",
  node: "24",
  chromium: "147.0.0",
};

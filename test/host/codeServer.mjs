// A whole VS Code from npm alone: code-server, the Node it wants, and the few native modules built for that Node.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { ExpectedError } from "./expectedError.mjs";
import { installOnce } from "./installOnce.mjs";
import { npm } from "./npm.mjs";
import { cacheRoot, editorVersion, isFloor } from "./places.mjs";

/**
 * @typedef {object} CodeServer
 * @property {string} node the Node binary it runs on
 * @property {string} entry code-server itself: what a person starts
 * @property {string} server VS Code's server underneath: what can run extension tests
 */

/** @returns {Promise<CodeServer>} */
export async function ensureCodeServer() {
  if (process.platform === "win32") {
    throw new ExpectedError("code-server does not run on Windows. Run this in WSL.");
  }
  const folder = await installOnce(
    join(cacheRoot, `${isFloor() ? "floor" : "host"}-${editorVersion().codeServer}`),
    `Installing VS Code ${editorVersion().vscode} from npm (code-server)`,
    build,
  );
  return locate(folder);
}

/** @param {string} folder */
async function build(folder) {
  const { codeServer, node } = editorVersion();
  const nodePackage = `node-${process.platform}-${process.arch}`;
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
  await npm(["install", "--ignore-scripts", `code-server@${codeServer}`, `${nodePackage}@${node}`], {
    cwd: folder,
  });
  const vscode = join(folder, "node_modules", "code-server", "lib", "vscode");
  await npm(["install", "--omit=dev", "--ignore-scripts"], { cwd: vscode });
  await buildNativeModules(folder, vscode, join(folder, "node_modules", nodePackage));
}

/**
 * Without a compiler the newest host still runs: node-pty has prebuilt binaries and the other two are optional.
 * @param {string} folder
 * @param {string} vscode
 * @param {string} nodeHome
 */
async function buildNativeModules(folder, vscode, nodeHome) {
  const env = {
    PATH: `${join(nodeHome, "bin")}${delimiter}${process.env.PATH}`,
    npm_config_nodedir: nodeHome,
  };
  try {
    const { native, ownNative } = editorVersion();
    await npm(["rebuild", ...native], { cwd: vscode, env });
    if (ownNative) await npm(["rebuild", ...ownNative, "--build-from-source"], { cwd: folder, env });
  } catch (error) {
    console.warn("- Native modules were not built (is there a C++ compiler?); going on without them.");
    if (process.env.DEBUG) console.warn(error);
  }
}

/**
 * @param {string} folder
 * @returns {CodeServer}
 */
function locate(folder) {
  const modules = join(folder, "node_modules");
  const host = {
    node: join(modules, `node-${process.platform}-${process.arch}`, "bin", "node"),
    entry: join(modules, "code-server", "out", "node", "entry.js"),
    server: join(modules, "code-server", "lib", "vscode", "out", "server-main.js"),
  };
  for (const file of Object.values(host)) {
    if (!existsSync(file)) throw new ExpectedError(`${file} is missing. Delete ${folder} and run again.`);
  }
  return host;
}

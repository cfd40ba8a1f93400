// Where things are, and the versions of everything installed beside the project's own dependencies.
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const projectRoot = resolve(fileURLToPath(new URL("../..", import.meta.url)));

/** Kept between runs, out of git and out of the package. Anything in it may be deleted at any time. */
export const cacheRoot = join(projectRoot, ".vscode-test");

export const chromiumVersion = "147.0.0";

/**
 * @typedef {object} EditorVersion
 * @property {string} vscode
 * @property {string} codeServer holds that very VS Code
 * @property {string} node what code-server runs on
 * @property {readonly string[]} native VS Code's modules that have to be built for that Node
 * @property {readonly string[]} [ownNative] code-server's own
 */

/** @type {Readonly<Record<"newest" | "floor", EditorVersion>>} */
const editors = {
  newest: {
    vscode: "1.139.1",
    codeServer: "4.139.1",
    node: "24",
    native: ["node-pty", "@vscode/spdlog", "@vscode/native-watchdog"],
  },
  // The oldest that the manifest's `engines` promises.
  floor: {
    vscode: "1.100.3",
    codeServer: "4.100.3",
    node: "20",
    native: ["@vscode/spdlog", "native-watchdog"],
    ownNative: ["argon2"],
  },
};

/** Handed down to child processes, which install and start the editor too. */
const choice = "TEST_EDITOR";

/**
 * `--floor` among the arguments of a script that plays tests chooses the oldest VS Code that the extension promises to
 * run in, in place of the newest.
 * @param {readonly string[]} args
 * @returns {readonly string[]} the others
 */
export function chooseEditor(args) {
  if (args.includes("--floor")) process.env[choice] = "floor";
  return args.filter((arg) => arg !== "--floor");
}

export function isFloor() {
  return process.env[choice] === "floor";
}

/** For the environment of a process that has none of this one's. */
export function editorChoice() {
  return isFloor() ? { [choice]: "floor" } : {};
}

export function editorVersion() {
  return isFloor() ? editors.floor : editors.newest;
}

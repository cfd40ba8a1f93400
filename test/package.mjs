// The extension as an extension development host loads it (dist/), and as people install it (the VSIX).
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ExpectedError } from "./host/expectedError.mjs";
import { projectRoot } from "./host/places.mjs";

const outFolder = join(projectRoot, "out");
/** vsce lists the whole folder before it asks .vscodeignore; here are ten times the files of all others. */
const notCopied = [".git", ".vscode-test", "node_modules", "out", "dist"];

export async function buildExtension() {
  await node(projectRoot, "esbuild.mjs");
}

/**
 * Packs a copy: dist/ stays what an extension development host loads, also while one does.
 * @returns {Promise<string>} the VSIX
 */
export async function packageExtension(vsix = join(outFolder, "connect-for-bitbucket.vsix")) {
  // In out/, so that packages are still found in the folder above.
  const copy = join(outFolder, `package-${process.pid}`);
  try {
    copyProject(copy);
    await node(copy, "esbuild.mjs", "--production");
    const vsce = join(projectRoot, "node_modules", "@vscode", "vsce", "vsce");
    // Nothing is published from here: links and pictures of the README stay relative.
    const asItIs = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links"];
    await node(copy, vsce, "package", ...asItIs, "--out", vsix);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  return vsix;
}

/** @param {string} copy */
function copyProject(copy) {
  mkdirSync(copy, { recursive: true });
  for (const name of readdirSync(projectRoot)) {
    if (notCopied.includes(name) || name.endsWith(".vsix")) continue;
    cpSync(join(projectRoot, name), join(copy, name), { recursive: true });
  }
}

/**
 * @param {string} cwd
 * @param {string[]} args
 */
async function node(cwd, ...args) {
  try {
    await promisify(execFile)(process.execPath, args, { cwd });
  } catch (error) {
    const { stdout, stderr } = /** @type {{ stdout: string, stderr: string }} */ (error);
    throw new ExpectedError(`node ${args.join(" ")} failed:\n${stdout}${stderr}`);
  }
}

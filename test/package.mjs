// The extension as an extension development host loads it (dist/), and as people install it (the VSIX).
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ExpectedError } from "./host/expectedError.mjs";
import { projectRoot } from "./host/places.mjs";

const vsix = join(projectRoot, "out", "connect-for-bitbucket.vsix");

export async function buildExtension() {
  await node("esbuild.mjs");
}

/** @returns {Promise<string>} the VSIX */
export async function packageExtension() {
  mkdirSync(join(projectRoot, "out"), { recursive: true });
  await node("esbuild.mjs", "--production");
  const vsce = join("node_modules", "@vscode", "vsce", "vsce");
  // Nothing is published from here: links and pictures of the README stay relative.
  const asItIs = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links"];
  await node(vsce, "package", ...asItIs, "--out", vsix);
  return vsix;
}

/** @param {string[]} args */
async function node(...args) {
  try {
    await promisify(execFile)(process.execPath, args, { cwd: projectRoot });
  } catch (error) {
    const { stdout, stderr } = /** @type {{ stdout: string, stderr: string }} */ (error);
    throw new ExpectedError(`node ${args.join(" ")} failed:\n${stdout}${stderr}`);
  }
}

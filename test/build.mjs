// Bundles tests so that plain Node and the editor's Node both run them: TypeScript in, CommonJS out, into out/<group>.
import { build } from "esbuild";
import { readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { isQuick, mainJob, tellLeftOut } from "./extent.mjs";
import { projectRoot } from "./host/places.mjs";

/**
 * @param {"unit" | "extension" | "e2e" | "live"} group a folder of test/
 * @param {{ only?: readonly string[], except?: readonly string[], extraEntryPoints?: readonly string[] }} [options]
 * `only`: parts of file names; `except`: ends of file names
 * @returns {Promise<{ folder: string, files: string[] }>} the bundled test files, and the folder that they are in
 */
export async function buildTests(group, { only = [], except = [], extraEntryPoints = [] } = {}) {
  const folder = outFolder(group, only.length > 0);
  rmSync(folder, { recursive: true, force: true });
  const tests = listTests(group, only).filter((test) => !except.some((end) => test.endsWith(end)));
  await bundle([...tests, ...extraEntryPoints], { outbase: join("test", group), outdir: folder });
  const files = tests.map((test) => test.slice(join("test", group).length + 1).replace(/\.ts$/, ".js"));
  return { folder, files: files.map((file) => join(folder, file)) };
}

/**
 * @param {keyof typeof mainJob} group
 * @param {readonly string[]} named parts of file names
 * @returns {readonly string[]} these; where none is named, in a quick run those of the main job
 */
export function chooseTests(group, named) {
  if (!isQuick || named.length > 0) return named;
  const played = mainJob[group];
  const all = listTests(group, []).length;
  tellLeftOut(`${all - played.length} of ${all} files left out; played: ${played.join(", ")}`);
  return played;
}

/**
 * A run of some tests has a folder of its own: two side by side must not take the ground from under each other.
 * @param {string} group
 * @param {boolean} isPart
 */
function outFolder(group, isPart) {
  const folder = join(projectRoot, "out", isPart ? `${group}-${process.pid}` : group);
  if (isPart) process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * @param {string} entryPoint a TypeScript file of test/ that a script wants to import
 * @returns {Promise<string>} what to import
 */
export async function bundleScript(entryPoint) {
  const outdir = join(projectRoot, "out", "scripts");
  await bundle([entryPoint], { outbase: "test", outdir });
  return pathToFileURL(join(outdir, relative("test", entryPoint).replace(/\.ts$/, ".js"))).href;
}

/**
 * @param {string[]} entryPoints
 * @param {{ outbase: string, outdir: string }} places
 */
async function bundle(entryPoints, { outbase, outdir }) {
  await build({
    absWorkingDir: projectRoot,
    entryPoints,
    outbase,
    outdir,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    logLevel: "warning",
    // Their own files beside them are needed at run time.
    external: [
      "vscode",
      "mocha",
      "playwright-core",
      "axe-core",
      "esbuild",
      "@vscode/test-electron",
      "fsevents",
    ],
    // Bundled as CommonJS, modules still find their folder.
    define: { "import.meta.url": "__importMetaUrl" },
    banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
}

/**
 * @param {string} group
 * @param {readonly string[]} only
 */
function listTests(group, only) {
  const files = readdirSync(join(projectRoot, "test", group), { recursive: true, encoding: "utf8" });
  const tests = files.filter((file) => file.endsWith(".test.ts")).map((file) => join("test", group, file));
  return tests.filter((test) => only.length === 0 || only.some((part) => test.includes(part))).sort();
}

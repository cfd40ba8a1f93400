// `npm run -s bench [-- name …]`: measures, each against its rival in the same run; every bench ends with a line of JSON.
// Works on a fresh clone: what is missing gets installed first, so nothing but Node's own may be imported before. One
// that fails says so in its line, and the others go on.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureDependencies } from "../test/host/dependencies.mjs";
import { describeError, ExpectedError } from "../test/host/expectedError.mjs";
import { main } from "../test/host/main.mjs";
import { projectRoot } from "../test/host/places.mjs";

await main(async () => {
  await ensureDependencies();
  process.chdir(projectRoot);
  const names = chooseBenches(process.argv.slice(2));
  const outdir = await bundle(names);
  let isWell = true;
  for (const name of names) isWell = (await measure(name, outdir)) && isWell;
  return isWell ? 0 : 1;
});

/** @param {readonly string[]} wanted */
function chooseBenches(wanted) {
  const all = readdirSync("bench").flatMap((file) => /^(.+)\.ts$/.exec(file)?.[1] ?? []);
  const unknown = wanted.find((name) => !all.includes(name));
  if (unknown) throw new ExpectedError(`There is no bench "${unknown}". There are: ${all.join(", ")}.`);
  return wanted.length > 0 ? wanted : all;
}

/** @param {readonly string[]} names */
async function bundle(names) {
  const { build } = await import("esbuild");
  const outdir = join("out", "bench");
  await build({
    entryPoints: names.map((name) => join("bench", `${name}.ts`)),
    outbase: "bench",
    outdir,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "warning",
    external: ["vscode", "esbuild", "playwright-core"],
    define: { "import.meta.url": "__importMetaUrl" },
    banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  return outdir;
}

/**
 * @param {string} name
 * @param {string} outdir
 * @returns {Promise<boolean>} whether it came to an end
 */
async function measure(name, outdir) {
  /** @type {import("../test/host/editor.mjs").Editor | undefined} */
  let editor;
  try {
    const { default: bench } = await import(pathToFileURL(join(outdir, `${name}.js`)).href);
    if (bench.needsEditor) {
      const { setStage } = await import("../test/stage.mjs");
      ({ editor } = await setStage("bench-pictures"));
    }
    console.log(JSON.stringify({ bench: name, ...(await bench.run()) }));
    return true;
  } catch (error) {
    console.log(JSON.stringify({ bench: name, error: describeError(error) }));
    return false;
  } finally {
    await editor?.stop();
  }
}

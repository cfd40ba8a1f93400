// `npm run -s bench [-- name …]`: measures, each against its rival in the same run; every bench ends with a line of JSON.
import { build } from "esbuild";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { setStage } from "../test/stage.mjs";

const benchFolder = dirname(fileURLToPath(import.meta.url));
process.chdir(dirname(benchFolder));

const all = readdirSync(benchFolder).flatMap((file) => /^(.+)\.ts$/.exec(file)?.[1] ?? []);
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !all.includes(name));
if (unknown) {
  console.error(`There is no bench "${unknown}". There are: ${all.join(", ")}.`);
  process.exit(2);
}

const names = wanted.length > 0 ? wanted : all;
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

for (const name of names) {
  const { default: bench } = await import(pathToFileURL(join(outdir, `${name}.js`)).href);
  const stage = bench.needsEditor ? await setStage("bench-pictures") : undefined;
  console.log(JSON.stringify({ bench: name, ...(await bench.run()) }));
  await stage?.editor.stop();
}
process.exit(0);

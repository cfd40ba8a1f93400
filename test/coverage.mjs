// Branch coverage of Bitbucket's client and of its table of errors: `node test/coverage.mjs`. Below 100% it fails.
// V8 counts how often each block ran (the arms of an `if`, of `?:`, `&&`, `??`, each loop and function); the map of the
// bundle leads back to our lines. One bundle of all the tests, so that nothing has to be added up.
import { build } from "esbuild";
import { readdirSync, readFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { SourceMap } from "node:module";
import { join } from "node:path";
import Mocha from "mocha";
import { runMocha } from "./counts.mjs";
import { retries } from "./extent.mjs";
import { main } from "./host/main.mjs";
import { projectRoot } from "./host/places.mjs";
import { makeTempFolder } from "./host/tempFolder.mjs";

const covered = [
  "answers",
  "client",
  "deadline",
  "exchange",
  "gitAdvertisement",
  "http",
  "logText",
  "networkFault",
  "repositoryListAnswers",
  "repositoryListClient",
  "requestBudget",
  "retries",
  "retryAfter",
  "sharedRequests",
  "signInWays",
]
  .map((name) => `src/bitbucket/${name}.ts`)
  .concat("src/failures/rest.ts");
const tests = /^(client|http\w*|log|refusals)\.test\.ts$/;

/** @typedef {{ startOffset: number, endOffset: number, count: number }} Range */
/** @typedef {{ functionName: string, isBlockCoverage: boolean, ranges: Range[] }} FunctionCoverage */
/** @typedef {{ blocks: number, missed: string[] }} FileCoverage */

await main(async () => {
  const { file, text, map } = await bundleTests();
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const mocha = new Mocha({ reporter: "dot", timeout: 60_000, retries });
  mocha.addFile(file);
  const { failed } = await runMocha(mocha);
  const { result } = await session.post("Profiler.takePreciseCoverage");
  const functions = result.find(({ url }) => url.endsWith(file))?.functions ?? [];
  return report(countBlocks(functions, text, map)) && failed === 0 ? 0 : 1;
});

async function bundleTests() {
  const folder = join(projectRoot, "test", "unit");
  const names = readdirSync(folder).filter((name) => tests.test(name));
  const file = join(makeTempFolder("connect-coverage"), "tests.js");
  await build({
    stdin: { contents: names.map((name) => `import "./${name}";`).join("\n"), resolveDir: folder },
    absWorkingDir: projectRoot,
    outfile: file,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "external",
    logLevel: "warning",
    define: { "import.meta.url": "__importMetaUrl" },
    banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")));
  return { file, text: readFileSync(file, "utf8"), map };
}

/**
 * @param {readonly FunctionCoverage[]} functions
 * @param {string} text the bundle
 * @param {SourceMap} map
 */
function countBlocks(functions, text, map) {
  /** @type {Map<string, FileCoverage>} */
  const files = new Map(covered.map((file) => [file, { blocks: 0, missed: [] }]));
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  for (const { startOffset, endOffset, count } of functions.flatMap(({ ranges }) => ranges)) {
    const code = text.slice(startOffset, endOffset);
    const line = lineStarts.findLastIndex((start) => start <= startOffset);
    const entry = map.findEntry(line, startOffset - (lineStarts[line] ?? 0));
    const source = "originalSource" in entry ? entry.originalSource : "";
    const file = [...files].find(([name]) => source.replaceAll("\\", "/").endsWith(name))?.[1];
    if (!file || /^[\s{}();]*$/.test(code)) continue;
    file.blocks++;
    if (count === 0 && "originalLine" in entry) {
      file.missed.push(`${entry.originalLine + 1}: ${code.trim().split("\n")[0]}`);
    }
  }
  return files;
}

/**
 * @param {ReadonlyMap<string, FileCoverage>} files
 * @returns {boolean} whether all ran
 */
function report(files) {
  for (const [file, { blocks, missed }] of files) {
    const ran = blocks - missed.length;
    console.log(`${file.padEnd(42)} ${`${ran}/${blocks}`.padStart(7)} ${Math.floor((100 * ran) / blocks)}%`);
    for (const one of missed) console.log(`  never ran: ${file}:${one}`);
  }
  return [...files.values()].every(({ blocks, missed }) => blocks > 0 && missed.length === 0);
}

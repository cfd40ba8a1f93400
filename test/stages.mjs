// What `npm test` runs. A quick run has two lanes side by side: what a person does in a browser, which is often waited
// for, and all else. A full run goes through them one after the other: side by side they starve each other of the time that their
// tests allow.
import { performance } from "node:perf_hooks";
import { close, parseClosingLine } from "./counts.mjs";
import { isQuick, isThorough, mainJob } from "./extent.mjs";
import { ExpectedError } from "./host/expectedError.mjs";
import { ensureBrowser, ensureCodeServer, ensureVscode } from "./host/install.mjs";
import { projectRoot } from "./host/places.mjs";
import { seconds } from "./host/progress.mjs";
import { runToEnd } from "./host/runToEnd.mjs";
import { findToSayAgain, toSayAgain } from "./sayAgain.mjs";

const timeLimitMs = (isThorough ? 180 : 45) * 60_000;

const cache = "node_modules/.cache";
const incremental = ["--incremental", "--tsBuildInfoFile", `${cache}/types.tsbuildinfo`];
/** A file's findings depend on the types of others too, which the cache doesn't know: in a quick run alone. */
const lintCache = isQuick
  ? ["--cache", "--cache-strategy", "content", "--cache-location", `${cache}/lint`]
  : [];
const formatCache = ["--cache", "--cache-strategy", "content", "--cache-location", `${cache}/format`];

const checks = {
  types: ["node_modules/typescript/bin/tsc", "--noEmit", ...incremental],
  lint: ["node_modules/eslint/bin/eslint.js", "--max-warnings", "0", ...lintCache, "."],
  coverage: ["test/coverage.mjs"],
  format: ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", ...formatCache, "."],
};
const tests = { unit: ["test/unit.mjs"], extension: ["test/extension.mjs"] };
const played = { e2e: ["test/e2e.mjs"] };
/** In the oldest VS Code that the manifest promises: the main job. */
const onFloor = {
  "extension-floor": ["test/extension.mjs", "--floor", ...mainJob.extension],
  "e2e-floor": ["test/e2e.mjs", "--floor", ...mainJob.floor],
};
/** A quick run leaves the floor out, unless it is named. */
const fullOnly = Object.keys(onFloor);

/**
 * @param {readonly string[]} names all stages, if none is named
 * @returns {Promise<number>} the exit code
 */
export async function runStages(names) {
  const all = { ...checks, ...tests, ...onFloor, ...played };
  const unknown = names.find((name) => !(name in all));
  if (unknown) throw new ExpectedError(`There is no stage "${unknown}".`);
  const isWanted = (/** @type {[string, string[]]} */ [name]) =>
    names.includes(name) || (names.length === 0 && !(isQuick && fullOnly.includes(name)));
  await ensureBrowser(); // unit tests show the form in it
  const inProcess = () => runLane(Object.entries({ ...checks, ...tests, ...onFloor }).filter(isWanted));
  const inBrowser = () => runLane(Object.entries(played).filter(isWanted));
  if (isWanted(["extension", []])) await ensureVscode();
  if (isWanted(["e2e", []])) await ensureCodeServer();
  const results = isQuick
    ? (await Promise.all([inProcess(), inBrowser()])).flat()
    : [...(await inProcess()), ...(await inBrowser())];
  sayAgain(results.flatMap(({ toSayAgain }) => toSayAgain));
  const sum = (/** @type {"passed" | "failed"} */ key) =>
    results.reduce((total, { counts }) => total + counts[key], 0);
  return close({ passed: sum("passed"), failed: sum("failed") });
}

/**
 * One after the other; a failure doesn't keep the next from running.
 * @param {[string, string[]][]} stages
 */
async function runLane(stages) {
  /** @type {Result[]} */
  const results = [];
  for (const [name, args] of stages) results.push(await runStage(name, args));
  return results;
}

/**
 * @typedef {object} Result
 * @property {import("./counts.mjs").Counts} counts
 * @property {string[]} toSayAgain
 *
 * @param {string} name
 * @param {string[]} args
 * @returns {Promise<Result>}
 */
async function runStage(name, args) {
  const startedAt = performance.now();
  const { code, output } = await runToEnd(process.execPath, args, { cwd: projectRoot, timeLimitMs });
  const counts = countsOf(code, name in checks ? "" : output);
  const verdict = counts.failed > 0 ? "failed" : "passed";
  console.log([`── ${name}: ${verdict} in ${seconds(startedAt)}`, output.trim()].filter(Boolean).join("\n"));
  const said = name in checks && counts.failed > 0 ? [toSayAgain("failed", name)] : findToSayAgain(output);
  return { counts, toSayAgain: said.map((line) => `${name} ${line}`) };
}

/** @param {readonly string[]} lines */
function sayAgain(lines) {
  if (lines.length > 0) console.log(["── of note:", ...lines].join("\n  "));
}

/**
 * A check is one test. Tests that end badly without having counted a failure are one more failure.
 * @param {number | null} code
 * @param {string} output
 * @returns {import("./counts.mjs").Counts}
 */
function countsOf(code, output) {
  const counts = parseClosingLine(output) ?? { passed: code === 0 ? 1 : 0, failed: 0 };
  const isUncounted = code !== 0 && counts.failed === 0;
  return isUncounted ? { ...counts, failed: 1 } : counts;
}

// What `npm test` runs, one stage after the other: two editors, or an editor beside the unit tests, would starve each
// other of the time that their tests allow.
import { performance } from "node:perf_hooks";
import { close, parseClosingLine } from "./counts.mjs";
import { ExpectedError } from "./host/expectedError.mjs";
import { ensureBrowser, ensureCodeServer, ensureVscode } from "./host/install.mjs";
import { projectRoot } from "./host/places.mjs";
import { seconds } from "./host/progress.mjs";
import { runToEnd } from "./host/runToEnd.mjs";

const timeLimitMs = 20 * 60_000;

const checks = {
  types: ["node_modules/typescript/bin/tsc", "--noEmit"],
  lint: ["node_modules/eslint/bin/eslint.js", "--max-warnings", "0", "."],
  coverage: ["test/coverage.mjs"],
  format: ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."],
};
const unit = { unit: ["test/unit.mjs"] };
const inEditor = {
  extension: ["test/extension.mjs"],
  e2e: ["test/e2e.mjs"],
};

/**
 * @param {readonly string[]} names all stages, if none is named
 * @returns {Promise<number>} the exit code
 */
export async function runStages(names) {
  const unknown = names.find((name) => !(name in checks || name in unit || name in inEditor));
  if (unknown) throw new ExpectedError(`There is no stage "${unknown}".`);
  const isWanted = (/** @type {[string, string[]]} */ [name]) => names.length === 0 || names.includes(name);
  await ensureBrowser(); // unit tests show the form in it
  const counts = await runLane(Object.entries({ ...checks, ...unit }).filter(isWanted));
  counts.push(...(await runInEditor(Object.entries(inEditor).filter(isWanted))));
  const sum = (/** @type {"passed" | "failed"} */ key) =>
    counts.reduce((total, count) => total + count[key], 0);
  return close({ passed: sum("passed"), failed: sum("failed") });
}

/** @param {[string, string[]][]} stages */
async function runInEditor(stages) {
  if (stages.some(([name]) => name === "extension")) await ensureVscode();
  if (stages.some(([name]) => name === "e2e")) await ensureCodeServer();
  return runLane(stages);
}

/**
 * One after the other; a failure doesn't keep the next from running.
 * @param {[string, string[]][]} stages
 */
async function runLane(stages) {
  /** @type {import("./counts.mjs").Counts[]} */
  const counts = [];
  for (const [name, args] of stages) counts.push(await runStage(name, args));
  return counts;
}

/**
 * @param {string} name
 * @param {string[]} args
 * @returns {Promise<import("./counts.mjs").Counts>}
 */
async function runStage(name, args) {
  const startedAt = performance.now();
  const { code, output } = await runToEnd(process.execPath, args, { cwd: projectRoot, timeLimitMs });
  const counts = countsOf(code, name in checks ? "" : output);
  const verdict = counts.failed > 0 ? "failed" : "passed";
  console.log([`── ${name}: ${verdict} in ${seconds(startedAt)}`, output.trim()].filter(Boolean).join("\n"));
  return counts;
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

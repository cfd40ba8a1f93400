// How a group of tests ended: the closing line that scripts print and test/run.mjs reads.
import { toSayAgain } from "./sayAgain.mjs";

/** @typedef {{ passed: number, failed: number }} Counts */

/** @param {Counts} counts */
export function closingLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

/**
 * @param {string} output
 * @returns {Counts | undefined}
 */
export function parseClosingLine(output) {
  const [, passed, failed] = /(?:^|\n)(\d+) passed, (\d+) failed\s*$/.exec(output) ?? [];
  return passed === undefined ? undefined : { passed: Number(passed), failed: Number(failed) };
}

/**
 * Runs mocha in this process, and names again what it didn't pass at once; `failed` counts hooks too.
 * @param {import("mocha")} mocha
 * @param {(line: string) => void} print
 * @returns {Promise<Counts>}
 */
export async function runMocha(mocha, print = console.log) {
  /** @type {string[]} */
  const named = [];
  /** @type {(kind: import("./sayAgain.mjs").Kind) => (test: { fullTitle(): string }, error: unknown) => void} */
  const name = (kind) => (test, error) => {
    const message = hasMessage(error) ? error.message : String(error);
    named.push(toSayAgain(kind, `${test.fullTitle()}: ${message}`));
  };
  const counts = await new Promise((resolve) => {
    const runner = mocha.run((failed) => resolve({ passed: runner.stats?.passes ?? 0, failed }));
    runner.on("fail", name("failed"));
    runner.on("retry", name("didn't pass at once"));
  });
  for (const line of named) print(line);
  return counts;
}

/**
 * Tests that run in processes of their own send their errors as plain objects.
 * @param {unknown} error
 * @returns {error is { message: string }}
 */
function hasMessage(error) {
  return typeof error === "object" && error !== null && "message" in error;
}

/**
 * Prints the closing line. No test run is a failure too.
 * @param {Counts} counts
 * @returns {number} the exit code
 */
export function close(counts) {
  console.log(closingLine(counts));
  return counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}

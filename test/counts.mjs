// How a group of tests ended: the closing line that scripts print and test/run.mjs reads.

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
 * Runs mocha in this process; `failed` counts hooks too.
 * @param {import("mocha")} mocha
 * @returns {Promise<Counts>}
 */
export function runMocha(mocha) {
  return new Promise((resolve) => {
    const runner = mocha.run((failed) => resolve({ passed: runner.stats?.passes ?? 0, failed }));
  });
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

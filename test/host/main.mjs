import { describeError } from "./expectedError.mjs";

/**
 * Runs a script to its end. What it left open (sockets, timers) doesn't keep the process.
 * @param {() => Promise<number>} work returns the exit code
 */
export async function main(work) {
  process.exit(await work().catch(fail));
}

/** @param {unknown} error */
function fail(error) {
  console.error(describeError(error));
  return 1;
}

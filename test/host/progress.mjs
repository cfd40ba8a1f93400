// Installing takes a while the first time: say what is being done, and how long it took.
import { performance } from "node:perf_hooks";

/**
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(title, work) {
  const startedAt = performance.now();
  console.log(`- ${title} …`);
  const result = await work();
  console.log(`- ${title}: ${seconds(startedAt)}`);
  return result;
}

/** @param {number} startedAt a performance.now() */
export function seconds(startedAt) {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}

// What test/stages.mjs says again at the end of all output, where it is found: what a quick run leaves out, what failed,
// and what didn't pass at once.

const kinds = /** @type {const} */ (["left out of this quick run", "failed", "didn't pass at once"]);
/** @typedef {typeof kinds[number]} Kind */

/** Whatever an editor prints before it. */
const lines = new RegExp(`→ (?:${kinds.join("|")}): .*$`, "gm");

/**
 * @param {Kind} kind
 * @param {string} what one line of it is said
 */
export function toSayAgain(kind, what) {
  return `→ ${kind}: ${what.trim().split("\n")[0]}`;
}

/**
 * @param {string} output
 * @returns {string[]}
 */
export function findToSayAgain(output) {
  return output.match(lines) ?? [];
}

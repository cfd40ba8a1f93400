// How much `npm test` runs: "quick", the default, shows the main job from end to end in minutes; "full", with CI set,
// is every test; "thorough", with THOROUGH=1, takes every round, byte and mode where "full" takes some of a kind.
import { toSayAgain } from "./sayAgain.mjs";

/** @typedef {"quick" | "full" | "thorough"} Extent */

/** @type {Extent} */
export const extent = process.env.THOROUGH ? "thorough" : process.env.CI ? "full" : "quick";
export const isQuick = extent === "quick";
export const isThorough = extent === "thorough";

/** A machine that does other things at the same time makes a person's seconds longer: CI looks twice, nobody else. */
export const retries = process.env.CI ? 2 : 0;

/**
 * What a quick run plays in an editor: the main job, which is to connect by form or by command, to push and to clone. As
 * a person in the oldest editor: to connect and to push.
 */
export const mainJob = {
  extension: ["activation.test.ts", "connect.test.ts", "manifest.test.ts"],
  e2e: ["connect.test.ts", "push.test.ts", "clone.test.ts"],
  floor: ["e2e/push.test.ts"],
};

/** Unit tests that a quick run leaves out: each is about what goes wrong, or beside the main job, and takes its time. */
export const leftToFull = [
  "bitbucketServer/git",
  "checkConnection",
  "checkConnectionSecrets",
  "cleanUpUrl",
  "cloneRepository",
  "connectAll",
  "connectKilled",
  "explainPushPlainToken",
  "forgetToken",
  "formLooks",
  "fuzzAnswers",
  "gitSignIn",
  "helperScript",
  "httpFaults",
  "manageTokens",
  "network",
  "networkReset",
  "prepareFolder",
  "publishRepository",
  "pushRepository",
  "replaceToken",
  "setUpGitServes",
  "setUpGitTools",
  "submodules",
  "tokensSoak",
  "wordsForm",
];

/** @param {string} what is left out, of what */
export function tellLeftOut(what) {
  console.log(`\n      ${toSayAgain("left out of this quick run", `${what} (CI=true npm test runs all)`)}`);
}

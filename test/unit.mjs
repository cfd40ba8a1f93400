// Unit tests in plain Node: `node test/unit.mjs [part of a file's name …]`.
import Mocha from "mocha";
import { buildTests } from "./build.mjs";

/**
 * @param {readonly string[]} [only]
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runUnitTests(only = []) {
  const mocha = new Mocha({ reporter: "dot", timeout: 20_000 });
  for (const file of await buildTests("unit", { only })) mocha.addFile(file);
  return new Promise((resolve) => {
    const runner = mocha.run((failed) => resolve({ passed: runner.stats?.passes ?? 0, failed }));
  });
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { passed, failed } = await runUnitTests(process.argv.slice(2));
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}

// Unit tests in plain Node: `node test/unit.mjs [part of a file's name …]`.
import Mocha from "mocha";
import { buildTests } from "./build.mjs";
import { close, runMocha } from "./counts.mjs";
import { isQuick, leftToFull, retries, tellLeftOut } from "./extent.mjs";
import { main } from "./host/main.mjs";

/** They begin first: last, one of them would keep one core busy while the other waits. */
const longest = ["/network", "/formLooks", "/gitSignIn", "/helperScript", "/connectRepository"];

await main(async () => {
  // Most of them wait for processes of git: two files at once keep both cores busy.
  const mocha = new Mocha({ reporter: "dot", timeout: 60_000, parallel: true, jobs: 2, retries });
  const { files } = await buildTests("unit", { only: process.argv.slice(2), except: leftOut() });
  const isLong = (/** @type {string} */ file) => longest.some((name) => file.endsWith(`${name}.test.js`));
  for (const file of files.filter(isLong)) mocha.addFile(file);
  for (const file of files.filter((file) => !isLong(file))) mocha.addFile(file);
  return close(await runMocha(mocha));
});

/** What is named is run, whatever the extent. */
function leftOut() {
  if (!isQuick || process.argv.length > 2) return [];
  tellLeftOut(`files left out: ${leftToFull.join(", ")}`);
  return leftToFull.map((name) => `/${name}.test.ts`);
}

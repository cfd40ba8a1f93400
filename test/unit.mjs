// Unit tests in plain Node: `node test/unit.mjs [part of a file's name …]`.
import Mocha from "mocha";
import { buildTests } from "./build.mjs";
import { close, retries, runMocha } from "./counts.mjs";
import { main } from "./host/main.mjs";

await main(async () => {
  // Most of them wait for processes of git: two files at once keep both cores busy.
  const mocha = new Mocha({ reporter: "dot", timeout: 60_000, parallel: true, jobs: 2, retries });
  const { files } = await buildTests("unit", { only: process.argv.slice(2) });
  for (const file of files) mocha.addFile(file);
  return close(await runMocha(mocha));
});

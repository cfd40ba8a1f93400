// Unit tests in plain Node: `node test/unit.mjs [part of a file's name …]`.
import Mocha from "mocha";
import { buildTests } from "./build.mjs";
import { close, runMocha } from "./counts.mjs";
import { main } from "./host/main.mjs";

await main(async () => {
  const mocha = new Mocha({ reporter: "dot", timeout: 20_000 });
  const { files } = await buildTests("unit", { only: process.argv.slice(2) });
  for (const file of files) mocha.addFile(file);
  return close(await runMocha(mocha));
});

// Tests as a person in a browser: `node test/e2e.mjs [part of a file's name …]`.
// One editor serves all files; each test opens windows of its own in it.
import Mocha from "mocha";
import { buildTests, chooseTests } from "./build.mjs";
import { close, runMocha } from "./counts.mjs";
import { retries } from "./extent.mjs";
import { main } from "./host/main.mjs";
import { chooseEditor } from "./host/places.mjs";
import { setStage } from "./stage.mjs";

await main(async () => {
  const named = chooseEditor(process.argv.slice(2));
  const [stage, { files }] = await Promise.all([
    setStage("screenshots"),
    buildTests("e2e", { only: chooseTests("e2e", named) }),
  ]);
  const mocha = new Mocha({ reporter: "spec", timeout: 90_000, slow: 30_000, color: false, retries });
  for (const file of files) mocha.addFile(file);
  const counts = await runMocha(mocha);
  await stage.editor.stop();
  return close(counts);
});

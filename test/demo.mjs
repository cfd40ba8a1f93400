// `npm run demo`: plays the whole job in a headless browser and leaves a picture of each step in out/demo.
// What is missing gets installed first, so nothing but Node's own may be imported before.
import { ensureDependencies } from "./host/dependencies.mjs";
import { main } from "./host/main.mjs";
import { makeTempFolder } from "./host/tempFolder.mjs";

await main(async () => {
  await ensureDependencies();
  const { bundleScript } = await import("./build.mjs");
  const { makeSampleRepository } = await import("./host/sampleRepository.mjs");
  const { setStage } = await import("./stage.mjs");
  const stage = await setStage("demo");
  const { default: demo } = await import(await bundleScript("test/demo/demo.ts"));
  const root = makeTempFolder("connect-demo");
  const pictures = await demo.playDemo(root, makeSampleRepository(`${root}/payments`));
  await stage.editor.stop();
  console.log(pictures.join("\n"));
  return 0;
});

// `npm start`: the extension in an editor, beside an embedded Bitbucket with tokens to try it with.
// What is missing gets installed first, so nothing but Node's own may be imported before.
import { ensureDependencies } from "./host/dependencies.mjs";
import { main } from "./host/main.mjs";

await main(async () => {
  await ensureDependencies();
  const { start } = await import("./start/start.mjs");
  return start();
});

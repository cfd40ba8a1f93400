// All checks: `npm test`, or `node test/run.mjs types lint format unit extension e2e` for some of them.
// Works on a fresh clone: what is missing gets installed first, so nothing but Node's own may be imported before.
import { ensureDependencies } from "./host/dependencies.mjs";
import { main } from "./host/main.mjs";

await main(async () => {
  await ensureDependencies();
  const { runStages } = await import("./stages.mjs");
  return runStages(process.argv.slice(2));
});

// `npm run test:live`: what the product takes for granted of Bitbucket, asked of the real one. It changes nothing there.
import { ensureDependencies } from "./host/dependencies.mjs";
import { main } from "./host/main.mjs";

await main(async () => {
  const { BITBUCKET_TOKEN, BITBUCKET_REPOSITORY } = process.env;
  if (!BITBUCKET_TOKEN || !BITBUCKET_REPOSITORY) {
    console.log(
      "Skipped: set BITBUCKET_TOKEN to an access token that reads, BITBUCKET_REPOSITORY to its workspace/repository " +
        "(one with commits), and BITBUCKET_ACCOUNT to your Atlassian e-mail for an API token.",
    );
    return 0;
  }
  await ensureDependencies();
  const { default: Mocha } = await import("mocha");
  const { buildTests } = await import("./build.mjs");
  const { close, runMocha } = await import("./counts.mjs");
  const mocha = new Mocha({ reporter: "spec", color: false });
  const { files } = await buildTests("live");
  for (const file of files) mocha.addFile(file);
  return close(await runMocha(mocha));
});

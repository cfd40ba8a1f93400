import { spawn } from "node:child_process";
import { join } from "node:path";
import { bundleScript } from "../build.mjs";
import { atExit } from "../host/atExit.mjs";
import { ensureDesktop, findDisplay } from "../host/desktop.mjs";
import { startEditor } from "../host/editor.mjs";
import { projectRoot } from "../host/places.mjs";
import { withProgress } from "../host/progress.mjs";
import { makeSampleRepository } from "../host/sampleRepository.mjs";
import { quietSettings, writeSettings } from "../host/settings.mjs";
import { makeTempFolder } from "../host/tempFolder.mjs";
import { buildExtension, packageExtension } from "../package.mjs";

/** Never resolves to an end of its own: Ctrl-C ends it, and what it started and wrote goes with it. */
export async function start() {
  const root = makeTempFolder("connect-for-bitbucket");
  const { startSampleBitbucket, pageSnippet } = await importBundled("test/start/sampleBitbucket.ts");
  const sample = await startSampleBitbucket(join(root, "bitbucket"));
  const { webUrl, apiUrl } = sample.bitbucket;
  const settings = { "bitbucketConnect.webUrl": webUrl, "bitbucketConnect.apiUrl": apiUrl };
  const folder = makeSampleRepository(join(root, "payments"));
  const place = await openEditor({ root, folder, settings });
  console.log(describe({ sample, place, folder, snippet: pageSnippet(sample, sample.tokens[0]) }));
  // The servers keep the process until Ctrl-C.
  return new Promise(() => {});
}

/** @param {string} entry */
async function importBundled(entry) {
  const { default: exported } = await import(await bundleScript(entry));
  return exported;
}

/**
 * The desktop editor where there is a screen for it, else an address to open.
 * @param {{ root: string, folder: string, settings: Record<string, unknown> }} options
 * @returns {Promise<string>} where to look
 */
async function openEditor({ root, folder, settings }) {
  const desktop = findDisplay() === "own" ? await ensureDesktop() : undefined;
  if (desktop) {
    await withProgress("Building the extension", buildExtension);
    openDesktop(desktop.executable, { root, folder, settings });
    return "VS Code opens in a window of its own.";
  }
  const vsix = await withProgress("Packaging the extension", packageExtension);
  const editor = await withProgress("Starting VS Code", () =>
    startEditor({ root: join(root, "editor"), vsix, settings }),
  );
  return `Open VS Code in your browser: ${editor.url}/?folder=${encodeURIComponent(folder)}`;
}

/**
 * @param {string} executable
 * @param {{ root: string, folder: string, settings: Record<string, unknown> }} options
 */
function openDesktop(executable, { root, folder, settings }) {
  const userData = join(root, "user-data");
  writeSettings(userData, { ...quietSettings(), ...settings });
  const profile = [`--user-data-dir=${userData}`, `--extensions-dir=${join(root, "extensions")}`];
  const child = spawn(executable, [folder, `--extensionDevelopmentPath=${projectRoot}`, ...profile], {
    stdio: "ignore",
  });
  child.on("exit", () => process.exit(0));
  atExit(() => void child.kill());
}

/**
 * @param {{ sample: any, place: string, folder: string, snippet: string }} session
 */
function describe({ sample, place, folder, snippet }) {
  const tokens = sample.tokens.map(
    (/** @type {{ purpose: string, secret: string }} */ { purpose, secret }) =>
      `  ${purpose}:\n    ${secret}`,
  );
  return `
${place}
It shows ${folder}, a repository with three commits.

An embedded Bitbucket runs at ${sample.bitbucket.webUrl} with an empty repository ${sample.repository}.
Tokens to try:
${tokens.join("\n")}

What Bitbucket shows when the first of them is made; the form takes all of it, pasted into Access token:
  ${snippet.replaceAll("\n", "\n  ")}

Next: press F1, run "Bitbucket: Connect repository", paste a token and press Connect.
Ctrl-C here ends everything and removes what it wrote.
`;
}

// Tests inside VS Code: `node test/extension.mjs [part of a file's name …]`.
// One entry for both kinds of editor: `runTests` starts the desktop one, or ours that looks the same from outside.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runTests } from "@vscode/test-electron";
import { buildTests, chooseTests } from "./build.mjs";
import { close } from "./counts.mjs";
import { describeError } from "./host/expectedError.mjs";
import { ensureBrowser, ensureVscode } from "./host/install.mjs";
import { main } from "./host/main.mjs";
import { makePersonHome } from "./host/personHome.mjs";
import { chooseEditor, editorChoice, projectRoot } from "./host/places.mjs";
import { makeSampleRepository } from "./host/sampleRepository.mjs";
import { quietSettings, writeSettings } from "./host/settings.mjs";
import { makeTempFolder } from "./host/tempFolder.mjs";
import { buildExtension } from "./package.mjs";

const hostedVscode = fileURLToPath(new URL("host/hostedVscode.mjs", import.meta.url));

await main(async () => {
  const named = chooseEditor(process.argv.slice(2));
  const editor = await ensureVscode();
  if (editor.kind === "desktop" && editor.needsXvfb) return runAgainUnderXvfb();
  if (editor.kind === "hosted") await ensureBrowser();
  return close(await runExtensionTests(editor.kind === "desktop" ? editor.executable : hostedVscode, named));
});

/**
 * @param {string} vscodeExecutablePath
 * @param {readonly string[]} named parts of file names
 * @returns {Promise<import("./counts.mjs").Counts>}
 */
async function runExtensionTests(vscodeExecutablePath, named) {
  await buildExtension();
  const { folder } = await buildTests("extension", {
    only: chooseTests("extension", named),
    extraEntryPoints: ["test/extension/index.ts"],
  });
  const temp = makeTempFolder("connect-extension-tests");
  const report = join(temp, "report.json");
  try {
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: projectRoot,
      extensionTestsPath: join(folder, "index.js"),
      launchArgs: launchArguments(temp),
      extensionTestsEnv: personEnvironment(join(temp, "home"), report),
    });
  } catch (error) {
    console.error(describeError(error));
  }
  return readReport(report);
}

/** @param {string} temp */
function launchArguments(temp) {
  const userData = join(temp, "user-data");
  writeSettings(userData, quietSettings());
  const workspace = makeSampleRepository(join(temp, "workspace"));
  const profile = [`--user-data-dir=${userData}`, `--extensions-dir=${join(temp, "extensions")}`];
  return [workspace, ...profile, "--use-inmemory-secretstorage"];
}

/**
 * @param {string} home
 * @param {string} report
 */
function personEnvironment(home, report) {
  const env = makePersonHome(home);
  // `runTests` adds to this process's environment; what must be absent has to go from there.
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  return { ...env, ...editorChoice(), EXTENSION_TESTS_REPORT: report };
}

/**
 * No report: the editor never came as far as the tests' end.
 * @param {string} report
 * @returns {import("./counts.mjs").Counts}
 */
function readReport(report) {
  try {
    return JSON.parse(readFileSync(report, "utf8"));
  } catch {
    console.error("The extension tests ended without a report.");
    return { passed: 0, failed: 1 };
  }
}

function runAgainUnderXvfb() {
  const args = ["--auto-servernum", process.execPath, ...process.argv.slice(1)];
  return spawnSync("xvfb-run", args, { stdio: "inherit" }).status ?? 1;
}

#!/usr/bin/env node
// Takes the arguments of the desktop VS Code and does the same in a browser: opens a folder with the extension
// under development, runs its tests in the extension host, prints what they print, ends as they end.
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { URLSearchParams } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { ensureBrowser, ensureCodeServer } from "./install.mjs";
import { startServer } from "./server.mjs";
import { makeTempFolder } from "./tempFolder.mjs";

const timeLimitMs = 10 * 60_000;

// Set by test/extension/index.ts: the workbench's own chatter comes the same way.
const testOutputMark = "│ ";

const { values: options, positionals } = parseArgs({
  args: process.argv.slice(2),
  // The desktop has many more, none of which matters in a browser.
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: "string" },
    extensionTestsPath: { type: "string" },
    "user-data-dir": { type: "string" },
    "extensions-dir": { type: "string" },
  },
});

setTimeout(() => {
  console.error(`The tests did not end within ${timeLimitMs / 60_000} minutes.`);
  process.exit(1);
}, timeLimitMs).unref();
process.exit(await run());

async function run() {
  const [codeServer, browser] = await Promise.all([ensureCodeServer(), ensureBrowser()]);
  const server = await startVscodeServer(codeServer);
  const { executablePath, args, env } = browser;
  const chrome = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
  try {
    const page = await chrome.newPage();
    const outcome = testOutcome(page);
    await page.goto(testUrl(`127.0.0.1:${server.port}`));
    return await outcome;
  } finally {
    await chrome.close();
    await server.stop();
  }
}

/** @param {import("./codeServer.mjs").CodeServer} codeServer */
function startVscodeServer(codeServer) {
  const serverData = makeTempFolder("vscode-server");
  copyUserSettings(serverData);
  const command = [codeServer.node, codeServer.server, "--host", "127.0.0.1", "--port", "0"];
  command.push("--without-connection-token", "--accept-server-license-terms", "--telemetry-level", "off");
  // This switch is what makes the server heed the payload of the URL.
  command.push("--enable-smoke-test-driver", "--disable-workspace-trust");
  command.push("--server-data-dir", serverData);
  if (options["extensions-dir"]) command.push("--extensions-dir", String(options["extensions-dir"]));
  const env = { ...process.env };
  return startServer(command, { env, cwd: serverData, portPattern: /agent listening on (\d+)/ });
}

/** The browser keeps a person's settings to itself; a server's own are those of the machine. */
function copyUserSettings(/** @type {string} */ serverData) {
  const settings = join(String(options["user-data-dir"]), "User", "settings.json");
  if (!existsSync(settings)) return;
  mkdirSync(join(serverData, "data", "Machine"), { recursive: true });
  copyFileSync(settings, join(serverData, "data", "Machine", "settings.json"));
}

/** @param {string} authority */
function testUrl(authority) {
  const remote = (/** @type {unknown} */ path) => `vscode-remote://${authority}${path}`;
  const payload = [
    ["extensionDevelopmentPath", remote(options.extensionDevelopmentPath)],
    ["extensionTestsPath", remote(options.extensionTestsPath)],
    ["skipWelcome", "true"],
  ];
  const folder = positionals.at(0) ?? "";
  const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
  return `http://${authority}/?${query}`;
}

/**
 * The workbench calls two functions of its page, if there: one with what the extension host prints, one at its end.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<number>} the exit code
 */
async function testOutcome(page) {
  await page.exposeFunction(
    "codeAutomationLog",
    (/** @type {string} */ _level, /** @type {unknown[]} */ [line]) => {
      if (process.env.DEBUG) console.log(line);
      else if (typeof line === "string" && line.startsWith(testOutputMark))
        console.log(line.slice(testOutputMark.length));
    },
  );
  return new Promise((resolve, reject) => {
    page.on("crash", () => reject(new Error("The page of the tests crashed.")));
    void page.exposeFunction("codeAutomationExit", resolve);
  });
}

// A VS Code in a browser, as a person has it: code-server with the packaged extension installed.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensureCodeServer } from "./install.mjs";
import { makePersonHome } from "./personHome.mjs";
import { startServer } from "./server.mjs";
import { quietSettings, writeSettings } from "./settings.mjs";

/**
 * @typedef {object} Editor
 * @property {string} url
 * @property {number} pid the server's; extension hosts are among its descendants
 * @property {string} root all that it keeps is below
 * @property {string} home the person's home
 * @property {string} userData
 * @property {Record<string, unknown>} settings the person's, machine-scoped ones too
 * @property {() => Promise<void>} stop
 */

/**
 * @param {object} options
 * @param {string} options.root a folder for all that the editor keeps
 * @param {string} options.vsix
 * @param {Record<string, unknown>} [options.settings]
 * @returns {Promise<Editor>}
 */
export async function startEditor({ root, vsix, settings: own = {} }) {
  const { node, entry } = await ensureCodeServer();
  const home = join(root, "home");
  const env = makePersonHome(home);
  const userData = join(root, "user-data");
  const folders = ["--user-data-dir", userData, "--extensions-dir", join(root, "extensions")];
  const settings = { ...quietSettings(), ...own };
  writeSettings(userData, settings);
  await promisify(execFile)(node, [entry, ...folders, "--install-extension", vsix], { env, cwd: root });
  const address = ["--auth", "none", "--bind-addr", "127.0.0.1:0"];
  const quiet = ["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"];
  const server = await startServer([node, entry, ...address, ...folders, ...quiet], {
    env,
    cwd: root,
    portPattern: /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/,
  });
  const url = `http://127.0.0.1:${server.port}`;
  return { url, pid: server.pid, root, home, userData, settings, stop: server.stop };
}

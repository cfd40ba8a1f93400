// Installs what is missing and keeps it for the next run. Each part returns at once when it is there.
import { ensureBrowser } from "./chromium.mjs";
import { ensureCodeServer } from "./codeServer.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { ensureDesktop } from "./desktop.mjs";

export { ensureBrowser, ensureCodeServer, ensureDependencies };

/**
 * @typedef {{ kind: "desktop", executable: string, needsXvfb: boolean }
 *   | { kind: "hosted", codeServer: import("./codeServer.mjs").CodeServer }} Editor
 */

/**
 * The desktop VS Code where it can be downloaded and shown, else the one from npm.
 * @returns {Promise<Editor>}
 */
export async function ensureVscode() {
  const desktop = await ensureDesktop();
  if (desktop) return { kind: "desktop", ...desktop };
  return { kind: "hosted", codeServer: await ensureCodeServer() };
}

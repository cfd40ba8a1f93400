// What the driver in test/e2e/driver plays on: an editor with the extension installed, and a browser to open it in.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startEditor } from "./host/editor.mjs";
import { ensureBrowser } from "./host/install.mjs";
import { projectRoot } from "./host/places.mjs";
import { makeTempFolder } from "./host/tempFolder.mjs";
import { packageExtension } from "./package.mjs";

/** @param {string} pictures a folder of out/ for screenshots, emptied */
export async function setStage(pictures) {
  const [browser, vsix] = await Promise.all([ensureBrowser(), packageExtension()]);
  const editor = await startEditor({ root: makeTempFolder("connect-editor"), vsix });
  const screenshots = join(projectRoot, "out", pictures);
  rmSync(screenshots, { recursive: true, force: true });
  mkdirSync(screenshots, { recursive: true });
  const stage = { editor, browser, screenshots };
  // Read by test/e2e/driver/stage.ts.
  process.env.E2E_STAGE = JSON.stringify(stage);
  return stage;
}

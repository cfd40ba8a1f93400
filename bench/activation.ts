// Load and activate at the start of a window, as the editor itself counts them, beside its own GitHub extension.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { EditorWindow } from "../test/e2e/driver/editorWindow";
import { openWindow } from "../test/e2e/driver/openWindow";
import { readStage } from "../test/e2e/driver/stage";
import { makeSampleRepository } from "../test/host/sampleRepository.mjs";
import { median } from "./support/median";

const rounds = 9;
const ours = "Connect for Bitbucket";
const rival = "GitHub";

export const needsEditor = true;

export async function run(): Promise<Record<string, unknown>> {
  const { root, userData } = readStage().editor;
  const folder = makeSampleRepository(join(root, "activation"));
  const window = await openWindow({ folder });
  const pairs: { readonly oursMs: number; readonly rivalMs: number }[] = [];
  for (let round = -1; round < rounds; round++) {
    await window.reload();
    await window.runCommand("Developer: Show Running Extensions");
    const [oursMs, rivalMs] = [await activationMs(window, ours), await activationMs(window, rival)];
    if (round >= 0) pairs.push({ oursMs, rivalMs }); // the first warms up the disk
  }
  await window.close();
  return {
    bench: "activation",
    rival: "vscode.github in the same windows",
    ratio: Number(
      (median(pairs.map((one) => one.oursMs)) / median(pairs.map((one) => one.rivalMs))).toFixed(3),
    ),
    runs: rounds,
    correct: `${pairs.length}/${rounds}`,
    oursMs: pairs.map((one) => one.oursMs),
    rivalMs: pairs.map((one) => one.rivalMs),
    bundleKb: Math.round(sizeOf(join(userData, "..", "extensions")) / 1024),
  };
}

/** The editor's own figure: reading the code and calling `activate`, in milliseconds. */
async function activationMs(window: EditorWindow, name: string): Promise<number> {
  const row = window.page.locator(".runtime-extensions-editor .extension", {
    has: window.page.locator(".name", { hasText: new RegExp(`^${name}$`) }),
  });
  const time = row.locator(".activation-time");
  await time.filter({ hasText: /\d/ }).waitFor();
  return Number(/(\d+)\s*ms/.exec(await time.innerText())?.[1]);
}

/** Of the code that runs in the extension host, as it is shipped. */
function sizeOf(extensions: string): number {
  const folder = readdirSync(extensions).find((name) => name.includes("connect-for-bitbucket"));
  return statSync(join(extensions, folder ?? "", "dist", "extension.js")).size;
}

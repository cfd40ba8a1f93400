// Load and activate at the start of a window, as the editor itself counts them, beside its own GitHub extension.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
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
  await window.page.setViewportSize({ width: 1280, height: 6000 }); // the list renders what can be seen of it
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
    ...codeSizes(join(userData, "..", "extensions")),
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

/** The code of the extension host as it is shipped: all of it, and what activating reads of it. */
function codeSizes(extensions: string): { bundleKb: number; readToActivateKb: number } {
  const folder = readdirSync(extensions).find((name) => name.includes("connect-for-bitbucket"));
  const dist = join(extensions, folder ?? "", "dist");
  const chunks = readdirSync(join(dist, "chunks")).map((name) => join(dist, "chunks", name));
  const toKb = (files: readonly string[]) =>
    Math.round(files.reduce((sum, file) => sum + statSync(file).size, 0) / 1024);
  const main = join(dist, "extension.js");
  return { bundleKb: toKb([main, ...chunks]), readToActivateKb: toKb([...readWith(main)]) };
}

/** A file and what it requires at its top, and so on; what stands in a function is read later. */
function readWith(file: string, read = new Set<string>()): ReadonlySet<string> {
  if (read.has(file)) return read;
  read.add(file);
  const text = readFileSync(file, "utf8").replace(/Promise\.resolve\(\)\.then\([^"]*"[^"]*"/g, "");
  for (const [, path = ""] of text.matchAll(/require\("(\.[^"]*)"\)/g))
    readWith(join(dirname(file), path), read);
  return read;
}

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { commandIds } from "../../src/commands/ids";

/** What of the manifest only an editor can tell; the rest is in test/unit/packageManifest.test.ts. */
describe("the manifest in the editor", () => {
  const extension = vscode.extensions.getExtension("connect-for-bitbucket.connect-for-bitbucket");
  const root = extension?.extensionUri.fsPath ?? "";
  const manifest = readFileSync(join(root, "package.json"), "utf8");
  const words = readFileSync(join(root, "package.nls.json"), "utf8");
  const code = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(root, "src", file), "utf8"));

  it("has every command of ours registered, and none that it doesn't name", async () => {
    await extension?.activate();
    const ours = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith("bitbucketConnect."));
    // The editor adds one of its own for each view: `….focus`, `….open`.
    const isViews = (id: string) => /\.(focus|open|removeView|resetViewLocation|toggleVisibility)$/.test(id);
    assert.deepEqual(ours.filter((id) => !isViews(id)).sort(), Object.values<string>(commandIds).sort());
  });

  it("lets the code run only commands that the editor has", async () => {
    // `setContext` is the extension host’s own, and in no list.
    const known = new Set([...(await vscode.commands.getCommands()), "setContext"]);
    const run = code.flatMap((text) => [...text.matchAll(/(?:command: |executeCommand\()"([^"]+)"/g)]);
    const ids = run.map(([, id = ""]) => id);
    assert.ok(ids.includes("git.pull"), ids.join(" "));
    assert.deepEqual(
      ids.filter((id) => !known.has(id)),
      [],
    );
  });

  it("names only icons that the editor has, as the code does", () => {
    const workbench = readFileSync(workbenchFile(), "utf8");
    const named = [manifest, words, ...code].flatMap((text) => [
      ...text.matchAll(/(?:\$\((?!printf )|ThemeIcon\("|\bicon: ")([a-z-]+)/g),
    ]);
    const icons = new Set(named.map(([, icon = ""]) => icon));
    assert.ok(icons.size > 15, [...icons].join(" "));
    // Each is registered by its name and a character of the icon font.
    const isThere = (icon: string) => new RegExp(`"${icon}",(0x)?[0-9a-f]+\\)`).test(workbench);
    assert.ok(!isThere("no-such-icon"));
    assert.deepEqual(
      [...icons].filter((icon) => !isThere(icon)),
      [],
    );
  });
});

/** The editor's own code, in the desktop and in a browser. */
function workbenchFile(): string {
  const places = ["workbench/workbench.desktop.main.js", "code/browser/workbench/workbench.js"];
  const files = places.map((place) => join(vscode.env.appRoot, "out", "vs", place));
  return files.find((file) => existsSync(file)) ?? assert.fail(`no workbench in ${vscode.env.appRoot}`);
}

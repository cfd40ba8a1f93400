import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { commandIds } from "../../src/commands/ids";
import { settingNames } from "../../src/settings";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category?: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string }>> };
  };
}

describe("the manifest", () => {
  const extension = vscode.extensions.getExtension("connect-for-bitbucket.connect-for-bitbucket");
  const root = extension?.extensionUri.fsPath ?? "";
  const text = readFileSync(join(root, "package.json"), "utf8");
  const { contributes } = JSON.parse(text) as Manifest;
  const words = JSON.parse(readFileSync(join(root, "package.nls.json"), "utf8")) as Record<string, string>;

  it("contributes exactly the commands that have code, all under “Bitbucket”", () => {
    const contributed = contributes.commands.map(({ command }) => command);
    assert.deepEqual(contributed.sort(), Object.values(commandIds).sort());
    assert.deepEqual([...new Set(contributes.commands.map(({ category }) => category))], ["Bitbucket"]);
  });

  it("leaves no command of ours registered that it doesn't name", async () => {
    await extension?.activate();
    const ours = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith("bitbucketConnect."));
    // The editor adds one of its own for each view: `….focus`, `….open`.
    const known = new Set<string>(Object.values(commandIds));
    const isViews = (id: string) => /\.(focus|open|removeView|resetViewLocation|toggleVisibility)$/.test(id);
    assert.deepEqual(
      ours.filter((id) => !known.has(id) && !isViews(id)),
      [],
    );
  });

  it("contributes exactly the settings that the code reads", () => {
    const contributed = Object.keys(contributes.configuration.properties);
    assert.deepEqual(contributed.sort(), settingNames.map((name) => `bitbucketConnect.${name}`).sort());
  });

  it("lets no workspace say where a token goes", () => {
    const { properties } = contributes.configuration;
    for (const name of ["webUrl", "apiUrl"])
      assert.equal(properties[`bitbucketConnect.${name}`]?.scope, "machine");
  });

  it("has words for every %key%, and no words that nothing uses", () => {
    const used = [...text.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(words).sort());
  });
});

import assert from "node:assert/strict";
import * as vscode from "vscode";

const extensionId = "connect-for-bitbucket.connect-for-bitbucket";

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe("activation", () => {
  it("registers every command of the manifest", async () => {
    const extension = vscode.extensions.getExtension(extensionId);
    assert.ok(extension, `${extensionId} is not installed`);
    await extension.activate();
    const { contributes } = extension.packageJSON as Manifest;
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = contributes.commands.filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  it("finds the workspace's repository through the built-in git extension", async () => {
    const git = vscode.extensions.getExtension<GitExtension>("vscode.git");
    const api = (await git?.activate())?.getAPI(1);
    assert.ok(api);
    while (api.state !== "initialized") await nextEvent(api.onDidChangeState);
    while (api.repositories.length === 0) await nextEvent(api.onDidOpenRepository);
    const [repository] = api.repositories;
    assert.equal(repository?.rootUri.fsPath, vscode.workspace.workspaceFolders?.[0]?.uri.fsPath);
  });
});

interface GitExtension {
  getAPI(version: 1): {
    readonly state: "uninitialized" | "initialized";
    readonly onDidChangeState: vscode.Event<unknown>;
    readonly onDidOpenRepository: vscode.Event<unknown>;
    readonly repositories: readonly { readonly rootUri: vscode.Uri }[];
  };
}

function nextEvent(event: vscode.Event<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const subscription = event(() => {
      subscription.dispose();
      resolve();
    });
  });
}

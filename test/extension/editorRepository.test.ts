import assert from "node:assert/strict";
import * as vscode from "vscode";
import { editorContract, type ShownRepository } from "../unit/support/editorContract";

interface GitExtension {
  getAPI(version: 1): { openRepository(root: vscode.Uri): Promise<ShownRepository | null> };
}

editorContract("the editor", async (folder) => {
  const git = await vscode.extensions.getExtension<GitExtension>("vscode.git")?.activate();
  const repository = await git?.getAPI(1).openRepository(vscode.Uri.file(folder));
  assert.ok(repository, `the editor opens no repository in ${folder}`);
  await repository.status();
  return repository;
});

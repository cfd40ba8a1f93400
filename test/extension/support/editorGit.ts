import assert from "node:assert/strict";
import * as vscode from "vscode";

interface EditorRepository {
  readonly state: { readonly remotes: readonly { readonly name: string; readonly fetchUrl?: string }[] };
  push(): Promise<void>;
  fetch(): Promise<void>;
}

interface GitExtension {
  getAPI(version: 1): { getRepository(uri: vscode.Uri): EditorRepository | null };
}

/** The repository as the built-in git extension has it. */
export async function repositoryIn(folder: string): Promise<EditorRepository> {
  const extension = vscode.extensions.getExtension<GitExtension>("vscode.git");
  const repository = (await extension?.activate())?.getAPI(1).getRepository(vscode.Uri.file(folder));
  assert.ok(repository, `the editor has no repository in ${folder}`);
  return repository;
}

/** The editor's own push; where it fails, with what git said. */
export async function pushInEditor(folder: string): Promise<void> {
  const repository = await repositoryIn(folder);
  await repository.push().catch((error: unknown) => {
    const stderr = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
    throw new Error(`git push in the editor: ${stderr}`, { cause: error });
  });
}

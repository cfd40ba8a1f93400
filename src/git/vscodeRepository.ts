import * as path from "node:path";
import * as vscode from "vscode";
import type { LocalRepository } from "./localRepository";
import type { GitApi, GitApiRepository } from "./vscodeGitApi";

/** A repository of the built-in git extension. */
export class VscodeRepository implements LocalRepository {
  constructor(private readonly repository: GitApiRepository) {}

  get root(): string {
    return this.repository.rootUri.fsPath;
  }

  get currentBranch(): string | undefined {
    return this.repository.state.HEAD?.name;
  }

  get hasCommits(): boolean {
    return this.repository.state.HEAD?.commit !== undefined;
  }

  async branches(): Promise<readonly string[]> {
    const refs = await this.repository.getBranches({ remote: false });
    return refs.flatMap((ref) => ref.name ?? []);
  }

  addRemote(name: string, url: string): Promise<void> {
    return this.repository.addRemote(name, url);
  }

  renameRemote(name: string, newName: string): Promise<void> {
    return this.repository.renameRemote(name, newName);
  }

  async setConfig(key: string, value: string): Promise<void> {
    await this.repository.setConfig(key, value);
  }

  async refresh(): Promise<void> {
    await this.repository.status().catch(() => undefined); // closed meanwhile: there is nothing to show
  }
}

/**
 * The repository that a folder is in: the one named, else the one of the active editor, else the one selected in the
 * Source Control view, else the only one.
 */
export async function findRepository(
  git: GitApi,
  folder?: vscode.Uri,
): Promise<GitApiRepository | undefined> {
  if (folder) return (await openContaining(git, folder)) ?? undefined;
  return repositoryOfEditor(git) ?? git.repositories.find((one) => one.ui.selected) ?? git.repositories[0];
}

/** The one that the active editor's file is in. */
export function repositoryOfEditor(git: GitApi): GitApiRepository | undefined {
  const active = vscode.window.activeTextEditor?.document.uri;
  return (active?.scheme === "file" && git.getRepository(active)) || undefined;
}

async function openContaining(git: GitApi, folder: vscode.Uri): Promise<GitApiRepository | null> {
  const known = git.getRepository(folder);
  // A folder inside another repository is not that repository: the exact one may not be open yet.
  if (known && path.relative(known.rootUri.fsPath, folder.fsPath) === "") return known;
  return (await git.openRepository(folder)) ?? known;
}

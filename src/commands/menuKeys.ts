import * as fs from "node:fs/promises";
import * as path from "node:path";
import * as vscode from "vscode";
import { setContextKey } from "./contextKeys";

/** A window with more has its entries in the menus of the first ones alone. */
const mostDirectories = 5_000;
const skipped: ReadonlySet<string> = new Set([".git", "node_modules"]);

/**
 * Tells the manifest's menus which repositories and which files are on Bitbucket. A menu can ask for the folder of its
 * file, not for its repository: so where some of the window is elsewhere, the folders are told, read once for each set of
 * repositories.
 */
export class MenuKeys {
  private known: { readonly key: string; readonly directories: Promise<readonly string[]> } | undefined;

  async tell(repositories: readonly vscode.Uri[], onBitbucket: readonly vscode.Uri[]): Promise<void> {
    const roots = onBitbucket.map(({ fsPath }) => fsPath);
    const others = repositories.map(({ fsPath }) => fsPath).filter((root) => !roots.includes(root));
    const isEverywhere = roots.length > 0 && others.length === 0 && workspaceFolders().every(isIn(roots));
    const isMixed = roots.length > 0 && !isEverywhere;
    await Promise.all([
      setContextKey("roots", onBitbucket),
      setContextKey("hasRemote", roots.length > 0),
      setContextKey("isEverywhere", isEverywhere),
      setContextKey("directories", isMixed ? await this.directories(roots, others) : []),
    ]);
  }

  private directories(roots: readonly string[], others: readonly string[]): Promise<readonly string[]> {
    const key = JSON.stringify([roots, others]);
    if (this.known?.key !== key) this.known = { key, directories: directoriesOf(roots, others) };
    return this.known.directories;
  }
}

function workspaceFolders(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
}

function isIn(roots: readonly string[]): (folder: string) => boolean {
  return (folder) => roots.some((root) => folder === root || folder.startsWith(root + path.sep));
}

/** Those of repositories that lie in another are left to that one. */
async function directoriesOf(
  roots: readonly string[],
  others: readonly string[],
): Promise<readonly string[]> {
  const found = [...roots];
  // It grows while it is gone through.
  for (const directory of found) {
    if (found.length >= mostDirectories) break;
    const entries = await fs.readdir(directory, { withFileTypes: true }).catch(() => []); // gone, or not to be read
    const below = entries
      .filter((entry) => entry.isDirectory() && !skipped.has(entry.name))
      .map(({ name }) => path.join(directory, name))
      .filter((one) => !others.includes(one) && !found.includes(one));
    found.push(...below.slice(0, mostDirectories - found.length));
  }
  return found;
}

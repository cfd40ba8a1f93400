import * as l10n from "@vscode/l10n";
import * as path from "node:path";
import * as vscode from "vscode";

/** Which of several repositories, by their folders. */
export async function askRepository(roots: readonly string[]): Promise<string | undefined> {
  const items = roots.map((root) => ({
    label: `$(repo) ${path.basename(root)}`,
    description: path.dirname(root),
    root,
  }));
  const placeHolder = l10n.t("Which repository?");
  return (await vscode.window.showQuickPick(items, { title: "Bitbucket", placeHolder }))?.root;
}

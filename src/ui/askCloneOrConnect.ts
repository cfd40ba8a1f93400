import * as l10n from "@vscode/l10n";
import * as path from "node:path";
import * as vscode from "vscode";

/** For a link to a repository whose clone is not open; undefined where the person went away. */
export async function askCloneOrConnect(
  repository: string,
  folder: string | undefined,
): Promise<"clone" | "connect" | undefined> {
  const connect = folder === undefined ? connectAny() : connectFolder(folder);
  const items = [
    {
      label: `$(repo-clone) ${l10n.t("Clone {0}", repository)}`,
      description: l10n.t("to a new folder"),
      way: "clone" as const,
    },
    { ...connect, way: "connect" as const },
  ];
  const title = l10n.t("{0} isn't open in this window", repository);
  return (await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true }))?.way;
}

function connectFolder(folder: string): vscode.QuickPickItem {
  return {
    label: `$(plug) ${l10n.t("Connect {0} to it", path.basename(folder))}`,
    description: path.dirname(folder),
  };
}

/** The form asks which. */
function connectAny(): vscode.QuickPickItem {
  return { label: `$(plug) ${l10n.t("Connect an open folder")}` };
}

import * as l10n from "@vscode/l10n";
import * as path from "node:path";
import * as vscode from "vscode";
import { fullName } from "../bitbucket/site";
import type { FoundRepository, PlannedChange } from "../flows/connectAll/describeAll";
import { showInformation, showWarning } from "./messages";

type Item = vscode.QuickPickItem & { readonly found: FoundRepository };

/** All or some, each with what will change; `folder` to look below another one, undefined where the person went away. */
export async function pickRepositories(
  found: readonly FoundRepository[],
): Promise<readonly FoundRepository[] | "folder" | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  const chooseFolder = {
    iconPath: new vscode.ThemeIcon("folder-opened"),
    tooltip: l10n.t("Look in another folder"),
  };
  pick.title = l10n.t("Connect all repositories");
  pick.placeholder =
    found.length === 0
      ? l10n.t("No open repository has a remote on Bitbucket. Choose a folder with the button above.")
      : l10n.t("Choose the repositories to connect");
  Object.assign(pick, { canSelectMany: true, matchOnDescription: true, matchOnDetail: true });
  pick.buttons = [chooseFolder];
  pick.items = found.map(toItem);
  pick.selectedItems = pick.items.filter(
    ({ found: one }) => !one.isConnected && !one.changes.includes("ssh"),
  );
  try {
    return await new Promise((resolve) => {
      pick.onDidTriggerButton(() => {
        resolve("folder");
      });
      pick.onDidAccept(() => {
        resolve(pick.selectedItems.map((item) => item.found));
      });
      pick.onDidHide(() => {
        resolve(undefined);
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

function toItem(found: FoundRepository): Item {
  const changes = found.isConnected
    ? [l10n.t("Already connected")]
    : [...found.changes.map(changeWords), l10n.t("Git already signs in automatically")];
  return {
    label: fullName(found.repository),
    description: path.basename(found.root),
    detail: changes.join(" · "),
    found,
  };
}

function changeWords(change: PlannedChange): string {
  switch (change) {
    case "appPassword":
      return l10n.t("Removes the app password from the URL");
    case "tokenInUrl":
      return l10n.t("Moves the token from the URL to VS Code's secret storage");
    case "userInUrl":
      return l10n.t("Removes the user name from the URL");
    case "ssh":
      return l10n.t("Uses HTTPS instead of SSH");
    case "otherHelper":
      return l10n.t("Replaces other credential helpers");
  }
}

export async function askFolder(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: l10n.t("Choose folder"),
  });
  return chosen?.[0]?.fsPath;
}

interface Left {
  readonly folder: string;
  readonly code: string;
  readonly message: string;
}

/** What became of them, with what can be done now. */
export async function tellOutcome(
  connected: number,
  left: readonly Left[],
): Promise<"undo" | "addToken" | undefined> {
  const [undo, add, show] = [l10n.t("Undo all"), l10n.t("Add token"), l10n.t("Show why")] as const;
  const buttons = connected > 0 ? [undo] : [];
  const counts = l10n.t("Connected repositories: {0}.", connected);
  if (left.length === 0) return (await showInformation(counts, ...buttons)) === undo ? "undo" : undefined;
  const lacksToken = left.some(({ code }) => code === "TokenRejected");
  for (;;) {
    const answer = await showWarning(
      `${counts} ${l10n.t("Not connected: {0}.", left.length)}`,
      ...[...(lacksToken ? [add] : []), show, ...buttons],
    );
    if (answer === show) await showLeft(left);
    else return answer === add ? "addToken" : answer === undo ? "undo" : undefined;
  }
}

async function showLeft(left: readonly Left[]): Promise<void> {
  const items = left.map(({ folder, message }) => ({
    label: path.basename(folder),
    description: folder,
    detail: message,
  }));
  await vscode.window.showQuickPick(items, { title: l10n.t("Not connected"), matchOnDetail: true });
}

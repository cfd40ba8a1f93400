import * as l10n from "@vscode/l10n";
import { homedir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import { showInformation } from "../messages";

/** Which branch, and how much of the history. */
export interface BranchChoice {
  /** The default one where undefined. */
  readonly branch: string | undefined;
  readonly singleBranch: boolean;
  readonly shallow: boolean;
}

export interface BranchQuestion {
  readonly repository: string;
  readonly mainBranch: string;
  /** Comes while the question is on the screen. */
  readonly branches: Promise<readonly string[]>;
}

type BranchItem = vscode.QuickPickItem & BranchChoice;

export async function askBranch(question: BranchQuestion): Promise<BranchChoice | undefined> {
  const { mainBranch } = question;
  const main = (label: string, description: string, singleBranch: boolean, shallow: boolean): BranchItem => ({
    label,
    description,
    branch: undefined,
    singleBranch,
    shallow,
  });
  const defaults = [
    main(`$(git-branch) ${mainBranch}`, l10n.t("default branch and all others"), false, false),
    main(`$(git-branch) ${l10n.t("Only {0}", mainBranch)}`, l10n.t("default branch only"), true, false),
    main(
      `$(git-commit) ${l10n.t("Only the newest commit of {0}", mainBranch)}`,
      l10n.t("shallow: no history"),
      true,
      true,
    ),
  ];
  const others = question.branches.then(
    (names) => names.filter((name) => name !== mainBranch).map(toBranchItem),
    () => [], // the default branch can be cloned without their names
  );
  const pick = vscode.window.createQuickPick<BranchItem>();
  pick.title = l10n.t("Clone {0}", question.repository);
  pick.placeholder = l10n.t("Which branch?");
  pick.ignoreFocusOut = true;
  pick.items = defaults;
  pick.busy = true;
  void others.then((items) => {
    pick.items = [...defaults, ...items];
    pick.busy = false;
  });
  try {
    return await new Promise((resolve) => {
      pick.onDidAccept(() => {
        resolve(pick.selectedItems[0]);
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

function toBranchItem(branch: string): BranchItem {
  return { label: `$(git-branch) ${branch}`, branch, singleBranch: false, shallow: false };
}

/** The parent folder: the one of git's own setting at one key, or any other. */
export async function askDirectory(repository: string): Promise<string | undefined> {
  const usual = defaultDirectory();
  if (usual === undefined) return askFolder(repository, homedir());
  const items = [
    { label: `$(folder) ${usual}`, description: l10n.t("git.defaultCloneDirectory"), folder: usual },
    { label: `$(folder-opened) ${l10n.t("Choose another folder…")}`, folder: undefined },
  ];
  const title = l10n.t("Where to clone {0}", repository);
  const chosen = await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true });
  return chosen && (chosen.folder ?? (await askFolder(repository, usual)));
}

function defaultDirectory(): string | undefined {
  const configured = vscode.workspace.getConfiguration("git").get<string | null>("defaultCloneDirectory");
  return configured ? path.resolve(configured.replace(/^~(?=[/\\]|$)/, homedir())) : undefined;
}

async function askFolder(repository: string, start: string): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    defaultUri: vscode.Uri.file(start),
    title: l10n.t("Where to clone {0}", repository),
    openLabel: l10n.t("Clone here"),
  });
  return chosen?.[0]?.fsPath;
}

/** The clone that is there already, or "another". Undefined where the person went away. */
export async function askAlreadyCloned(
  repository: string,
  folders: readonly string[],
): Promise<{ readonly folder: string | undefined } | undefined> {
  const items = [
    ...folders.map((folder) => ({
      label: `$(folder-opened) ${l10n.t("Open {0}", path.basename(folder))}`,
      description: folder,
      folder,
    })),
    { label: `$(repo-clone) ${l10n.t("Clone again to another folder")}`, folder: undefined },
  ];
  return vscode.window.showQuickPick(items, {
    title: l10n.t("{0} is already cloned", repository),
    ignoreFocusOut: true,
  });
}

export type OpenHow = "here" | "newWindow" | "addToWorkspace";

export async function askOpen(repository: string, folder: string): Promise<OpenHow | undefined> {
  const buttons: readonly (readonly [string, OpenHow])[] = [
    [l10n.t("Open here"), "here"],
    [l10n.t("Open in new window"), "newWindow"],
    ...(vscode.workspace.workspaceFolders ? [[l10n.t("Add to workspace"), "addToWorkspace"] as const] : []),
  ];
  const chosen = await showInformation(
    l10n.t("Cloned {0} into {1}. Git now signs in automatically.", repository, folder),
    ...buttons.map(([title]) => title),
  );
  return buttons.find(([title]) => title === chosen)?.[1];
}

export async function openFolder(folder: string, how: OpenHow): Promise<void> {
  const uri = vscode.Uri.file(folder);
  if (how === "addToWorkspace") {
    const end = vscode.workspace.workspaceFolders?.length ?? 0;
    vscode.workspace.updateWorkspaceFolders(end, 0, { uri });
    return;
  }
  await vscode.commands.executeCommand("vscode.openFolder", uri, { forceNewWindow: how === "newWindow" });
}

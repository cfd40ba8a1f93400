import * as l10n from "@vscode/l10n";
import * as path from "node:path";
import * as vscode from "vscode";
import { openOnBitbucket, type BitbucketPlace } from "../flows/openOnBitbucket";
import { openExternally } from "../ui/openExternally";
import { parseOpenArgument, type OpenArgument } from "./arguments";
import { askTarget, type CommandContext, type Target } from "./context";
import type { Command } from "./register";

/** With an argument it asks nothing; from a file's menu it opens that file; otherwise a person chooses what to see. */
export function openOnBitbucketCommand(context: CommandContext): Command {
  return async (untyped) => {
    const file = untyped instanceof vscode.Uri ? untyped : undefined;
    const argument = file ? { folder: folderOf(file) } : parseOpenArgument(untyped);
    const target = await askTarget(context, argument.folder, untyped);
    if (!target) return undefined;
    const place = file ? placeOf(target, file) : (named(argument) ?? (await choose(target)));
    if (!place) return undefined;
    const url = await openOnBitbucket(target.ports, target.local, place);
    await openExternally(url);
    return { url };
  };
}

/** `folder` alone, as the status bar's tooltip has it, is the repository's page. */
function named({ folder, branch, path: file, lines }: OpenArgument): BitbucketPlace | undefined {
  if (file !== undefined) {
    const [first, last] = lines ?? [];
    const range = first !== undefined && last !== undefined && { lines: { first, last } };
    return { kind: "file", path: file, ...(branch !== undefined && { branch }), ...range };
  }
  if (branch !== undefined) return { kind: "branch", branch };
  return folder && { kind: "repository" };
}

async function choose(target: Target): Promise<BitbucketPlace | undefined> {
  const { local } = target;
  const items: (vscode.QuickPickItem & { readonly place: BitbucketPlace })[] = [];
  const editor = vscode.window.activeTextEditor;
  const file = editor && placeOf(target, editor.document.uri);
  if (file) items.push({ label: l10n.t("$(file) This file"), description: describe(file), place: file });
  if (local.currentBranch !== undefined) {
    const place = { kind: "branch", branch: local.currentBranch } as const;
    items.push({ label: l10n.t("$(git-branch) This branch"), description: local.currentBranch, place });
  }
  items.push({ label: l10n.t("$(repo) The repository"), place: { kind: "repository" } });
  const title = l10n.t("Open on Bitbucket");
  return (await vscode.window.showQuickPick(items, { title }))?.place;
}

function describe(place: Extract<BitbucketPlace, { kind: "file" }>): string {
  const { lines } = place;
  return lines ? `${place.path}:${lines.first}-${lines.last}` : place.path;
}

/** With the lines that are selected in it, where it is the active editor's. */
function placeOf({ local }: Target, file: vscode.Uri): Extract<BitbucketPlace, { kind: "file" }> | undefined {
  const relative = path.relative(local.root, file.fsPath);
  if (file.scheme !== "file" || relative === "" || relative.startsWith("..") || path.isAbsolute(relative)) {
    return undefined;
  }
  const editor = vscode.window.activeTextEditor;
  const selection = editor?.document.uri.toString() === file.toString() ? editor.selection : undefined;
  const lines =
    selection && !selection.isEmpty
      ? { first: selection.start.line + 1, last: selection.end.line + (selection.end.character > 0 ? 1 : 0) }
      : undefined;
  return { kind: "file", path: relative.split(path.sep).join("/"), ...(lines && { lines }) };
}

/** git's own search for the repository starts at a folder. */
function folderOf(file: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(file, "..");
}

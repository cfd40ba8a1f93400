import * as l10n from "@vscode/l10n";
import * as path from "node:path";
import * as vscode from "vscode";
import { openOnBitbucket, type BitbucketPlace } from "../flows/openOnBitbucket";
import { openExternally } from "../ui/openExternally";
import { parseOpenArgument, type OpenArgument } from "./arguments";
import { askTargetOnBitbucket } from "./askTargetOnBitbucket";
import type { CommandContext, Target } from "./context";
import type { Command } from "./register";

interface Page {
  readonly url: string;
}

/** With an argument it asks nothing; from a file's menu it opens that file; otherwise a person chooses what to see. */
export function openOnBitbucketCommand(context: CommandContext): Command {
  return async (untyped) => {
    const page = await findPage(context, untyped, l10n.t("Open on Bitbucket"));
    if (page) await openExternally(page.url);
    return page;
  };
}

/** The same pages, for a colleague. */
export function copyLinkCommand(context: CommandContext): Command {
  return async (untyped) => {
    const page = await findPage(context, untyped, l10n.t("Copy link"));
    if (!page) return undefined;
    await vscode.env.clipboard.writeText(page.url);
    vscode.window.setStatusBarMessage(l10n.t("$(link) Copied the link"), copiedForMs);
    return page;
  };
}

const copiedForMs = 3_000;

async function findPage(context: CommandContext, untyped: unknown, title: string): Promise<Page | undefined> {
  const clicked = clickedFile(untyped);
  const argument = clicked ? { folder: folderOf(clicked.file) } : parseOpenArgument(untyped);
  const target = await askTargetOnBitbucket(context, argument.folder, untyped);
  if (!target) return undefined;
  const place = clicked ? placeOf(target, clicked) : (named(argument) ?? (await choose(target, title)));
  return place && { url: await openOnBitbucket(target.ports, target.local, place) };
}

interface Clicked {
  readonly file: vscode.Uri;
  /** Counted from 1. */
  readonly line?: number;
}

/** A file's menu gives its URI; that of a line's number gives both. */
function clickedFile(untyped: unknown): Clicked | undefined {
  if (untyped instanceof vscode.Uri) return { file: untyped };
  if (typeof untyped !== "object" || untyped === null) return undefined;
  const file: unknown = Reflect.get(untyped, "uri");
  const line: unknown = Reflect.get(untyped, "lineNumber");
  return file instanceof vscode.Uri && typeof line === "number" ? { file, line } : undefined;
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

async function choose(target: Target, title: string): Promise<BitbucketPlace | undefined> {
  const { local } = target;
  const items: (vscode.QuickPickItem & { readonly place: BitbucketPlace })[] = [];
  const editor = vscode.window.activeTextEditor;
  const file = editor && placeOf(target, { file: editor.document.uri });
  if (file) items.push({ label: l10n.t("$(file) This file"), description: describe(file), place: file });
  if (local.currentBranch !== undefined) {
    const place = { kind: "branch", branch: local.currentBranch } as const;
    items.push({ label: l10n.t("$(git-branch) This branch"), description: local.currentBranch, place });
  }
  items.push({ label: l10n.t("$(repo) The repository"), place: { kind: "repository" } });
  return (await vscode.window.showQuickPick(items, { title }))?.place;
}

function describe(place: Extract<BitbucketPlace, { kind: "file" }>): string {
  const { lines } = place;
  return lines ? `${place.path}:${lines.first}-${lines.last}` : place.path;
}

/** With the lines that are selected in it, where it is the active editor's, or the line that was clicked. */
function placeOf(
  { local }: Target,
  { file, line }: Clicked,
): Extract<BitbucketPlace, { kind: "file" }> | undefined {
  const relative = path.relative(local.root, file.fsPath);
  if (file.scheme !== "file" || relative === "" || relative.startsWith("..") || path.isAbsolute(relative)) {
    return undefined;
  }
  const lines = selectedLines(file, line);
  return { kind: "file", path: relative.split(path.sep).join("/"), ...(lines && { lines }) };
}

function selectedLines(file: vscode.Uri, line: number | undefined) {
  const editor = vscode.window.activeTextEditor;
  const selection = editor?.document.uri.toString() === file.toString() ? editor.selection : undefined;
  const selected =
    selection && !selection.isEmpty
      ? { first: selection.start.line + 1, last: selection.end.line + (selection.end.character > 0 ? 1 : 0) }
      : undefined;
  if (line === undefined) return selected;
  const isWithin = selected && selected.first <= line && line <= selected.last;
  return isWithin ? selected : { first: line, last: line };
}

/** git's own search for the repository starts at a folder. */
function folderOf(file: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(file, "..");
}

import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { PushButtonLook } from "./pushButton";

/** The commands that the item and its tooltip run. */
export interface StatusBarCommands {
  readonly push: string;
  readonly openOnBitbucket: string;
  readonly checkConnection: string;
  readonly replaceToken: string;
}

/** The push button in the status bar. It appears with the first thing to show. */
export class StatusBar implements vscode.Disposable {
  private item: vscode.StatusBarItem | undefined;
  private shown = "";

  constructor(private readonly commands: StatusBarCommands) {}

  show(look: PushButtonLook, folder: string): void {
    const key = JSON.stringify([look, folder]);
    if (key === this.shown) return;
    this.shown = key;
    const item = (this.item ??= createItem());
    item.text = look.text;
    item.tooltip = this.tooltip(look, folder);
    item.accessibilityInformation = { label: look.label, role: "button" };
    item.command = {
      title: l10n.t("Push"),
      command: this.commands.push,
      arguments: [{ folder, byHand: true }],
    };
    item.backgroundColor =
      look.warnings.length > 0 ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    item.show();
  }

  hide(): void {
    this.shown = "";
    this.item?.hide();
  }

  dispose(): void {
    this.item?.dispose();
  }

  /** Names of branches and remotes are strangers' words: they go in as text, and these commands alone may be links. */
  private tooltip(look: PushButtonLook, folder: string): vscode.MarkdownString {
    const { facts, notes, warnings, tokenToReplace } = look;
    const { push, openOnBitbucket, checkConnection, replaceToken } = this.commands;
    const tooltip = new vscode.MarkdownString();
    tooltip.isTrusted = { enabledCommands: [push, openOnBitbucket, checkConnection, replaceToken] };
    for (const warning of warnings) tooltip.appendMarkdown(`⚠ ${toMarkdown(warning)}`).appendMarkdown("\n\n");
    for (const note of notes) tooltip.appendMarkdown(toMarkdown(note)).appendMarkdown("\n\n");
    for (const [name, value] of facts) {
      tooltip
        .appendMarkdown("**")
        .appendMarkdown(toMarkdown(name))
        .appendMarkdown("** ")
        .appendMarkdown(toMarkdown(value))
        .appendMarkdown("\n\n");
    }
    const links = [
      link(l10n.t("Push"), push, { folder }),
      ...(tokenToReplace === undefined
        ? []
        : [link(l10n.t("Replace token"), replaceToken, { repository: tokenToReplace })]),
      link(l10n.t("Open on Bitbucket"), openOnBitbucket, { folder }),
      link(l10n.t("Check connection"), checkConnection, { folder }),
    ];
    tooltip.appendMarkdown(links.join(" · "));
    return tooltip;
  }
}

function link(title: string, command: string, argument: Readonly<Record<string, string>>): string {
  return `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([{ ...argument, byHand: true }]))})`;
}

/** `appendText` makes each space one that breaks no line, and a tooltip is narrow. */
function toMarkdown(text: string): string {
  return new vscode.MarkdownString().appendText(text).value.replaceAll("&nbsp;", " ");
}

function createItem(): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem("bitbucketConnect.push", vscode.StatusBarAlignment.Left, 49);
  item.name = l10n.t("Bitbucket: Push");
  return item;
}

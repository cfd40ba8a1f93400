import * as vscode from "vscode";
import { withoutLinks } from "./withoutLinks";

/** The editor's messages, here alone (a lint rule sees to it). Each returns the button that was pressed. */
export type Pressed = Thenable<string | undefined>;

export function showInformation(message: string, ...buttons: readonly string[]): Pressed {
  return vscode.window.showInformationMessage(withoutLinks(message), ...buttons);
}

export function showWarning(message: string, ...buttons: readonly string[]): Pressed {
  return vscode.window.showWarningMessage(withoutLinks(message), ...buttons);
}

export function showError(message: string, ...buttons: readonly string[]): Pressed {
  return vscode.window.showErrorMessage(withoutLinks(message), ...buttons);
}

/** A dialog that waits for its answer. */
export function askDialog(message: string, detail: string, ...buttons: readonly string[]): Pressed {
  return vscode.window.showInformationMessage(withoutLinks(message), asDialog(detail), ...buttons);
}

export function warnDialog(message: string, detail: string, ...buttons: readonly string[]): Pressed {
  return vscode.window.showWarningMessage(withoutLinks(message), asDialog(detail), ...buttons);
}

function asDialog(detail: string): vscode.MessageOptions {
  return { modal: true, detail: withoutLinks(detail) };
}

import * as vscode from "vscode";
import { commandIds, type CommandName } from "./ids";

/** Presses one of our own buttons: the person is told of a failure, and nobody else. */
export function runByHand<Result>(name: CommandName, argument: object): Thenable<Result> {
  return vscode.commands.executeCommand(commandIds[name], { ...argument, byHand: true });
}

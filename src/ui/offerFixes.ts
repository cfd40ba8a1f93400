import * as vscode from "vscode";
import type { Fix, UserError } from "../errors";
import { showError, showInformation } from "./messages";
import { openExternally } from "./openExternally";

/** Repeats the failed action with some of its arguments changed. */
export type Retry = (change: Readonly<Record<string, unknown>>) => Thenable<unknown>;

/** Shows an expected error with its buttons, and does what the person presses. */
export async function offerFixes(error: UserError, retry: Retry): Promise<void> {
  const titles = error.fixes.map((fix) => fix.title);
  // Nothing went wrong where there is nothing to do.
  const show = error.code === "NothingToPush" ? showInformation : showError;
  const chosen = await show(error.message, ...titles);
  const fix = error.fixes.find((one) => one.title === chosen);
  if (fix) await applyFix(fix, retry);
}

/** A command of ours that a button runs tells the person of a failure itself, and nobody else. */
function asOurs(argument: unknown): unknown {
  const isObject = typeof argument === "object" && argument !== null && !(argument instanceof vscode.Uri);
  return isObject && !Array.isArray(argument) ? { ...argument, byHand: true } : argument;
}

/** A command of ours gives nothing where it failed, which it has told of itself, or was cancelled. */
async function runCommand(fix: Extract<Fix, { kind: "runCommand" }>, retry: Retry): Promise<void> {
  const done: unknown = await vscode.commands.executeCommand(fix.command, ...(fix.args ?? []).map(asOurs));
  if (fix.thenRetry && done !== undefined) await retry({});
}

export async function applyFix(fix: Fix, retry: Retry): Promise<void> {
  switch (fix.kind) {
    case "openUrl":
      await openExternally(fix.url);
      return;
    case "runCommand":
      await runCommand(fix, retry);
      return;
    case "retry":
      await retry(fix.change);
  }
}

import * as vscode from "vscode";

/** Another extension, a task or a keybinding gives the answers: no person is to be asked. See `runByHand`. */
export function isCalledByCode(argument: unknown): boolean {
  return isPlainObject(argument) && argument["byHand"] !== true;
}

/** An argument object as it is; of the Source Control view's own object, the folder that it is about. */
export function toPlainObject(argument: unknown): Readonly<Record<string, unknown>> {
  const withFolder = toFolderArgument(argument);
  return isPlainObject(withFolder) ? withFolder : {};
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * What a menu passes, as an argument object: the Source Control view gives its own object, which knows the repository's
 * folder; everything else stays as it is.
 */
function toFolderArgument(argument: unknown): unknown {
  if (typeof argument !== "object" || argument === null || !("rootUri" in argument)) return argument;
  return argument.rootUri instanceof vscode.Uri ? { folder: argument.rootUri } : argument;
}

import * as vscode from "vscode";

/**
 * What a menu passes, as an argument object: the Source Control view gives its own object, which knows the repository's
 * folder; everything else stays as it is.
 */
export function toFolderArgument(argument: unknown): unknown {
  if (typeof argument !== "object" || argument === null || !("rootUri" in argument)) return argument;
  return argument.rootUri instanceof vscode.Uri ? { folder: argument.rootUri } : argument;
}

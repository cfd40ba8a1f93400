import * as vscode from "vscode";

/**
 * Opens an address as it is spelled. Through a `Uri` the editor would decode it and encode it anew, and lose the `%2F`
 * and `%23` of a branch's name; it takes a string too, though its types don't say so.
 * https://github.com/microsoft/vscode/issues/85930
 */
export async function openExternally(url: string): Promise<void> {
  await vscode.env.openExternal(url as unknown as vscode.Uri);
}

import * as vscode from "vscode";

/** What the manifest's menus and the steps of its walkthrough ask for. */
const contextKeys = {
  /** The active repository has a remote on Bitbucket. */
  hasRemote: "bitbucketConnect.hasRemote",
  /*
   * The walkthrough's. They stay once they are set, and the editor keeps a step that is done. It learns of a step when a
   * page of walkthroughs is first opened, and then looks at changes alone: hence `activeEditor` in the manifest.
   * https://github.com/microsoft/vscode/blob/1.100.0/src/vs/workbench/contrib/welcomeGettingStarted/browser/gettingStartedService.ts
   */
  isConnected: "bitbucketConnect.isConnected",
  hasPushed: "bitbucketConnect.hasPushed",
  hasCloned: "bitbucketConnect.hasCloned",
} as const;

export async function setContextKey(key: keyof typeof contextKeys, value: boolean): Promise<void> {
  await vscode.commands.executeCommand("setContext", contextKeys[key], value);
}

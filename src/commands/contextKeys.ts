import * as vscode from "vscode";

/** What the manifest's menus and the steps of its walkthrough ask for. */
const contextKeys = {
  /** An open repository has a remote on Bitbucket: a file's menu can't ask for that of its own. */
  hasRemote: "bitbucketConnect.hasRemote",
  /**
   * The roots of all open repositories that have a remote on Bitbucket. As `Uri`s: VS Code spells them as it does
   * `scmProviderRootUri`, whose scheme in a remote window is not the one that is known here.
   * https://github.com/microsoft/vscode/blob/1.100.0/src/vs/platform/contextkey/browser/contextKeyService.ts
   */
  roots: "bitbucketConnect.roots",
  /** One is stored, whatever it is for. */
  hasToken: "bitbucketConnect.hasToken",
  /** All that is open in the window is on Bitbucket. */
  isEverywhere: "bitbucketConnect.isEverywhere",
  /** Else, the folders of the repositories that are, as a menu names the folder of its file. */
  directories: "bitbucketConnect.directories",
  /*
   * The walkthrough's. They stay once they are set, and the editor keeps a step that is done. It learns of a step when a
   * page of walkthroughs is first opened, and then looks at changes alone: hence `activeEditor` in the manifest.
   * https://github.com/microsoft/vscode/blob/1.100.0/src/vs/workbench/contrib/welcomeGettingStarted/browser/gettingStartedService.ts
   */
  isConnected: "bitbucketConnect.isConnected",
  hasPushed: "bitbucketConnect.hasPushed",
  hasCloned: "bitbucketConnect.hasCloned",
} as const;

type ContextKey = keyof typeof contextKeys;
type ContextValue<Key extends ContextKey> = Key extends "roots"
  ? readonly vscode.Uri[]
  : Key extends "directories"
    ? readonly string[]
    : boolean;

/** As text, by key. The keys outlive an extension host that is restarted, so the first value is told whatever it is. */
const told = new Map<ContextKey, string>();

/** Tells the editor, once for each change. */
export async function setContextKey<Key extends ContextKey>(
  key: Key,
  value: ContextValue<Key>,
): Promise<void> {
  const text = String(value);
  if (told.get(key) === text) return;
  await vscode.commands.executeCommand("setContext", contextKeys[key], value);
  told.set(key, text);
}

import * as l10n from "@vscode/l10n";
import * as path from "node:path";
import * as vscode from "vscode";
import { tryParseAddress } from "../../bitbucket/address";
import { fullName, type BitbucketSite, type RepositoryName } from "../../bitbucket/site";
import { showInformation } from "../messages";
import { openExternally } from "../openExternally";

/**
 * Opens the page where a repository is made and waits for the person to come back: Enter goes on with the name that is
 * filled in, or with the address of what was made there.
 */
export async function askCreatedRepository(
  site: BitbucketSite,
  page: string,
  wanted: RepositoryName,
): Promise<RepositoryName | undefined> {
  await openExternally(page);
  const text = await vscode.window.showInputBox({
    title: l10n.t("Publish to Bitbucket"),
    value: fullName(wanted),
    prompt: l10n.t(
      "No token kept here may create repositories. Create it on the page in your browser, without README and .gitignore, then press Enter.",
    ),
    ignoreFocusOut: true,
    validateInput: (address) =>
      tryParseAddress(address, site)
        ? undefined
        : l10n.t("Enter it as workspace/repository, or paste its address."),
  });
  return text === undefined ? undefined : tryParseAddress(text, site)?.repository;
}

/** Which of several folders. */
export async function askFolder(folders: readonly string[]): Promise<string | undefined> {
  const items = folders.map((folder) => ({
    label: `$(folder) ${path.basename(folder)}`,
    description: folder,
    folder,
  }));
  const title = l10n.t("Publish to Bitbucket");
  const placeHolder = l10n.t("Which folder?");
  return (await vscode.window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true }))?.folder;
}

/** Dismissing it is an answer too. */
export async function announcePublished(message: string, page: string): Promise<void> {
  const open = l10n.t("Open on Bitbucket");
  if ((await showInformation(message, open)) === open) await openExternally(page);
}

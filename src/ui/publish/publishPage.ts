import * as l10n from "@vscode/l10n";
import * as path from "node:path";
import * as vscode from "vscode";
import { tryParseAddress } from "../../bitbucket/address";
import { fullName, type BitbucketSite, type RepositoryName } from "../../bitbucket/site";
import { showInformation } from "../messages";
import { openExternally } from "../openExternally";

/** Opens the page where a repository is made, as the person chose, and waits for the URL of what was made there. */
export async function askCreatedRepository(
  site: BitbucketSite,
  page: string,
  wanted: RepositoryName | undefined,
): Promise<RepositoryName | undefined> {
  await openExternally(page);
  const text = await vscode.window.showInputBox({
    title: l10n.t("Publish to Bitbucket"),
    value: wanted ? fullName(wanted) : "",
    placeHolder: `${site.webUrl}/workspace/repository`,
    prompt: l10n.t(
      "Create it in the browser, without README and .gitignore. Then paste its URL here, or enter workspace/repository.",
    ),
    ignoreFocusOut: true,
    validateInput: (address) =>
      address === "" || tryParseAddress(address, site)
        ? undefined
        : l10n.t("Enter workspace/repository, or paste its URL."),
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

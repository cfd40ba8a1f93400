import * as vscode from "vscode";
import { readConnectLink } from "../bitbucket/connectLink";
import { fullName } from "../bitbucket/site";
import { UserError } from "../errors";
import { readSite } from "../settings";
import type { Log } from "../ui/log";
import { offerFixes } from "../ui/offerFixes";
import { settingsOf } from "./context";
import { runByHand } from "./runByHand";

/**
 * A colleague's link leads into the form, or where no folder is open to a clone. Either asks before it does anything.
 */
export async function openLink({ path, query }: vscode.Uri, log: Log): Promise<void> {
  try {
    const repository = fullName(readConnectLink(path, query, readSite(settingsOf(undefined))));
    await runByHand(vscode.workspace.workspaceFolders ? "connectRepository" : "cloneRepository", {
      repository,
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    log.failure("link", error);
    await offerFixes(error, () => Promise.resolve());
  }
}

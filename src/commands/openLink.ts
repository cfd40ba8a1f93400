import * as vscode from "vscode";
import { readConnectLink } from "../bitbucket/connectLink";
import { fullName, type BitbucketSite } from "../bitbucket/site";
import { UserError } from "../errors";
import { offerFixes } from "../ui/offerFixes";
import { byHand } from "./arguments";
import type { CommandContext } from "./context";
import { commandIds } from "./ids";

/**
 * A colleague's link leads into the form, or where no folder is open to a clone. Either asks before it does anything.
 */
export function watchLinks({ log }: CommandContext, site: () => BitbucketSite): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri: async ({ path, query }) => {
      try {
        const repository = fullName(readConnectLink(path, query, site()));
        const { connectRepository, cloneRepository } = commandIds;
        const command = vscode.workspace.workspaceFolders ? connectRepository : cloneRepository;
        await vscode.commands.executeCommand(command, byHand({ repository }));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        log.failure("link", error);
        await offerFixes(error, () => Promise.resolve());
      }
    },
  });
}

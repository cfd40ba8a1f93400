import * as vscode from "vscode";
import { byHand } from "./arguments";
import type { CommandContext } from "./context";
import { commandIds } from "./ids";
import { whenGitIsThere } from "./whenGitIsThere";

/** Puts Bitbucket among the places that the built-in “Publish Branch” offers, once the workspace is trusted. */
export function registerRemotePublisher(context: CommandContext): vscode.Disposable {
  return whenGitIsThere("remote publisher", context.log, (git, own) => {
    own(
      git.registerRemoteSourcePublisher({
        name: "Bitbucket",
        icon: "cloud-upload",
        publishRepository: async ({ rootUri }) => {
          await vscode.commands.executeCommand(commandIds.publishRepository, byHand({ folder: rootUri }));
        },
      }),
    );
  });
}

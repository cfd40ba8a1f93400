import * as vscode from "vscode";
import type { GitApi } from "../git/vscodeGitApi";
import { byHand } from "./plainArgument";
import { commandIds } from "./ids";
import type { Own } from "./whenGitIsThere";

/** Puts Bitbucket among the places that the built-in “Publish Branch” offers. */
export function registerRemotePublisher(git: GitApi, own: Own): void {
  own(
    git.registerRemoteSourcePublisher({
      name: "Bitbucket",
      icon: "cloud-upload",
      publishRepository: async ({ rootUri }) => {
        await vscode.commands.executeCommand(commandIds.publishRepository, byHand({ folder: rootUri }));
      },
    }),
  );
}

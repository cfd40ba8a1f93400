import type { GitApi } from "../git/vscodeGitApi";
import { runByHand } from "./runByHand";
import type { Own } from "./whenGitIsThere";

/** Puts Bitbucket among the places that the built-in “Publish Branch” offers. */
export function registerRemotePublisher(git: GitApi, own: Own): void {
  own(
    git.registerRemoteSourcePublisher({
      name: "Bitbucket",
      icon: "cloud-upload",
      publishRepository: async ({ rootUri }) => {
        await runByHand("publishRepository", { folder: rootUri });
      },
    }),
  );
}

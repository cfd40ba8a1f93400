import type * as vscode from "vscode";
import type { BitbucketSite } from "../bitbucket/site";
import { bitbucketRemotes } from "../flows/push/pushTarget";
import type { GitApiRepository } from "../git/vscodeGitApi";

/** Of the open repositories those that have a remote on the configured Bitbucket. It is all in memory. */
export function rootsOnBitbucket(
  repositories: readonly GitApiRepository[],
  site: BitbucketSite,
): readonly vscode.Uri[] {
  const onBitbucket = repositories.filter(({ state }) => bitbucketRemotes(state.remotes, site).length > 0);
  return onBitbucket.map(({ rootUri }) => rootUri);
}

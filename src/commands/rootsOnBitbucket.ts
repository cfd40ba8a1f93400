import type * as vscode from "vscode";
import type { BitbucketSite } from "../bitbucket/site";
import { bitbucketRemotes } from "../flows/push/pushTarget";
import type { OpenRemotes, OpenRepository } from "../git/openRemotes";

/** Of the open repositories those that have a remote on the configured Bitbucket. */
export async function rootsOnBitbucket(
  remotes: Pick<OpenRemotes, "of">,
  repositories: readonly OpenRepository[],
  site: BitbucketSite,
): Promise<readonly vscode.Uri[]> {
  const found = await Promise.all(repositories.map((repository) => remotes.of(repository, site)));
  return repositories
    .filter((_, index) => bitbucketRemotes(found[index] ?? [], site).length > 0)
    .map(({ rootUri }) => rootUri);
}

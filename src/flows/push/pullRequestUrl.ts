import { repositoryPage } from "../../bitbucket/pages";
import type { BitbucketSite, RepositoryName } from "../../bitbucket/site";
import { remoteWords } from "../../failures/gitFailure";

/**
 * The link to a new pull request that Bitbucket prints for a branch it hasn't seen before. Only one to this very
 * repository on the configured Bitbucket is believed: what a server prints may be a stranger's.
 */
export function pullRequestUrl(
  stderr: string,
  site: BitbucketSite,
  repository: RepositoryName,
): string | undefined {
  const page = new URL(`${repositoryPage(site, repository)}/pull-requests/new`);
  for (const word of remoteWords(stderr).split(/\s+/)) {
    const url = URL.canParse(word) ? new URL(word) : undefined;
    const isPage =
      url?.origin === page.origin &&
      url.username === "" &&
      url.pathname.toLowerCase() === page.pathname.toLowerCase();
    if (url && isPage) return url.href;
  }
  return undefined;
}

import { fullName, type BitbucketSite, type RepositoryName } from "./site";

/** Bitbucket's pages for people, which have no counterpart in its API. */
export function repositoryPage(site: BitbucketSite, repository: RepositoryName): string {
  return `${site.webUrl}/${fullName(repository)}`;
}

/** Where a repository's access tokens are made, rotated and revoked (repository admins only). */
export function accessTokensPage(site: BitbucketSite, repository: RepositoryName): string {
  return `${repositoryPage(site, repository)}/admin/access-tokens`;
}

/** Where a person's API tokens are made. It is Atlassian's page, whatever the Bitbucket address is. */
export const apiTokensPage = "https://id.atlassian.com/manage-profile/security/api-tokens";

export function createRepositoryPage(site: BitbucketSite, workspace: string | undefined): string {
  const query = workspace ? `?workspace=${encodeURIComponent(workspace)}` : "";
  return `${site.webUrl}/repo/create${query}`;
}

export function newPullRequestPage(site: BitbucketSite, repository: RepositoryName, branch: string): string {
  return `${repositoryPage(site, repository)}/pull-requests/new?source=${encodeURIComponent(branch)}`;
}

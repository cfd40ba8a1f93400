import { fullName, type BitbucketSite, type RepositoryName } from "./site";

/** Bitbucket's pages for people, which have no counterpart in its API. */
export function repositoryPage(site: BitbucketSite, repository: RepositoryName): string {
  return `${site.webUrl}/${fullName(repository)}`;
}

/** Where a repository's access tokens are made, rotated and revoked (repository admins only). */
export function accessTokensPage(site: BitbucketSite, repository: RepositoryName): string {
  return `${repositoryPage(site, repository)}/admin/access-tokens`;
}

/** Where its admins give people and groups access. */
export function permissionsPage(site: BitbucketSite, repository: RepositoryName): string {
  return `${repositoryPage(site, repository)}/admin/permissions`;
}

/** Where a workspace's admins see its plan and its users. */
export function planPage(site: BitbucketSite, workspace: string): string {
  return `${site.webUrl}/${workspace}/workspace/settings/plans`;
}

/** Where a person's API tokens are made. It is Atlassian's page, whatever the Bitbucket address is. */
export const apiTokensPage = "https://id.atlassian.com/manage-profile/security/api-tokens";

export function createRepositoryPage(site: BitbucketSite, workspace: string | undefined): string {
  const query = workspace ? `?workspace=${encodeURIComponent(workspace)}` : "";
  return `${site.webUrl}/repo/create${query}`;
}

export function pullRequestPage(site: BitbucketSite, repository: RepositoryName, id: number): string {
  return `${repositoryPage(site, repository)}/pull-requests/${id}`;
}

export function newPullRequestPage(site: BitbucketSite, repository: RepositoryName, branch: string): string {
  return `${repositoryPage(site, repository)}/pull-requests/new?source=${encodeURIComponent(branch)}`;
}

/** A branch as it is on Bitbucket. Its name's `/` stay, everything else that a URL gives meaning to is encoded. */
export function branchPage(site: BitbucketSite, repository: RepositoryName, branch: string): string {
  return `${repositoryPage(site, repository)}/branch/${encodePath(branch)}`;
}

/** A place in a repository's files. Lines count from 1. */
export interface FilePlace {
  /** None on a detached HEAD. */
  readonly branch?: string;
  /** Where the branch is on Bitbucket. */
  readonly commit: string;
  /** With `/` between folders, whatever the machine. */
  readonly path: string;
  readonly lines?: { readonly first: number; readonly last: number };
}

/**
 * `/src/<commit>/<path>?at=<branch>#lines-3:7`, as Bitbucket itself links: `/src/<branch>/…` fails for a branch with
 * a `/` in its name. https://github.com/gitkraken/vscode-gitlens/issues/1006
 */
export function filePage(site: BitbucketSite, repository: RepositoryName, place: FilePlace): string {
  const { branch, commit, path, lines } = place;
  const at = branch === undefined ? "" : `?at=${encodeURIComponent(branch)}`;
  const file = `${repositoryPage(site, repository)}/src/${commit}/${encodePath(path)}${at}`;
  if (!lines) return file;
  return lines.first === lines.last
    ? `${file}#lines-${lines.first}`
    : `${file}#lines-${lines.first}:${lines.last}`;
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

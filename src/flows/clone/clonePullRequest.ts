import { RepositoryListClient } from "../../bitbucket/repositoryListClient";
import type { RepositoryName } from "../../bitbucket/site";
import { UserError } from "../../errors";
import type { StoredToken } from "../../credentials/tokenStore";
import { toPresented } from "./listRepositoriesReach";
import type { Ports } from "../ports";

/** The branch that a pull request comes from; undefined where the token may not look, or the branch is in a fork. */
export async function findPullRequestBranch(
  { site, send }: Ports,
  repository: RepositoryName,
  pullRequest: number,
  stored: StoredToken,
  signal: AbortSignal,
): Promise<string | undefined> {
  const client = new RepositoryListClient({ site, send, token: toPresented(stored), storedFor: repository });
  try {
    return await client.pullRequestBranch(repository, pullRequest, signal);
  } catch (error) {
    // Reading pull requests is a scope of its own, and cloning must not need it.
    if (error instanceof UserError && ["TokenLacksScope", "RepositoryNotFound"].includes(error.code))
      return undefined;
    throw error;
  }
}

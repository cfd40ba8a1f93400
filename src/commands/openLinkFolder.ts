import type * as vscode from "vscode";
import { isSameRepository, type BitbucketSite, type RepositoryName } from "../bitbucket/site";
import { bitbucketRemotes } from "../flows/push/pushTarget";
import type { OpenRemotes, OpenRepository } from "../git/openRemotes";

export interface LinkFolder {
  /** Undefined where several could be meant, or none is on disk. */
  readonly folder: string | undefined;
  /** One of its remotes is the link's repository. */
  readonly isClone: boolean;
}

/** What a link to a repository is about in this window: its clone that is open, else the one thing that is. */
export async function findLinkFolder(
  remotes: Pick<OpenRemotes, "of">,
  repositories: readonly OpenRepository[],
  folders: readonly Pick<vscode.Uri, "scheme" | "fsPath">[],
  site: BitbucketSite,
  linked: RepositoryName,
): Promise<LinkFolder> {
  const found = await Promise.all(repositories.map((repository) => remotes.of(repository, site)));
  const clone = repositories.find((_, index) =>
    bitbucketRemotes(found[index] ?? [], site).some(({ repository }) => isSameRepository(repository, linked)),
  );
  if (clone) return { folder: clone.rootUri.fsPath, isClone: true };
  const roots = repositories.map(({ rootUri }) => rootUri);
  const [only, ...others] = roots.length > 0 ? roots : folders.filter(({ scheme }) => scheme === "file");
  return { folder: others.length === 0 ? only?.fsPath : undefined, isClone: false };
}

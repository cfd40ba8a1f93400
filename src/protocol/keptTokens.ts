/** What the form may know of a token that the extension stores: never the secret. */
export interface KeptToken {
  readonly kind: "repository" | "project" | "workspace" | "api";
  /** The repositories that it serves or has read, as `workspace/slug`. */
  readonly repositories: readonly string[];
  /** Where Bitbucket says that it has access. */
  readonly workspaces?: readonly string[];
  /** It has access nowhere else. */
  readonly isBounded?: boolean;
  /** What Bitbucket has refused it for, as `workspace/slug`. */
  readonly refused?: readonly string[];
}

/**
 * The stored token to offer for a repository, and how sure it is: `own` is stored for it or has read it. Any other is known
 * to have access to the workspace, or nobody knows where it has access. None that Bitbucket has refused for it.
 */
export function findKeptToken<Kept extends KeptToken>(
  kept: readonly Kept[],
  repository: string,
): { readonly token: Kept; readonly isOwn: boolean } | undefined {
  const name = repository.toLowerCase();
  const workspace = name.slice(0, name.indexOf("/"));
  const has = (list: readonly string[] = [], wanted: string) =>
    list.some((one) => one.toLowerCase() === wanted);
  const allowed = kept.filter(({ refused }) => !has(refused, name));
  const own = allowed.find(({ repositories }) => has(repositories, name));
  if (own) return { token: own, isOwn: true };
  const worksThere = (one: Kept) =>
    has(one.workspaces, workspace) ||
    one.repositories.some((other) => other.toLowerCase().startsWith(`${workspace}/`));
  const ofKind = (...kinds: readonly KeptToken["kind"][]) =>
    allowed.filter(({ kind }) => kinds.includes(kind));
  const token =
    ofKind("workspace", "project").find(worksThere) ??
    ofKind("api").find(worksThere) ??
    ofKind("api").find(({ isBounded }) => isBounded !== true) ??
    allowed.find(
      (one) => one.repositories.length === 0 && one.workspaces === undefined && one.isBounded !== true,
    );
  return token && { token, isOwn: false };
}

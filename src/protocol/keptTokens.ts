/** What the form may know of a token that the extension keeps: never the secret. */
export interface KeptToken {
  readonly kind: "repository" | "project" | "workspace" | "api";
  /** The repositories that it serves, as `workspace/slug`; none for the one of the environment. */
  readonly repositories: readonly string[];
}

/**
 * The kept token to offer for a repository, and how sure it is that it reaches it: `own` is stored for it, any other is of
 * a kind that reaches more than what it is stored for.
 */
export function findKeptToken<Kept extends KeptToken>(
  kept: readonly Kept[],
  repository: string,
): { readonly token: Kept; readonly isOwn: boolean } | undefined {
  const name = repository.toLowerCase();
  const workspace = name.slice(0, name.indexOf("/") + 1);
  const has = (one: Kept, test: (name: string) => boolean) =>
    one.repositories.some((other) => test(other.toLowerCase()));
  const own = kept.find((one) => has(one, (other) => other === name));
  if (own) return { token: own, isOwn: true };
  const isWide = ({ kind }: Kept) => kind === "workspace" || kind === "project";
  const token =
    kept.find((one) => isWide(one) && has(one, (other) => other.startsWith(workspace))) ??
    kept.find(({ kind }) => kind === "api") ??
    kept.find(({ repositories }) => repositories.length === 0);
  return token && { token, isOwn: false };
}

import type { Token } from "./tokens";

/** The scope that an action needs, in the two languages that Bitbucket has for it. */
export interface Need {
  /** Access tokens: `repository:write`. */
  readonly access: string;
  /** API tokens: `write:repository:bitbucket`. */
  readonly api: string;
}

export const needs = {
  readRepository: { access: "repository", api: "read:repository:bitbucket" },
  writeRepository: { access: "repository:write", api: "write:repository:bitbucket" },
  createRepository: { access: "repository:admin", api: "admin:repository:bitbucket" },
  readProjects: { access: "project", api: "read:project:bitbucket" },
  readUser: { access: "account", api: "read:user:bitbucket" },
  readWorkspaces: { access: "account", api: "read:workspace:bitbucket" },
} as const satisfies Record<string, Need>;

export function neededScope(token: Token, need: Need): string {
  return token.owner.kind === "api" ? need.api : need.access;
}

/** For access tokens write implies read; admin implies neither; for API tokens nothing implies anything. */
export function hasScope(token: Token, need: Need): boolean {
  const scope = neededScope(token, need);
  return token.scopes.some(
    (granted) => granted === scope || (token.owner.kind !== "api" && granted === `${scope}:write`),
  );
}

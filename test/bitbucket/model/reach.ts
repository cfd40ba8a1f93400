import { isMember } from "./accounts";
import type { Token } from "./tokens";
import type { Repository, Workspace } from "./world";

/** Whether the token's owner may see the repository at all. What it may do there is a matter of scopes. */
export function reaches(token: Token, repository: Repository): boolean {
  const { owner } = token;
  switch (owner.kind) {
    case "repository":
      return same(owner.repository, repository.fullName);
    case "project":
      return same(owner.project, `${repository.workspace.slug}/${repository.project.key}`);
    case "workspace":
      return same(owner.workspace, repository.workspace.slug);
    case "api":
      return !repository.private || reachesWorkspace(token, repository.workspace);
    case "app_password":
      return false;
  }
}

export function reachesWorkspace(token: Token, workspace: Workspace): boolean {
  const { owner } = token;
  switch (owner.kind) {
    case "repository":
      return same(owner.repository.replace(/\/.*$/, ""), workspace.slug);
    case "project":
      return same(owner.project.replace(/\/.*$/, ""), workspace.slug);
    case "workspace":
      return same(owner.workspace, workspace.slug);
    case "api":
      if (owner.workspace !== undefined && !same(owner.workspace, workspace.slug)) return false;
      return token.account !== undefined && isMember(token.account, workspace.slug);
    case "app_password":
      return false;
  }
}

/** Repositories are made by a person, or by a token of the whole workspace or project. */
export function mayCreateIn(token: Token, workspace: Workspace, projectKey: string | undefined): boolean {
  const { owner } = token;
  if (owner.kind === "repository") return false;
  if (owner.kind === "project") return same(owner.project, `${workspace.slug}/${projectKey ?? ""}`);
  return reachesWorkspace(token, workspace);
}

/** Anonymous visitors see what is public. */
export function canSee(token: Token | undefined, repository: Repository): boolean {
  return token ? reaches(token, repository) : !repository.private;
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

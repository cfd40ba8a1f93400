import type { Branch } from "../git/bareRepositories";
import type { Account } from "../model/accounts";
import type { Project, Repository, Workspace } from "../model/world";
import type { RestCall } from "./call";
import type { Links } from "./links";

export async function repositoryJson(repository: Repository, call: RestCall): Promise<unknown> {
  const { fullName } = repository;
  const { links, token } = call;
  const self = `/repositories/${fullName}`;
  const mainBranch = await call.repositories.mainBranch(repository);
  return {
    type: "repository",
    uuid: repository.uuid,
    full_name: fullName,
    name: repository.slug,
    slug: repository.slug,
    scm: "git",
    is_private: repository.private,
    description: repository.description,
    language: "",
    size: 0,
    has_issues: false,
    has_wiki: false,
    fork_policy: repository.private ? "no_public_forks" : "allow_forks",
    created_on: repository.createdOn,
    updated_on: repository.updatedOn,
    mainbranch: mainBranch === undefined ? null : { type: "branch", name: mainBranch },
    owner: { type: "team", display_name: repository.workspace.name, uuid: repository.workspace.uuid },
    workspace: workspaceJson(repository.workspace, links),
    project: projectJson(repository.project, repository.workspace, links),
    links: {
      self: links.api(self),
      html: links.web(`/${fullName}`),
      pullrequests: links.api(`${self}/pullrequests`),
      commits: links.api(`${self}/commits`),
      forks: links.api(`${self}/forks`),
      clone: links.clone(repository, token?.account?.username ?? "x-token-auth"),
    },
  };
}

export function workspaceJson(workspace: Workspace, links: Links): unknown {
  return {
    type: "workspace",
    uuid: workspace.uuid,
    name: workspace.name,
    slug: workspace.slug,
    links: { self: links.api(`/workspaces/${workspace.slug}`), html: links.web(`/${workspace.slug}/`) },
  };
}

/** As `/user/workspaces` gives it: less than the whole. */
export function workspaceAccessJson(workspace: Workspace, links: Links): unknown {
  return {
    type: "workspace_access",
    administrator: true,
    workspace: {
      type: "workspace_base",
      uuid: workspace.uuid,
      slug: workspace.slug,
      links: { self: links.api(`/workspaces/${workspace.slug}`) },
    },
  };
}

export function projectJson(project: Project, workspace: Workspace, links: Links): unknown {
  return {
    type: "project",
    uuid: project.uuid,
    key: project.key,
    name: project.name,
    links: { html: links.web(`/${workspace.slug}/workspace/projects/${project.key}`) },
  };
}

export function accountJson(account: Account, links: Links): unknown {
  return {
    type: "user",
    uuid: account.uuid,
    account_id: account.accountId,
    account_status: "active",
    username: account.username,
    nickname: account.username,
    display_name: account.displayName,
    links: { self: links.api(`/users/${encodeURIComponent(account.uuid)}`) },
  };
}

export function branchJson(branch: Branch, repository: Repository, links: Links): unknown {
  const name = encodeURIComponent(branch.name);
  return {
    type: "branch",
    name: branch.name,
    target: {
      type: "commit",
      hash: branch.hash,
      date: branch.date,
      message: branch.subject,
      author: { type: "author", raw: branch.author },
    },
    links: {
      self: links.api(`/repositories/${repository.fullName}/refs/branches/${name}`),
      html: links.web(`/${repository.fullName}/branch/${name}`),
    },
  };
}

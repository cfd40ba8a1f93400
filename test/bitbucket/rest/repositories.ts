import * as v from "valibot";
import { canSee, mayCreateIn } from "../model/reach";
import { needs } from "../model/scopes";
import type { Repository } from "../model/world";
import { json, type Answer } from "../wire/answer";
import type { Operation, RestCall } from "./call";
import { badRequest, noAccess, notFound } from "./errors";
import { toPage } from "./page";
import { BadQuery, type Readers } from "./query";
import { branchJson, repositoryJson } from "./shapes";

export const repositoryOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/repositories/{workspace}",
    need: needs.readRepository,
    callers: "anyone",
    run: listRepositories,
  },
  {
    method: "GET",
    path: "/repositories/{workspace}/{repo_slug}",
    need: needs.readRepository,
    callers: "anyone",
    run: withRepository(async (repository, call) => json(200, await repositoryJson(repository, call))),
  },
  {
    method: "POST",
    path: "/repositories/{workspace}/{repo_slug}",
    need: needs.createRepository,
    callers: "tokens",
    run: createRepository,
  },
  {
    method: "GET",
    path: "/repositories/{workspace}/{repo_slug}/refs/branches",
    need: needs.readRepository,
    callers: "anyone",
    run: withRepository(listBranches),
  },
];

const repositoryReaders: Readers<Repository> = {
  name: ({ slug }) => slug,
  slug: ({ slug }) => slug,
  full_name: ({ fullName }) => fullName,
  uuid: ({ uuid }) => uuid,
  description: ({ description }) => description,
  is_private: (repository) => String(repository.private),
  created_on: ({ createdOn }) => createdOn,
  updated_on: ({ updatedOn }) => updatedOn,
  "project.key": ({ project }) => project.key,
};

const roles = ["admin", "contributor", "member", "owner"];

async function listRepositories(call: RestCall): Promise<Answer> {
  const workspace = call.world.workspace(call.param("workspace"));
  if (!workspace) return notFound(`No workspace with identifier '${call.param("workspace")}'.`);
  const role = call.url.searchParams.get("role");
  if (role !== null && !roles.includes(role)) throw new BadQuery("Invalid role");
  const isMine = (repository: Repository) =>
    canSee(call.token, repository) && (role === null || call.token !== undefined);
  const page = await toPage({
    items: [...workspace.repositories.values()].filter(isMine),
    readers: repositoryReaders,
    toJson: (repository) => repositoryJson(repository, call),
    url: call.url,
  });
  return json(200, page);
}

async function listBranches(repository: Repository, call: RestCall): Promise<Answer> {
  const page = await toPage({
    items: await call.repositories.branches(repository),
    readers: {
      name: ({ name }) => name,
      "target.date": ({ date }) => new Date(date).toISOString(),
      "target.hash": ({ hash }) => hash,
    },
    toJson: (branch) => branchJson(branch, repository, call.links),
    url: call.url,
  });
  return json(200, page);
}

const newRepository = v.looseObject({
  scm: v.optional(v.literal("git")),
  is_private: v.optional(v.boolean(), false),
  description: v.optional(v.string(), ""),
  project: v.optional(v.looseObject({ key: v.string() })),
});

async function createRepository(call: RestCall): Promise<Answer> {
  const workspace = call.world.workspace(call.param("workspace"));
  const slug = call.param("repo_slug");
  if (!workspace) return notFound(`No workspace with identifier '${call.param("workspace")}'.`);
  const wanted = v.safeParse(newRepository, call.body ?? {});
  if (!wanted.success) return badRequest("Bad request");
  const { project, description, is_private: isPrivate } = wanted.output;
  if (!call.token || !mayCreateIn(call.token, workspace, project?.key)) {
    return badRequest("You cannot administer repositories of this workspace.");
  }
  if (!/^[a-z0-9_.-]{1,62}$/.test(slug)) return badRequest("Invalid repository slug.");
  if (workspace.repositories.has(slug))
    return badRequest("Repository with this Slug and Owner already exists.");
  if (project && !workspace.projects.some(({ key }) => key === project.key))
    return badRequest("Project key is invalid.");
  const created = call.world.addRepository(`${workspace.slug}/${slug}`, {
    private: isPrivate,
    description,
    ...(project && { project: project.key }),
  });
  return json(200, await repositoryJson(created, call));
}

function withRepository(run: (repository: Repository, call: RestCall) => Promise<Answer>): Operation["run"] {
  return (call) => {
    const repository = call.world.repository(`${call.param("workspace")}/${call.param("repo_slug")}`);
    return repository && canSee(call.token, repository) ? run(repository, call) : notFound(noAccess);
  };
}

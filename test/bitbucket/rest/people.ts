import { reachesWorkspace } from "../model/reach";
import { needs } from "../model/scopes";
import { json, type Answer } from "../wire/answer";
import type { Operation, RestCall } from "./call";
import { notFound, unauthorized } from "./errors";
import { toPage } from "./page";
import { accountJson, projectJson, workspaceAccessJson } from "./shapes";

export const peopleOperations: readonly Operation[] = [
  { method: "GET", path: "/user", need: needs.readUser, callers: "people", run: showAccount },
  {
    method: "GET",
    path: "/user/workspaces",
    need: needs.readWorkspaces,
    callers: "people",
    run: listWorkspaces,
  },
  {
    method: "GET",
    path: "/workspaces/{workspace}/projects",
    need: needs.readProjects,
    callers: "tokens",
    run: listProjects,
  },
];

function showAccount({ token, links }: RestCall): Answer {
  return token?.account ? json(200, accountJson(token.account, links)) : unauthorized();
}

async function listWorkspaces({ token, world, links, url }: RestCall): Promise<Answer> {
  const page = await toPage({
    items: world.allWorkspaces().filter((workspace) => token && reachesWorkspace(token, workspace)),
    readers: { slug: ({ slug }) => slug, "workspace.slug": ({ slug }) => slug },
    toJson: (workspace) => workspaceAccessJson(workspace, links),
    url,
  });
  return json(200, page);
}

async function listProjects({ token, world, links, url, param }: RestCall): Promise<Answer> {
  const workspace = world.workspace(param("workspace"));
  if (!workspace || !token || !reachesWorkspace(token, workspace)) {
    return notFound(`No workspace with identifier '${param("workspace")}'.`);
  }
  const page = await toPage({
    items: workspace.projects,
    readers: { key: ({ key }) => key, name: ({ name }) => name },
    toJson: (project) => projectJson(project, workspace, links),
    url,
  });
  return json(200, page);
}

import type { Repository } from "../model/world";
import { redirect, type Answer } from "../wire/answer";
import { createPage, homePage, missingPage, pullRequestPage, repositoryPage } from "./repositoryPages";
import { tokenPage } from "./tokenPage";
import type { WebVisit } from "./visit";

/** The pages that the product leads a person to, at Bitbucket's own paths. */
export async function answerWeb(visit: WebVisit): Promise<Answer> {
  const path = decodeURIComponent(visit.url.pathname).replace(/\/+$/, "");
  if (path === "") return homePage(visit);
  if (path === "/repo/create") return createPage(visit);
  if (path === "/manage-profile/security/api-tokens") return tokenPage({ kind: "api", account: "" }, visit);
  const [, workspace = "", slug = "", ...rest] = path.split("/");
  if (slug === "workspace") return workspacePage(workspace, rest.join("/"), visit);
  const repository = visit.world.repository(`${workspace}/${slug.replace(/\.git$/, "")}`);
  if (!repository) return missingPage();
  if (slug.endsWith(".git"))
    return rest.length > 0 ? missingPage() : redirect(302, `/${repository.fullName}`);
  return answerForRepository(repository, rest.join("/"), visit);
}

function workspacePage(workspace: string, rest: string, visit: WebVisit): Answer {
  if (!visit.world.workspace(workspace)) return missingPage();
  if (rest === "settings/access-tokens") return tokenPage({ kind: "workspace", workspace }, visit);
  const key = /^projects\/([^/]+)\/settings\/access-tokens$/.exec(rest)?.[1];
  return key === undefined
    ? missingPage()
    : tokenPage({ kind: "project", project: `${workspace}/${key}` }, visit);
}

function answerForRepository(
  repository: Repository,
  rest: string,
  visit: WebVisit,
): Answer | Promise<Answer> {
  if (rest === "admin/access-tokens")
    return tokenPage({ kind: "repository", repository: repository.fullName }, visit);
  if (rest === "pull-requests/new") return pullRequestPage(repository, visit);
  return rest === "" || /^(src|branch|commits)(\/|$)/.test(rest)
    ? repositoryPage(repository, visit)
    : missingPage();
}

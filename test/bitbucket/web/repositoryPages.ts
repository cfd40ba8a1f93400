import type { Repository } from "../model/world";
import { redirect, type Answer } from "../wire/answer";
import { markup, page } from "./layout";
import type { WebVisit } from "./visit";

export function homePage({ world }: WebVisit): Answer {
  const workspaces = world.allWorkspaces().map(({ slug, repositories }) => {
    const shown = [...repositories.values()].slice(0, 100);
    const items = shown.map(({ fullName }) => markup`<li><a href="/${fullName}">${fullName}</a></li>`);
    return markup`<h2>${slug} (${repositories.size})</h2><ul>${items}</ul>
<p><a href="/repo/create?workspace=${slug}">Create repository</a></p>`;
  });
  return page("Repositories", markup`${workspaces}`);
}

export async function repositoryPage(
  repository: Repository,
  { repositories, webUrl }: WebVisit,
): Promise<Answer> {
  const { fullName, description } = repository;
  const branches = (await repositories.branches(repository)).map(
    ({ name, hash, subject, author }) =>
      markup`<li><b>${name}</b> ${hash.slice(0, 7)} ${subject} (${author})</li>`,
  );
  const content =
    branches.length > 0
      ? markup`<h2>Branches</h2><ul>${branches}</ul>`
      : markup`<p>This repository is empty.</p>`;
  return page(
    fullName,
    markup`<p>${description}</p><p>${repository.private ? "Private" : "Public"} repository of the project ${repository.project.key}</p>
${content}<h2>Clone</h2><pre>git clone ${webUrl}/${fullName}.git</pre>
<p><a href="/${fullName}/admin/access-tokens">Repository settings: Access tokens</a></p>`,
  );
}

export function pullRequestPage({ fullName }: Repository, { url }: WebVisit): Answer {
  const source = url.searchParams.get("source") ?? "";
  return page(
    "Create pull request",
    markup`<p>From the branch <b>${source}</b> of <a href="/${fullName}">${fullName}</a>.</p>
<p>This server keeps no pull requests; on Bitbucket you would review and create it here.</p>`,
  );
}

export function createPage({ world, url, form, method }: WebVisit): Answer {
  const workspace = form.get("workspace") ?? url.searchParams.get("workspace") ?? "";
  const slug = form.get("name") ?? "";
  if (method === "POST" && world.workspace(workspace)) {
    const isTaken = world.repository(`${workspace}/${slug}`) !== undefined;
    if (/^[a-z0-9_.-]{1,62}$/.test(slug) && !isTaken) {
      const made = world.addRepository(`${workspace}/${slug}`, { private: form.has("private") });
      return redirect(303, `/${made.fullName}`);
    }
  }
  const problem =
    method === "POST" ? markup`<p role="alert">That workspace or name can't be used.</p>` : undefined;
  return page(
    "Create a repository",
    markup`${problem}<form method="post">
<label>Workspace <input name="workspace" required value="${workspace}"></label>
<label>Repository name <input name="name" required pattern="[a-z0-9_.\\-]+" value="${slug}"></label>
<label><input type="checkbox" name="private" checked> Private repository</label>
<p>It is made empty, without README and .gitignore.</p><button>Create repository</button></form>`,
  );
}

export function missingPage(): Answer {
  return page("Not found", markup`<p>There is no such page here.</p>`, 404);
}

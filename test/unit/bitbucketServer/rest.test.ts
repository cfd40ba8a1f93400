import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { commit, git } from "./realGit";
import { at, names, values } from "./wireValues";
import { basic, bearer, useBitbucket } from "./testBed";

describe("the embedded Bitbucket's REST", () => {
  const bed = useBitbucket();

  it("describes a repository, and what the token can do in the headers", async () => {
    bed.bitbucket.addRepository("Acme/api", { description: "Pays", updatedOn: "2026-01-02T03:04:05Z" });
    const token = bed.writer("Acme/api");
    const { status, headers, body } = await bed.rest("/repositories/acme/API", bearer(token));
    assert.equal(status, 200);
    assert.equal(at(body, "full_name"), "Acme/api");
    assert.equal(at(body, "mainbranch"), null);
    assert.equal(at(body, "updated_on"), "2026-01-02T03:04:05.000Z");
    assert.match(JSON.stringify(at(body, "links", "clone")), /x-token-auth@127\.0\.0\.1/);
    assert.equal(headers.get("x-oauth-scopes"), "repository:write");
    assert.equal(headers.get("x-accepted-oauth-scopes"), "repository");
    assert.equal(headers.get("x-credential-type"), "repo_access_token");
  });

  it("keeps a repository token to its repository", async () => {
    for (const name of ["acme/api", "acme/web"]) bed.bitbucket.addRepository(name);
    const token = bed.writer("acme/api");
    assert.equal((await bed.rest("/repositories/acme/web", bearer(token))).status, 404);
    assert.equal((await bed.rest("/repositories/acme/missing", bearer(token))).status, 404);
    const list = await bed.rest("/repositories/acme?role=member", bearer(token));
    assert.deepEqual(names(list.body), ["acme/api"]);
    assert.equal((await bed.rest("/user", bearer(token))).status, 401);
    assert.equal((await bed.rest("/user/workspaces", bearer(token))).status, 401);
  });

  it("gives project and workspace tokens what is theirs", async () => {
    bed.bitbucket.addRepository("acme/api", { project: "PAY" });
    bed.bitbucket.addRepository("acme/web", { project: "WEB" });
    const project = bed.bitbucket.addToken({
      kind: "project",
      project: "acme/PAY",
      name: "p",
      scopes: ["repository"],
    });
    const workspace = bed.bitbucket.addToken({
      kind: "workspace",
      workspace: "acme",
      name: "w",
      scopes: ["repository"],
    });
    assert.deepEqual(names((await bed.rest("/repositories/acme", bearer(project))).body), ["acme/api"]);
    assert.deepEqual(names((await bed.rest("/repositories/acme", bearer(workspace))).body), [
      "acme/api",
      "acme/web",
    ]);
  });

  it("names the missing scope", async () => {
    bed.bitbucket.addRepository("acme/api");
    const token = bed.writer("acme/api", { scopes: ["pullrequest"] });
    const { status, body } = await bed.rest("/repositories/acme/api", bearer(token));
    assert.equal(status, 403);
    assert.deepEqual(at(body, "error", "detail"), { granted: ["pullrequest"], required: ["repository"] });
  });

  it("signs a person in with e-mail and API token, and refuses another e-mail", async () => {
    bed.bitbucket.addAccount("ada@example.com", { displayName: "Ada" });
    const token = bed.person("ada@example.com");
    assert.equal(at((await bed.rest("/user", basic("ada@example.com", token))).body, "display_name"), "Ada");
    assert.equal((await bed.rest("/user", basic("bob@example.com", token))).status, 401);
    assert.equal((await bed.rest("/user", basic("ada", token))).status, 401);
    assert.equal((await bed.rest("/user", bearer(token))).status, 200);
    assert.equal((await bed.rest("/user")).status, 401);
  });

  it("can refuse API tokens as Bearer", async () => {
    await bed.restart({ bearerForApiTokens: false });
    const token = bed.person("ada@example.com");
    assert.equal((await bed.rest("/user", bearer(token))).status, 401);
    assert.equal((await bed.rest("/user", basic("ada@example.com", token))).status, 200);
  });

  it("refuses access tokens as Basic, app passwords and unknown secrets", async () => {
    bed.bitbucket.addRepository("acme/api");
    const password = bed.bitbucket.addToken({
      kind: "app_password",
      account: "ada@example.com",
      name: "p",
      scopes: [],
    });
    const path = "/repositories/acme/api";
    assert.equal((await bed.rest(path, basic("x-token-auth", bed.writer("acme/api")))).status, 401);
    assert.equal((await bed.rest(path, basic("ada", password))).status, 401);
    assert.equal((await bed.rest(path, "Bearer nonsense")).status, 401);
    assert.equal((await bed.rest(path)).status, 404);
  });

  it("lists the workspaces and projects of a person", async () => {
    bed.bitbucket.addProject("acme", "PAY", "Payments");
    bed.bitbucket.addWorkspace("secret");
    bed.bitbucket.addAccount("ada@example.com", { workspaces: ["acme"] });
    const authorization = basic("ada@example.com", bed.person("ada@example.com"));
    const workspaces = await bed.rest("/user/workspaces", authorization);
    assert.deepEqual(
      values(workspaces.body).map((one) => at(one, "workspace", "slug")),
      ["acme"],
    );
    const projects = await bed.rest("/workspaces/acme/projects", authorization);
    assert.deepEqual(
      values(projects.body).map((one) => at(one, "key")),
      ["PAY"],
    );
    assert.equal((await bed.rest("/workspaces/secret/projects", authorization)).status, 404);
  });

  it("answers removed operations with CHANGE-2770", async () => {
    for (const path of ["/repositories", "/workspaces", "/user/permissions/repositories"]) {
      const { status, body } = await bed.rest(path, bearer(bed.person("ada@example.com")));
      assert.equal(status, 410);
      assert.match(String(at(body, "error", "message")), /CHANGE-2770/);
    }
  });

  it("pages through ten thousand repositories without one on disk", async () => {
    for (let index = 0; index < 10_000; index++) {
      bed.bitbucket.addRepository(`acme/r${index}`, {
        updatedOn: new Date(1_700_000_000_000 + index * 1000),
      });
    }
    const authorization = bearer(bed.person("ada@example.com"));
    const query = "role=member&sort=-updated_on&pagelen=100&fields=values.full_name,next";
    let next: unknown = `${bed.bitbucket.apiUrl}/repositories/acme?${query}`;
    const found: string[] = [];
    while (typeof next === "string") {
      const answer: Response = await fetch(next, { headers: { authorization } });
      const body: unknown = await answer.json();
      assert.deepEqual(Object.keys(values(body)[0] ?? {}), ["full_name"]);
      found.push(...names(body));
      next = at(body, "next");
    }
    assert.equal(new Set(found).size, 10_000);
    assert.deepEqual([found[0], found.at(-1)], ["acme/r9999", "acme/r0"]);
    assert.equal(existsSync(join(bed.bitbucket.dir, "repositories")), false);
  });

  it("filters by name, keeps pagelen to 100 and refuses what it doesn't know", async () => {
    for (const slug of ["payments", "api", "Repay"])
      bed.bitbucket.addRepository(`acme/${slug}`, { project: "X" });
    const authorization = bearer(bed.person("ada@example.com"));
    const list = (query: string) => bed.rest(`/repositories/acme?${query}`, authorization);
    const pay = encodeURIComponent('name ~ "pay"');
    assert.deepEqual(names((await list(`q=${pay}&sort=name`)).body), ["acme/Repay", "acme/payments"]);
    const both = encodeURIComponent('name ~ "pay" AND name != "Repay" OR slug = "api"');
    assert.deepEqual(names((await list(`q=${both}`)).body), ["acme/payments", "acme/api"]);
    const second = await list("pagelen=2&page=2&sort=slug");
    assert.deepEqual(names(second.body), ["acme/payments"]);
    assert.equal(at(second.body, "next"), undefined);
    for (const query of ["pagelen=101", "page=0", "q=name", "q=color%3Dred", "sort=color", "role=king"]) {
      assert.equal((await list(query)).status, 400, query);
    }
  });

  it("lists branches as they are", async () => {
    bed.bitbucket.addRepository("acme/api");
    const token = bed.writer("acme/api");
    const dir = await bed.clone(bed.withUser("x-token-auth", token), "first");
    await commit(dir, "one", undefined, "2026-01-01T00:00:00Z");
    await git(dir, "push", "origin", "main:old");
    await commit(dir, "two", undefined, "2026-02-01T00:00:00Z");
    await git(dir, "push", "origin", "main:new");
    const path = "/repositories/acme/api/refs/branches?pagelen=100&sort=-target.date";
    const { body } = await bed.rest(path, bearer(token));
    assert.deepEqual(
      values(body).map((one) => at(one, "name")),
      ["new", "old"],
    );
    assert.equal(at(values(body)[0], "target", "hash"), await git(dir, "rev-parse", "HEAD"));
    const filtered = await bed.rest(`${path}&q=${encodeURIComponent('name ~ "ol"')}`, bearer(token));
    assert.deepEqual(
      values(filtered.body).map((one) => at(one, "name")),
      ["old"],
    );
  });

  it("creates an empty repository that can be pushed to", async () => {
    bed.bitbucket.addProject("acme", "PAY");
    const token = bed.person("ada@example.com");
    const authorization = basic("ada@example.com", token);
    const wish = { scm: "git", is_private: true, project: { key: "PAY" } };
    const made = await bed.rest("/repositories/acme/fresh", authorization, wish);
    assert.equal(made.status, 200);
    assert.equal(at(made.body, "project", "key"), "PAY");
    assert.equal((await bed.rest("/repositories/acme/fresh", authorization, wish)).status, 400);
    assert.equal(
      (await bed.rest("/repositories/acme/b", authorization, { ...wish, project: { key: "NO" } })).status,
      400,
    );
    assert.equal(
      (await bed.rest("/repositories/acme/c", bearer(bed.writer("acme/fresh")), wish)).status,
      403,
    );
    const dir = await bed.clone(bed.withUser("ada", token, "acme/fresh"), "first");
    await commit(dir, "one");
    await git(dir, "push", "origin", "main");
    assert.equal((await bed.bitbucket.commits("acme/fresh")).length, 1);
  });
});

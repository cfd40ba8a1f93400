import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { TokenRequest } from "../../bitbucket/model/tokens";
import { addBranches, commit, git, tryGit } from "./realGit";
import { at } from "./wireValues";
import { apiReadWrite, bearer, useBitbucket } from "./testBed";

describe("git over HTTP to the embedded Bitbucket", () => {
  const bed = useBitbucket();

  const kinds: readonly { readonly user: string; readonly request: TokenRequest }[] = [
    {
      user: "x-token-auth",
      request: { kind: "repository", repository: "acme/api", name: "t", scopes: ["repository:write"] },
    },
    {
      user: "x-token-auth",
      request: {
        kind: "project",
        project: "acme/PAY",
        name: "t",
        scopes: ["repository", "repository:write"],
      },
    },
    {
      user: "x-token-auth",
      request: { kind: "workspace", workspace: "acme", name: "t", scopes: ["repository:write"] },
    },
    {
      user: "x-bitbucket-api-token-auth",
      request: { kind: "api", account: "ada@example.com", name: "t", scopes: apiReadWrite },
    },
    { user: "ada", request: { kind: "api", account: "ada@example.com", name: "t", scopes: apiReadWrite } },
  ];

  for (const { user, request } of kinds) {
    it(`clones, pushes and fetches with a token of kind ${request.kind} as ${user}`, async () => {
      bed.bitbucket.addRepository("acme/api", { project: "PAY" });
      const url = bed.withUser(user, bed.bitbucket.addToken(request));
      const first = await bed.clone(url, "first");
      await commit(first, "one");
      await git(first, "push", "origin", "main");
      const second = await bed.clone(url.replace(/\.git$/, ""), "second");
      await commit(first, "two");
      await git(first, "push", "origin", "main");
      await git(second, "fetch");
      assert.equal(await git(second, "log", "--format=%s", "origin/main"), "two\none");
      assert.deepEqual(
        (await bed.bitbucket.commits("acme/api")).map(({ subject, author }) => `${subject} ${author}`),
        ["two Ada <ada@example.com>", "one Ada <ada@example.com>"],
      );
      assert.equal(
        (await bed.bitbucket.refs("acme/api")).get("refs/heads/main"),
        await git(first, "rev-parse", "HEAD"),
      );
      assert.ok(
        bed.bitbucket.requests.some((one) => one.service === "git-receive-pack" && one.token === "t"),
      );
    });
  }

  it("streams what git sends chunked and gzipped, and speaks protocol 2", async () => {
    bed.bitbucket.addRepository("acme/api");
    const url = bed.withUser("x-token-auth", bed.writer("acme/api"));
    const dir = await bed.clone(url, "first");
    await commit(dir, "big", randomBytes(3_000_000));
    await addBranches(dir, 60);
    const pushed = await tryGit(dir, ["push", "--all", "origin"], { GIT_TRACE_CURL: "1" });
    assert.match(pushed.stderr, /Transfer-Encoding: chunked/i);
    assert.equal(pushed.code, 0);
    const cloned = await tryGit(bed.work, ["clone", url, "second"], {
      GIT_TRACE_CURL: "1",
      GIT_TRACE_PACKET: "1",
    });
    assert.match(cloned.stderr, /Content-Encoding: gzip/i);
    assert.match(cloned.stderr, /version 2/);
    assert.equal(cloned.code, 0);
    assert.equal((await git(join(bed.work, "second"), "branch", "-r")).split("\n").length, 62);
  });

  it("refuses pushes to restricted branches in Bitbucket's words, and offers a pull request for others", async () => {
    bed.bitbucket.addRepository("acme/api");
    const dir = await bed.clone(bed.withUser("x-token-auth", bed.writer("acme/api")), "first");
    await commit(dir, "one");
    await git(dir, "push", "origin", "main");
    bed.bitbucket.restrict("acme/api", { branches: ["main", "release/*"] });
    await commit(dir, "two");
    const refused = await tryGit(dir, ["push", "origin", "main", "main:release/1"]);
    assert.match(refused.stderr, /remote: Permission denied to update branch main\./);
    assert.match(refused.stderr, /remote: Permission denied to update branch release\/1\./);
    assert.match(refused.stderr, /\[remote rejected\] main -> main \(pre-receive hook declined\)/);
    const allowed = await tryGit(dir, ["push", "origin", "main:feature/x"]);
    assert.match(allowed.stderr, /remote: Create pull request for feature\/x:/);
    assert.ok(
      allowed.stderr.includes(`${bed.bitbucket.webUrl}/acme/api/pull-requests/new?source=feature/x&t=1`),
    );
    assert.deepEqual(
      [...(await bed.bitbucket.refs("acme/api")).keys()],
      ["refs/heads/feature/x", "refs/heads/main"],
    );
  });

  it("refuses every push with the text of a hook", async () => {
    bed.bitbucket.addRepository("acme/api");
    bed.bitbucket.restrict("acme/api", { refusal: "Commits must name an issue.\nSee the wiki." });
    const dir = await bed.clone(bed.withUser("x-token-auth", bed.writer("acme/api")), "first");
    await commit(dir, "one");
    const { stderr } = await tryGit(dir, ["push", "origin", "main"]);
    assert.match(stderr, /remote: Commits must name an issue\.\s+remote: See the wiki\./);
  });

  it("makes the first branch that is pushed the main one", async () => {
    bed.bitbucket.addRepository("acme/api");
    const token = bed.writer("acme/api");
    const dir = await bed.clone(bed.withUser("x-token-auth", token), "first");
    await commit(dir, "one");
    await git(dir, "push", "origin", "main:trunk");
    const { body } = await bed.rest("/repositories/acme/api", bearer(token));
    assert.deepEqual(at(body, "mainbranch"), { type: "branch", name: "trunk" });
  });

  it("starts with the branches of a seed", async () => {
    const seed = join(bed.work, "seed");
    await git(bed.work, "init", "--initial-branch=develop", seed);
    await commit(seed, "seeded");
    bed.bitbucket.addRepository("acme/api", { seedFrom: seed });
    const token = bed.writer("acme/api");
    const before = await bed.rest("/repositories/acme/api", bearer(token));
    assert.equal(at(before.body, "mainbranch", "name"), "develop");
    const dir = await bed.clone(bed.withUser("x-token-auth", token), "first");
    assert.equal(await git(dir, "log", "--format=%s"), "seeded");
  });

  it("serves many repositories at once, each with its own token", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `acme/r${index}`);
    for (const name of names) bed.bitbucket.addRepository(name);
    await Promise.all(
      names.map((name) => bed.clone(bed.withUser("x-token-auth", bed.writer(name), name), name)),
    );
    const signedIn = bed.bitbucket.requests.filter((one) => one.token !== undefined);
    assert.equal(new Set(signedIn.map((one) => one.token)).size, names.length);
    for (const { path, token } of signedIn)
      assert.equal(token, `writer of ${path.split("/", 3).join("/").slice(1, -4)}`);
  });

  it("keeps the rotated token for its grace, and takes the new one at once", async () => {
    bed.bitbucket.addRepository("acme/api");
    const old = bed.writer("acme/api");
    const fresh = bed.bitbucket.rotate(old.name, "fresh", 60_000);
    await bed.clone(bed.withUser("x-token-auth", old), "first");
    await bed.clone(bed.withUser("x-token-auth", fresh), "second");
    const ended = bed.bitbucket.rotate("fresh", "fresher", -1);
    await bed.clone(bed.withUser("x-token-auth", ended), "third");
    assert.match(
      (await tryGit(bed.work, ["clone", bed.withUser("x-token-auth", fresh), "fourth"])).stderr,
      /failed/,
    );
  });
});

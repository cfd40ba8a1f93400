import assert from "node:assert/strict";
import { commit, git } from "./realGit";
import { bearer, useBitbucket } from "./testBed";

describe("the contract with Bitbucket's API description", () => {
  const bed = useBitbucket();

  it("is kept by every answer, and tells what a client does wrong", async function () {
    if (!bed.bitbucket.checksContract) this.skip();
    bed.bitbucket.addRepository("acme/api");
    const token = bed.person("ada@example.com");
    const dir = await bed.clone(bed.withUser("ada", token), "first");
    await bed.rest("/repositories/acme/api", bearer(token));
    await commit(dir, "one");
    await git(dir, "push", "origin", "main");
    const wish = { scm: "git", is_private: true };
    for (const path of ["/user", "/user/workspaces", "/workspaces/acme/projects", "/repositories/acme/no"]) {
      await bed.rest(path, bearer(token));
    }
    await bed.rest(
      "/repositories/acme?role=member&sort=-updated_on&pagelen=1&fields=next&q=name~%22a%22",
      bearer(token),
    );
    await bed.rest("/repositories/acme/api/refs/branches", bearer(token));
    await bed.rest("/repositories/acme/api", bearer(bed.writer("acme/api", { scopes: ["webhook"] })));
    await bed.rest("/repositories/acme/new", bearer(token), wish);
    assert.deepEqual(bed.bitbucket.contractViolations, []);
    await bed.rest("/repositories/acme?color=red", bearer(token));
    await bed.rest("/repositories/acme?role=king", bearer(token));
    await bed.rest("/workspaces", bearer(token));
    await bed.rest("/repositories/acme/newer", bearer(token), { scm: "hg" });
    await bed.rest("/no/such", bearer(token));
    assert.deepEqual(bed.bitbucket.contractViolations, [
      "GET /repositories/acme: no such query parameter: color",
      "GET /repositories/acme: role can't be king",
      "GET /workspaces: this operation was removed (CHANGE-2770)",
      "POST /repositories/acme/newer: request /scm must be equal to one of the allowed values",
      "GET /no/such: no such operation",
    ]);
  });
});

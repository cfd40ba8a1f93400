import assert from "node:assert/strict";
import { useBitbucket } from "./testBed";

describe("the embedded Bitbucket's pages", () => {
  const bed = useBitbucket();

  it("make a token that is shown once, with a clone line that works", async () => {
    bed.bitbucket.addRepository("acme/api");
    const address = `${bed.bitbucket.webUrl}/acme/api/admin/access-tokens`;
    assert.match(await (await fetch(address)).text(), /Repositories: Write[^]*The test Bitbucket/);
    const body = new URLSearchParams({ name: "<b>mine", scope: "repository:write" });
    const shown = await (await fetch(address, { method: "POST", body })).text();
    const line = /git clone (http:\S+?)<\/pre>/.exec(shown)?.[1] ?? "";
    assert.match(
      line,
      /^http:\/\/x-token-auth:ATCTT3xFfGN0[\w-]+%3D[0-9A-F]{8}@127\.0\.0\.1:\d+\/acme\/api\.git$/,
    );
    assert.match(shown, /git config user\.email [a-z0-9]+@bots\.bitbucket\.org/);
    await bed.clone(line, "first");
    assert.ok(bed.bitbucket.requests.some((one) => one.token === "<b>mine"));
  });

  it("are where facts.md says, and escape what they show", async () => {
    bed.bitbucket.addRepository("acme/api", { description: "<script>", project: "PAY" });
    const paths = [
      "/",
      "/acme/api",
      "/acme/api/src/main/",
      "/acme/workspace/projects/PAY/settings/access-tokens",
      "/acme/workspace/settings/access-tokens",
      "/repo/create?workspace=acme",
      "/manage-profile/security/api-tokens",
      "/acme/api/pull-requests/new?source=%3Cscript%3E",
      "/acme/api.git",
    ];
    for (const path of paths) {
      const answer = await fetch(bed.bitbucket.webUrl + path);
      assert.equal(answer.status, 200, path);
      assert.doesNotMatch(await answer.text(), /<script>/, path);
    }
    assert.equal((await fetch(`${bed.bitbucket.webUrl}/acme/missing`)).status, 404);
  });

  it("create a repository", async () => {
    bed.bitbucket.addWorkspace("acme");
    const body = new URLSearchParams({ workspace: "acme", name: "made", private: "on" });
    const answer = await fetch(`${bed.bitbucket.webUrl}/repo/create`, { method: "POST", body });
    assert.equal(answer.url, `${bed.bitbucket.webUrl}/acme/made`);
    assert.match(await answer.text(), /This repository is empty/);
  });
});

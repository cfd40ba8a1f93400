import assert from "node:assert/strict";
import type { MadeToken } from "../../bitbucket/startBitbucket";
import { commit, tryGit } from "./realGit";
import { apiReadWrite, useBitbucket } from "./testBed";

describe("the embedded Bitbucket's door for git", () => {
  const bed = useBitbucket();

  const refusals: readonly {
    readonly fact: string;
    readonly user: string;
    readonly make: () => MadeToken;
    readonly stderr: RegExp;
    readonly status: number;
  }[] = [
    {
      fact: "a wrong user name",
      user: "git",
      make: () => bed.writer("acme/api"),
      stderr: /error: 403/,
      status: 403,
    },
    {
      fact: "an access token's user name beside an API token",
      user: "x-token-auth",
      make: () =>
        bed.bitbucket.addToken({ kind: "api", account: "ada@example.com", name: "t", scopes: apiReadWrite }),
      stderr: /error: 403/,
      status: 403,
    },
    {
      fact: "an unknown secret",
      user: "x-token-auth",
      make: () => ({ name: "", secret: "ATCTT3xFfGN0unknown", botEmail: "" }),
      stderr: /You may not have access to this repository or it no longer exists[^]*Authentication failed/,
      status: 401,
    },
    {
      fact: "an expired token",
      user: "x-token-auth",
      make: () => bed.writer("acme/api", { expires: new Date(Date.now() - 1000) }),
      stderr: /You may not have access to this repository or it no longer exists[^]*Authentication failed/,
      status: 401,
    },
    {
      fact: "a revoked token",
      user: "x-token-auth",
      make: () => {
        const token = bed.writer("acme/api");
        bed.bitbucket.revoke(token.name);
        return token;
      },
      stderr: /You may not have access to this repository or it no longer exists[^]*Authentication failed/,
      status: 401,
    },
    {
      fact: "an app password",
      user: "ada",
      make: () =>
        bed.bitbucket.addToken({ kind: "app_password", account: "ada@example.com", name: "t", scopes: [] }),
      stderr: /App passwords are deprecated[^]*error: 410/,
      status: 410,
    },
    {
      fact: "another repository's token",
      user: "x-token-auth",
      make: () => bed.writer("acme/other"),
      stderr: /You may not have access[^]*make sure you are authenticated[^]*Authentication failed/,
      status: 401,
    },
    {
      fact: "an API token that may write but not read",
      user: "ada",
      make: () =>
        bed.bitbucket.addToken({
          kind: "api",
          account: "ada@example.com",
          name: "t",
          scopes: ["write:repository:bitbucket"],
        }),
      stderr: /lack one or more required privilege scopes[^]*error: 403/,
      status: 403,
    },
    {
      fact: "a token that administers but may not read",
      user: "x-token-auth",
      make: () => bed.writer("acme/api", { scopes: ["repository:admin"] }),
      stderr: /error: 403/,
      status: 403,
    },
  ];

  for (const { fact, user, make, stderr, status } of refusals) {
    it(`refuses ${fact} with ${status}`, async () => {
      bed.bitbucket.addRepository("acme/api");
      const result = await tryGit(bed.work, ["clone", bed.withUser(user, make()), "first"]);
      assert.match(result.stderr, stderr);
      assert.equal(bed.bitbucket.requests.at(-1)?.status, status);
    });
  }

  it("refuses the push of a token that can only read, and changes nothing", async () => {
    bed.bitbucket.addRepository("acme/api");
    const dir = await bed.clone(
      bed.withUser("x-token-auth", bed.writer("acme/api", { scopes: ["repository"] })),
      "first",
    );
    await commit(dir, "one");
    const { stderr } = await tryGit(dir, ["push", "origin", "main"]);
    assert.match(stderr, /lack one or more required privilege scopes[^]*error: 403/);
    assert.equal((await bed.bitbucket.refs("acme/api")).size, 0);
  });

  it("lets anybody read what is public, and nobody write it", async () => {
    bed.bitbucket.addRepository("acme/api", { private: false });
    const dir = await bed.clone(`${bed.bitbucket.webUrl}/acme/api.git`, "first");
    await commit(dir, "one");
    assert.match((await tryGit(dir, ["push", "origin", "main"])).stderr, /could not read Username/);
  });

  it("asks for a name before it tells whether a repository exists", async () => {
    const { stderr } = await tryGit(bed.work, ["clone", `${bed.bitbucket.webUrl}/acme/missing.git`, "first"]);
    assert.match(stderr, /could not read Username/);
  });
});

import assert from "node:assert/strict";
import { readConnectLink } from "../../src/bitbucket/connectLink";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
const read = (query: string, path = "/connect") => readConnectLink(path, query, site);

describe("a link that a colleague sends", () => {
  for (const query of [
    "repo=acme/payments",
    "repo=acme%2Fpayments&from=chat",
    "repo=https://bitbucket.org/acme/payments/src/main/",
    "repo=git@bitbucket.org:acme/payments.git",
  ]) {
    it(`names the repository: ${query}`, () => {
      assert.deepEqual(read(query), { workspace: "acme", slug: "payments" });
    });
  }

  it("brings no token along", () => {
    const token = "ATCTT3xFfGN0secretsecret=0A1B2C3D";
    const inUrl = encodeURIComponent(`https://x-token-auth:${token}@bitbucket.org/acme/payments.git`);
    for (const query of [`repo=acme/payments&token=${token}`, `repo=${inUrl}`])
      assert.deepEqual(read(query), { workspace: "acme", slug: "payments" });
  });

  for (const [query, path] of [
    ["", "/connect"],
    ["repo=", "/connect"],
    ["repo=acme/payments", "/clone"],
    ["repo=https://evil.example/acme/payments", "/connect"],
  ] as const) {
    it(`is refused in words: ${path}?${query}`, () => {
      assert.throws(() => read(query, path), { code: "InvalidRepository" });
    });
  }
});

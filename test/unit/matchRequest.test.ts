import assert from "node:assert/strict";
import { matchRequest } from "../../src/credentials/matchRequest";

interface Row {
  readonly webUrl?: string;
  readonly protocol?: string;
  readonly host?: string;
  readonly path?: string;
}

const bitbucket = "https://bitbucket.org";

function match({
  webUrl = bitbucket,
  protocol = "https",
  host = "bitbucket.org",
  path = "ws/slug.git",
}: Row) {
  return matchRequest({ protocol, host, path }, { webUrl, apiUrl: "https://api.bitbucket.org/2.0" });
}

// P16
describe("a request is answered", () => {
  const rows: readonly Row[] = [
    {},
    { host: "BitBucket.org" },
    { host: "bitbucket.org:443" },
    { path: "ws/slug" },
    { path: "WS/Slug.git" },
    { path: "ws/slug.git/info/lfs" },
    { path: "ws/slug.git/info/lfs/objects/batch" },
    { webUrl: "https://bitbucket.org:443" },
    { webUrl: "http://127.0.0.1:8080", protocol: "http", host: "127.0.0.1:8080" },
    { webUrl: "http://localhost", protocol: "http", host: "localhost:80" },
    { webUrl: "http://[::1]:8080", protocol: "http", host: "[::1]:8080" },
    { webUrl: "https://code.example.com/bitbucket", host: "code.example.com", path: "bitbucket/ws/slug.git" },
  ];
  for (const row of rows) {
    it(`for ${JSON.stringify(row)}`, () => {
      assert.deepEqual(match(row), { workspace: "ws", slug: "slug" });
    });
  }

  it("for names with every character that Bitbucket allows", () => {
    assert.deepEqual(match({ path: "my_team-1/a.b_c-d.git" }), { workspace: "my_team-1", slug: "a.b_c-d" });
  });
});

describe("a request gets nothing", () => {
  const rows: readonly Row[] = [
    { protocol: "http" },
    { protocol: "HTTPS" },
    { protocol: "ssh" },
    { host: "bitbucket.org.evil.tld" },
    { host: "evilbitbucket.org" },
    { host: "bitbucket.org@evil.tld" },
    { host: "evil@bitbucket.org" },
    { host: "api.bitbucket.org" },
    { host: "bitbucket.org." },
    { host: "bitbucket.org:80" },
    { host: "bitbucket.org:0443" },
    { host: "bitbucket.org:" },
    { host: "bitbucket.org:443:443" },
    { host: "bitbucket.org/ws" },
    { host: "bitbucket.org\\evil.tld" },
    { host: "bıtbucket.org" },
    { host: "bitbuc\u212Aet.org" },
    { host: "" },
    { webUrl: "http://127.0.0.1:8080", protocol: "http", host: "127.0.0.1" },
    { webUrl: "http://127.0.0.1:8080", protocol: "http", host: "127.0.0.1:8081" },
    { path: "" },
    { path: "ws" },
    { path: "/ws/slug.git" },
    { path: "ws//slug.git" },
    { path: "ws/.git" },
    { path: "ws/..git" },
    { path: "ws/slug.git/" },
    { path: "../ws/slug.git" },
    { path: "ws/../slug.git" },
    { path: "./slug.git" },
    { path: "ws/%2e%2e" },
    { path: "ws/slug%2Egit" },
    { path: "ws\\slug.git" },
    { path: "ws/slug.git?x" },
    { path: "ws/slug.git#x" },
    { path: "ws/slug.git\n" },
    { path: "ws/slug/info/lfs" },
    { path: "ws/slug.git/other" },
    { path: "ws/slug.git/info" },
    { path: "ws/slug.git/info/lfs/../../../other.git" },
    { webUrl: "https://code.example.com/bitbucket", host: "code.example.com" },
    {
      webUrl: "https://code.example.com/bitbucket",
      host: "code.example.com",
      path: "bitbucketx/ws/slug.git",
    },
  ];
  for (const row of rows) {
    it(`for ${JSON.stringify(row)}`, () => {
      assert.equal(match(row), undefined);
    });
  }

  it("without a path", () => {
    const site = { webUrl: bitbucket, apiUrl: bitbucket };
    assert.equal(matchRequest({ protocol: "https", host: "bitbucket.org" }, site), undefined);
  });
});

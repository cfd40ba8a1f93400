import assert from "node:assert/strict";
import { parseAddress, readRemoteUrl, tryParseAddress } from "../../src/bitbucket/address";
import { toSite } from "../../src/bitbucket/site";
import { UserError } from "../../src/errors";

const site = toSite("https://bitbucket.org", "https://api.bitbucket.org/2.0");
const local = toSite("http://127.0.0.1:7990", "http://127.0.0.1:7990/2.0");
const below = toSite("https://code.example.com/bb", "https://code.example.com/bb/api/2.0");
const repository = { workspace: "acme", slug: "pay-api" };
const token = "ATCTT3xFfGN0abcdefghijklmnop_-qrstuv=1A2B3C4D";

const plain = [
  "acme/pay-api",
  "  acme/pay-api  ",
  "acme/pay-api/",
  "acme/pay-api.git",
  "https://bitbucket.org/acme/pay-api",
  "https://bitbucket.org/acme/pay-api/",
  "https://bitbucket.org/acme/pay-api.git",
  "https://bitbucket.org/acme/pay-api.git/",
  "https://bitbucket.org:443/acme/pay-api.git",
  "HTTPS://BitBucket.org/acme/pay-api",
  "https://jane@bitbucket.org/acme/pay-api.git",
  "https://jane%40acme.com@bitbucket.org/acme/pay-api.git",
  "https://www.bitbucket.org/acme/pay-api",
  "bitbucket.org/acme/pay-api",
  "www.bitbucket.org/acme/pay-api.git",
  "jane@bitbucket.org/acme/pay-api.git",
  "<https://bitbucket.org/acme/pay-api>",
  '"https://bitbucket.org/acme/pay-api"',
  "'acme/pay-api'",
  "`acme/pay-api`",
  "git@bitbucket.org:acme/pay-api.git",
  "git@bitbucket.org:acme/pay-api",
  "git@bitbucket.org:/acme/pay-api.git",
  "git@bitbucket.org-work:acme/pay-api.git",
  "git@altssh.bitbucket.org:acme/pay-api.git",
  "ssh://git@bitbucket.org/acme/pay-api.git",
  "ssh://git@bitbucket.org:22/acme/pay-api.git",
  "ssh://git@altssh.bitbucket.org:443/acme/pay-api.git",
  "git+ssh://git@bitbucket.org/acme/pay-api.git",
  "git clone https://bitbucket.org/acme/pay-api.git",
  "$ git clone https://bitbucket.org/acme/pay-api.git",
  "jane@laptop:~/code$ git clone git@bitbucket.org:acme/pay-api.git",
  "git clone --depth 1 'https://bitbucket.org/acme/pay-api.git' pay",
  "git clone “https://bitbucket.org/acme/pay-api.git”",
  "git remote add origin https://bitbucket.org/acme/pay-api.git",
  "git remote set-url --push origin git@bitbucket.org:acme/pay-api.git",
  "git -c http.proxy=http://proxy:8080 clone https://bitbucket.org/acme/pay-api.git",
  "https://bitbucket.org/acme/pay-api/admin/access-tokens",
  "https://bitbucket.org/acme/pay-api/branches/",
  "https://bitbucket.org/acme/pay-api/commits/0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
  "https://bitbucket.org/acme/pay-api/pull-requests/",
  "https://bitbucket.org/acme/pay-api/src",
  "https://bitbucket.org/acme/pay-api/pipelines#!/results/7",
  "https://api.bitbucket.org/2.0/repositories/acme/pay-api",
  "https://bitbucket.org/!api/2.0/repositories/acme/pay-api",
  "https://bitbucket.org/acme/pay-api\r\n\r\nThe address of the repository",
  "Clone with:\ngit clone https://bitbucket.org/acme/pay-api.git",
];

const pages: readonly (readonly [url: string, target: object])[] = [
  ["/branch/main", { branch: "main" }],
  ["/branch/feature%2Fx", { branch: "feature/x" }],
  ["/branch/feature/x", { branch: "feature/x" }],
  ["/branch/fix%23123", { branch: "fix#123" }],
  ["/branch/deadbeef", { branch: "deadbeef" }],
  ["/commits/branch/feature%2Fx", { branch: "feature/x" }],
  ["/src/main/", { branch: "main" }],
  ["/src/main/docs/a%20b.md#lines-3", { branch: "main", path: "docs/a b.md" }],
  ["/src/feature%2Fx/README.md", { branch: "feature/x", path: "README.md" }],
  ["/src/branch/feature%2Fx/README.md", { branch: "feature/x", path: "README.md" }],
  ["/src/0a1b2c3d4e5f/README.md", { path: "README.md" }],
  ["/src/0a1b2c3d4e5f/README.md?at=feature%2Fx#lines-3:5", { branch: "feature/x", path: "README.md" }],
  ["/src/HEAD/a.ts?at=refs%2Fheads%2Fdev", { branch: "dev", path: "a.ts" }],
  ["/src/HEAD/?at=refs/tags/v1", {}],
  ["/src?at=dev", { branch: "dev" }],
  ["?at=feature/y", { branch: "feature/y" }],
  ["/raw/main/logo.png", { branch: "main", path: "logo.png" }],
  ["/pull-requests/12", { pullRequest: 12 }],
  ["/pull-requests/12/fix-the-thing/diff#comment-9", { pullRequest: 12 }],
  ["/pull-requests/new?source=feature%2Fx&t=1", { branch: "feature/x" }],
  ["/pull-requests/new?source=acme%2Fpay-api%3A%3Afeature%2Fx", { branch: "feature/x" }],
];

/** Each with words that its message must have. */
const refused: readonly (readonly [text: string, message: RegExp])[] = [
  ["", /No repository entered/],
  [" \n ", /No repository entered/],
  ["acme", /isn't a repository/],
  ["hello world", /isn't a repository/],
  ["/acme/pay-api", /isn't a repository/],
  ["acme/pay-api/src/main", /isn't a repository/],
  ["./acme", /\. or \.\./],
  ["~/acme", /Workspace names can/],
  ["../pay-api", /\. or \.\./],
  ["acme/..", /\. or \.\./],
  ["acme/.git", /Repository names can/],
  ["ac me/pay-api", /isn't a repository/],
  ["acme/pay api", /isn't a repository/],
  ["acme/päy", /Repository names can/],
  ["acme\\pay-api", /character/],
  ["acme/pay-api%2Fx", /Repository names can/],
  [`acme/${"x".repeat(200)}`, /Repository names can/],
  [`${"x".repeat(200)}/pay-api`, /Workspace names can/],
  ["{0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f}/pay-api", /braces/],
  ["https://bitbucket.org/acme/%7B0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f%7D", /braces/],
  [token, /token, not a repository/],
  ["me@bots.bitbucket.org", /isn't a repository/],
  ["git clone", /Git command/],
  ["git clone acme/pay-api", /Git command/],
  ["git status", /Git command/],
  ["https://bitbucket.org", /isn't a repository/],
  ["https://bitbucket.org/acme", /repository is missing/],
  ["https://bitbucket.org/acme/", /repository is missing/],
  ["https://bitbucket.org//acme/pay-api", /Workspace names can/],
  ["https://bitbucket.org/acme/workspace/settings/access-tokens", /page of a workspace or account/],
  ["https://bitbucket.org/account/settings/", /page of a workspace or account/],
  ["https://bitbucket.org/repo/create?workspace=acme", /page of a workspace or account/],
  ["http://bitbucket.org/acme/pay-api", /uses http/],
  ["https://bitbucket.org:8443/acme/pay-api", /port of this URL/],
  ["https://bitbucket.org:80/acme/pay-api", /port of this URL/],
  ["https://bitbucket.org:port/acme/pay-api", /isn't a repository|isn't on/],
  ["ssh://git@bitbucket.org:443/acme/pay-api.git", /port of this URL/],
  ["https://bitbucket.org.evil.tld/acme/pay-api", /is on bitbucket\.org\.evil\.tld, not on bitbucket\.org/],
  ["https://evilbitbucket.org/acme/pay-api", /is on evilbitbucket\.org/],
  ["https://bitbucket.org./acme/pay-api", /isn't on bitbucket\.org/],
  ["https://bitbucket.org@evil.tld/acme/pay-api", /is on evil\.tld/],
  ["https://bitbucket.org%40evil.tld/acme/pay-api", /isn't on bitbucket\.org/],
  ["https://bitbucket.org:443@evil.tld/acme/pay-api", /is on evil\.tld/],
  ["https://evil.tld#@bitbucket.org/acme/pay-api", /is on evil\.tld/],
  ["https://evil.tld?@bitbucket.org/acme/pay-api", /is on evil\.tld/],
  ["https://evil.tld\\@bitbucket.org/acme/pay-api", /character/],
  ["https://evil.tld%5C@bitbucket.org@evil.tld/acme/pay-api", /more than one @|is on evil/],
  ["https://a@b@bitbucket.org/acme/pay-api", /more than one @/],
  ["https:/bitbucket.org/acme/pay-api", /isn't on bitbucket\.org/],
  ["https:\\\\bitbucket.org\\acme\\pay-api", /character/],
  ["https://bitbucket。org/acme/pay-api", /isn't on bitbucket\.org/],
  ["https://bitbuсket.org/acme/pay-api", /isn't on bitbucket\.org/],
  ["https://ｂitbucket.org/acme/pay-api", /isn't on bitbucket\.org/],
  ["https://bitbucket.org/acme\u200b/pay-api", /character/],
  ["https://bitbucket.org/acme/pay-api/../../evil/repo", /\. or \.\./],
  ["https://bitbucket.org/acme/%2e%2e/evil", /\. or \.\./],
  ["https://bitbucket.org/acme/../evil/repo", /\. or \.\./],
  ["https://bitbucket.org/acme%2Fpay-api/x", /Workspace names can/],
  ["https://bitbucket.org/acme/pay-api%2F..%2Fx", /Repository names can/],
  ["https://bitbucket.org/acme/pay-api/src/main/..%2f..%2fetc", /\. or \.\./],
  ["https://bitbucket.org/acme/pay-api/branch/--upload-pack=x", /branch/],
  ["https://bitbucket.org/acme/pay-api/branch/a%20b", /branch/],
  ["git clone -b --evil https://bitbucket.org/acme/pay-api.git", /branch/],
  ["https://bitbucket.org/acme/pay-api/src/a%00b", /character/],
  ["https://github.com/acme/pay-api", /GitHub URL/],
  ["git@github.com:acme/pay-api.git", /GitHub URL/],
  ["github.com/acme", /GitHub URL/],
  ["https://gitlab.com/acme/pay-api", /GitLab URL/],
  ["git@bitbucket.org-evil.tld:acme/pay-api.git", /not on bitbucket\.org/],
  ["git@evil.tld:acme/pay-api.git", /is on evil\.tld/],
  ["https://bitbuc\u212Aet.org/acme/pay-api", /isn't on bitbucket\.org/],
  ["bitbuc\u212Aet.org/acme/pay-api", /isn't a repository/],
  ["git@bitbuc\u212Aet.org:acme/pay-api.git", /isn't on bitbucket\.org/],
  ["git@bitbucket.org:acme/pay-api/extra", /Repository names can/],
  ["git@bitbucket.org:pay-api.git", /repository is missing/],
  ["work-bb:acme/pay-api.git", /isn't on bitbucket\.org/],
  ["git://bitbucket.org/acme/pay-api.git", /https and ssh/],
  ["file:///srv/acme/pay-api.git", /isn't a repository|https and ssh/],
  ["javascript://bitbucket.org/acme/pay-api", /https and ssh/],
  ["https://api.bitbucket.org/3.0/repositories/acme/pay-api", /is on api\.bitbucket\.org/],
  ["https://api.bitbucket.org.evil.tld/2.0/repositories/acme/pay-api", /not on bitbucket\.org/],
  [`https://x-token-auth:${token}@evil.tld/acme/pay-api.git`, /is on evil\.tld/],
  [`https://${token}/acme/pay-api.git`, /isn't on bitbucket\.org/],
  ["x".repeat(10_000), /too long/],
];

function refusalOf(text: string): UserError {
  try {
    parseAddress(text, site);
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error;
  }
  throw new assert.AssertionError({ message: "was not refused" });
}

describe("parseAddress", () => {
  for (const text of plain) {
    it(`reads the repository from ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseAddress(text, site), { repository, holdsSecret: false });
    });
  }

  for (const [page, target] of pages) {
    it(`reads what the page ${page} is about`, () => {
      const address = parseAddress(`https://bitbucket.org/acme/pay-api${page}`, site);
      assert.deepEqual(address, { repository, ...target, holdsSecret: false });
    });
  }

  for (const [text, message] of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 80))} and says why`, () => {
      const error = refusalOf(text);
      assert.match(error.message, message);
      assert.equal(error.code, "InvalidRepository");
      assert.equal(error.field, "repository");
      assert.equal(tryParseAddress(text, site), undefined);
    });
  }

  it("takes the branch of git clone --branch", () => {
    for (const option of ["-b dev", "--branch dev", "--branch=dev"]) {
      const address = parseAddress(`git clone ${option} https://bitbucket.org/acme/pay-api.git`, site);
      assert.equal(address.branch, "dev");
    }
  });

  it("reads a branch from the API's address", () => {
    const url = "https://api.bitbucket.org/2.0/repositories/acme/pay-api/refs/branches/feature/x";
    assert.equal(parseAddress(url, site).branch, "feature/x");
  });

  it("tells that the text holds a secret", () => {
    const encoded = encodeURIComponent(token);
    const texts = [
      `git clone https://x-token-auth:${encoded}@bitbucket.org/acme/pay-api.git`,
      `https://x-token-auth:short@bitbucket.org/acme/pay-api.git`,
      `https://${token}@bitbucket.org/acme/pay-api.git`,
      `https://bitbucket.org/acme/pay-api\n${token}`,
    ];
    for (const text of texts) assert.deepEqual(parseAddress(text, site), { repository, holdsSecret: true });
  });

  it("keeps the spelling of workspace and slug", () => {
    const address = parseAddress("https://bitbucket.org/Acme_1/Pay.API-2.git", site);
    assert.deepEqual(address.repository, { workspace: "Acme_1", slug: "Pay.API-2" });
  });

  it("works with an address on this machine, port and all", () => {
    const texts = [
      "http://127.0.0.1:7990/acme/pay-api.git",
      "http://x-token-auth@127.0.0.1:7990/acme/pay-api",
      "127.0.0.1:7990/acme/pay-api",
      "http://127.0.0.1:7990/2.0/repositories/acme/pay-api",
      "git@127.0.0.1:acme/pay-api.git",
    ];
    for (const text of texts) assert.deepEqual(parseAddress(text, local).repository, repository);
    for (const text of ["http://127.0.0.1/acme/pay-api", "https://127.0.0.1:7990/acme/pay-api"]) {
      assert.equal(tryParseAddress(text, local), undefined);
    }
    assert.equal(tryParseAddress("https://bitbucket.org/acme/pay-api", local), undefined);
  });

  it("works with an address that has a path, and only below it", () => {
    assert.deepEqual(parseAddress("https://code.example.com/bb/acme/pay-api/branch/x", below), {
      repository,
      branch: "x",
      holdsSecret: false,
    });
    const api = "https://code.example.com/bb/api/2.0/repositories/acme/pay-api";
    assert.deepEqual(parseAddress(api, below).repository, repository);
    assert.equal(tryParseAddress("https://code.example.com/acme/pay-api", below), undefined);
    assert.equal(tryParseAddress("https://code.example.com/bbb/acme/pay-api", below), undefined);
  });
});

describe("readRemoteUrl", () => {
  const withNames = { ...site, sshNames: new Set(["work-bb"]) };

  it("takes the secret out of the URL and decodes it", () => {
    const url = `https://x-token-auth:${encodeURIComponent(token)}@bitbucket.org/acme/pay-api.git`;
    assert.deepEqual(readRemoteUrl(url, site), {
      repository,
      displayUrl: "https://bitbucket.org/acme/pay-api.git",
      userName: "x-token-auth",
      secret: token,
      isSsh: false,
    });
  });

  it("sees a token that stands where the user name goes", () => {
    const remote = readRemoteUrl(`https://${token}@bitbucket.org/acme/pay-api.git`, site);
    assert.equal(remote.secret, token);
    assert.equal(remote.userName, undefined);
  });

  it("knows a user name without a secret", () => {
    const remote = readRemoteUrl("https://jane@bitbucket.org/acme/pay-api.git", site);
    assert.deepEqual(remote, {
      repository,
      displayUrl: "https://bitbucket.org/acme/pay-api.git",
      userName: "jane",
      isSsh: false,
    });
  });

  it("keeps a secret of another host out of what is shown", () => {
    const remote = readRemoteUrl("https://me:hunter2@git.example.com/a/b.git?key=hunter2", site);
    assert.equal(remote.repository, undefined);
    assert.equal(remote.displayUrl, "https://git.example.com/a/b.git");
    assert.equal(remote.secret, "hunter2");
  });

  it("reads SSH remotes, and aliases where it is told of them", () => {
    const url = "work-bb:acme/pay-api.git";
    assert.equal(readRemoteUrl(url, site).repository, undefined);
    assert.deepEqual(readRemoteUrl(url, withNames), { repository, displayUrl: url, isSsh: true });
    assert.deepEqual(readRemoteUrl("git@bitbucket.org:acme/pay-api.git", site), {
      repository,
      displayUrl: "git@bitbucket.org:acme/pay-api.git",
      userName: "git",
      isSsh: true,
    });
    assert.equal(readRemoteUrl("ssh://git@altssh.bitbucket.org:443/acme/pay-api", site).isSsh, true);
  });

  it("gives no repository for folders, other hosts and pages", () => {
    const urls = [
      "",
      "/srv/git/pay-api.git",
      "../pay-api",
      "C:\\code\\pay-api",
      "C:/code/pay-api",
      "file:///srv/git/pay-api.git",
      "https://bitbucket.org.evil.tld/acme/pay-api.git",
      "https://bitbucket.org/acme/pay-api/src/main",
      "https://api.bitbucket.org/2.0/repositories/acme/pay-api",
    ];
    for (const url of urls) {
      const remote = readRemoteUrl(url, site);
      assert.deepEqual(remote, { displayUrl: url, isSsh: false });
    }
  });

  it("hides secrets of malformed URLs too", () => {
    const malformed = readRemoteUrl("https://me:hunter2@hunter2@git.example.com:port/a.git", site);
    assert.equal(malformed.displayUrl, "https://git.example.com:port/a.git");
    const urls = [
      `https://x-token-auth:${token}@bitbucket.org:port/acme/pay-api.git`,
      `https://x:${token}@a@b@bitbucket.org/acme/pay-api.git`,
      `https://bitbucket.org/${token}/pay-api.git`,
      `https://x-token-auth:a/${token}@bitbucket.org/acme/pay-api.git`,
      `https://%zz:${token}@bitbucket.org/acme/pay-api.git`,
    ];
    for (const url of urls) assert.ok(!readRemoteUrl(url, site).displayUrl.includes(token.slice(0, 20)), url);
  });
});

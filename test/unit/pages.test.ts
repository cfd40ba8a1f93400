import assert from "node:assert/strict";
import { parseAddress } from "../../src/bitbucket/address";
import { branchPage, filePage, newPullRequestPage } from "../../src/bitbucket/pages";
import { pullRequestUrl } from "../../src/flows/push/pullRequestUrl";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
const repository = { workspace: "acme", slug: "payments" };
const commit = "df3d81742268cd6ce91b1bc53d8611d701aab2fc";
const base = "https://bitbucket.org/acme/payments";

describe("addresses of Bitbucket's pages", () => {
  it("a file is at its branch's commit, with the branch beside it, as Bitbucket links it itself", () => {
    // The expected address of https://github.com/gitkraken/vscode-gitlens/issues/1006
    assert.equal(
      filePage(site, repository, {
        branch: "release/4.0",
        commit,
        path: ".gitignore",
        lines: { first: 2, last: 3 },
      }),
      `${base}/src/${commit}/.gitignore?at=release%2F4.0#lines-2:3`,
    );
  });

  it("one line is a line, no lines are the file", () => {
    const place = { branch: "main", commit, path: "a.ts" };
    assert.match(filePage(site, repository, { ...place, lines: { first: 7, last: 7 } }), /#lines-7$/);
    assert.equal(filePage(site, repository, place), `${base}/src/${commit}/a.ts?at=main`);
  });

  it("a file without a branch is at its commit alone", () => {
    const place = { commit, path: "a.ts", lines: { first: 2, last: 3 } };
    assert.equal(filePage(site, repository, place), `${base}/src/${commit}/a.ts#lines-2:3`);
  });

  it("a branch's slashes stay, its # is encoded", () => {
    assert.equal(branchPage(site, repository, "feature/#12 x"), `${base}/branch/feature/%2312%20x`);
  });

  const branches = [
    "main",
    "feature/x",
    "fix/#44396",
    "100%",
    "a+b",
    "ünï/cödé",
    "x;y",
    "a&b=c",
    "v1.0@home",
  ];
  const paths = ["README.md", "src/a b.ts", "docs/#1?.md", "50%/ü.txt", "a+b&c.ts"];
  for (const branch of branches) {
    it(`every address of ${branch} reads back as ${branch}`, () => {
      assert.equal(parseAddress(branchPage(site, repository, branch), site).branch, branch);
      assert.equal(parseAddress(newPullRequestPage(site, repository, branch), site).branch, branch);
      for (const path of paths) {
        const read = parseAddress(filePage(site, repository, { branch, commit, path }), site);
        assert.deepEqual([read.branch, read.path], [branch, path]);
      }
    });
  }
});

describe("the pull request link that Bitbucket prints", () => {
  const printed = (url: string) =>
    `remote: \nremote: Create pull request for feature/x:        \nremote:   ${url}        \nremote: \nTo https://bitbucket.org/acme/payments.git`;

  it("is taken where it leads to this repository", () => {
    const url = `${base}/pull-requests/new?source=feature/x&t=1`;
    assert.equal(pullRequestUrl(printed(url), site, repository), url);
  });

  const strangers = [
    "https://bitbucket.org.evil.tld/acme/payments/pull-requests/new?source=x",
    "http://bitbucket.org/acme/payments/pull-requests/new?source=x",
    "https://bitbucket.org/other/payments/pull-requests/new?source=x",
    "https://bitbucket.org/acme/payments/admin/delete",
    "command:workbench.action.quit",
  ];
  for (const url of strangers) {
    it(`is not ${url}`, () => {
      assert.equal(pullRequestUrl(printed(url), site, repository), undefined);
    });
  }
});

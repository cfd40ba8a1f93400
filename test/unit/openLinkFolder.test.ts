import assert from "node:assert/strict";
import { URI } from "vscode-uri";
import { findLinkFolder } from "../../src/commands/openLinkFolder";
import type { GitApiRepository } from "../../src/git/vscodeGitApi";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
const linked = { workspace: "acme", slug: "payments" };
const otherOne = open("/work/site", "https://bitbucket.org/acme/site.git");
const payments = open("/work/payments", "git@github.com:ada/fork.git", "git@bitbucket.org:Acme/Payments.git");
const fresh = open("/work/fresh");
const uris = (...paths: string[]) => paths.map((path) => URI.file(path));

describe("what a colleague's link is about in this window", () => {
  const find = (repositories: readonly GitApiRepository[], folders: readonly URI[]) =>
    findLinkFolder(repositories, folders, site, linked);

  it("is the open clone, by any of its remotes, among whatever else is open", () => {
    assert.deepEqual(find([fresh, otherOne, payments], uris("/work")), {
      folder: "/work/payments",
      isClone: true,
    });
  });

  it("is no clone of another repository, of another host or of none", () => {
    for (const other of [otherOne, fresh, open("/work/hub", "https://github.com/acme/payments.git")])
      assert.deepEqual(find([other], uris("/work")), { folder: other.rootUri.fsPath, isClone: false });
  });

  it("is the one folder that is open, where it holds no repository yet", () => {
    assert.deepEqual(find([], uris("/work/notes")), { folder: "/work/notes", isClone: false });
  });

  it("is for the form to ask where several could be meant, and none that is not on disk", () => {
    const nobody = { folder: undefined, isClone: false };
    assert.deepEqual(find([fresh, otherOne], uris("/work")), nobody);
    assert.deepEqual(find([], uris("/a", "/b")), nobody);
    assert.deepEqual(find([], [URI.parse("vscode-vfs://github/acme/payments")]), nobody);
  });
});

function open(root: string, ...urls: readonly string[]): GitApiRepository {
  const remotes = urls.map((fetchUrl, n) => ({ name: `remote${n}`, fetchUrl }));
  return { rootUri: URI.file(root), state: { remotes } } as unknown as GitApiRepository;
}

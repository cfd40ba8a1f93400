import assert from "node:assert/strict";
import { URI } from "vscode-uri";
import { findLinkFolder } from "../../src/commands/openLinkFolder";
import type { OpenRepository } from "../../src/git/openRemotes";
import { editorsRemotes } from "./support/editorsRemotes";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
const linked = { workspace: "acme", slug: "payments" };
const otherOne = open("/work/site", "https://bitbucket.org/acme/site.git");
const payments = open("/work/payments", "git@github.com:ada/fork.git", "git@bitbucket.org:Acme/Payments.git");
const fresh = open("/work/fresh");
const uris = (...paths: string[]) => paths.map((path) => URI.file(path));

describe("what a colleague's link is about in this window", () => {
  const find = (repositories: readonly OpenRepository[], folders: readonly URI[]) =>
    findLinkFolder(editorsRemotes, repositories, folders, site, linked);

  it("is the open clone, by any of its remotes, among whatever else is open", async () => {
    assert.deepEqual(await find([fresh, otherOne, payments], uris("/work")), {
      folder: "/work/payments",
      isClone: true,
    });
  });

  it("is no clone of another repository, of another host or of none", async () => {
    for (const other of [otherOne, fresh, open("/work/hub", "https://github.com/acme/payments.git")])
      assert.deepEqual(await find([other], uris("/work")), { folder: other.rootUri.fsPath, isClone: false });
  });

  it("is the one folder that is open, where it holds no repository yet", async () => {
    assert.deepEqual(await find([], uris("/work/notes")), { folder: "/work/notes", isClone: false });
  });

  it("is for the form to ask where several could be meant, and none that is not on disk", async () => {
    const nobody = { folder: undefined, isClone: false };
    assert.deepEqual(await find([fresh, otherOne], uris("/work")), nobody);
    assert.deepEqual(await find([], uris("/a", "/b")), nobody);
    assert.deepEqual(await find([], [URI.parse("vscode-vfs://github/acme/payments")]), nobody);
  });
});

function open(root: string, ...urls: readonly string[]): OpenRepository {
  const remotes = urls.map((fetchUrl, n) => ({ name: `remote${n}`, fetchUrl }));
  const repository: unknown = { rootUri: URI.file(root), state: { remotes } };
  return repository as OpenRepository;
}

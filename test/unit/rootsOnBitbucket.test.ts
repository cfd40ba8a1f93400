import assert from "node:assert/strict";
import { URI } from "vscode-uri";
import { rootsOnBitbucket } from "../../src/commands/rootsOnBitbucket";
import type { GitRemote } from "../../src/git/localRepository";
import type { GitApiRepository } from "../../src/git/vscodeGitApi";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
const bitbucket = "https://bitbucket.org/acme/payments.git";
const gitHub = "https://github.com/acme/payments.git";

describe("the rows of the Source Control view that get our menu", () => {
  const rows: readonly [name: string, remotes: readonly GitRemote[], isOurs: boolean][] = [
    ["on Bitbucket", [{ name: "origin", fetchUrl: bitbucket, pushUrl: bitbucket }], true],
    ["on Bitbucket over ssh", [{ name: "origin", fetchUrl: "git@bitbucket.org:acme/payments.git" }], true],
    [
      "with a second remote there",
      [
        { name: "origin", fetchUrl: gitHub },
        { name: "b", fetchUrl: bitbucket },
      ],
      true,
    ],
    ["that pushes there", [{ name: "origin", fetchUrl: gitHub, pushUrl: bitbucket }], true],
    ["on GitHub", [{ name: "origin", fetchUrl: gitHub, pushUrl: gitHub }], false],
    [
      "on another Bitbucket",
      [{ name: "origin", fetchUrl: "https://bitbucket.acme.example/acme/a.git" }],
      false,
    ],
    ["without a remote", [], false],
  ];
  const repositories = rows.map(([name, remotes]) => open(name, remotes));
  const namesOf = (site: Parameters<typeof rootsOnBitbucket>[1], all = repositories) =>
    rootsOnBitbucket(all, site).map(({ path }) => path.slice(1));

  it("are those of repositories on the configured Bitbucket, each by itself", () => {
    const ours = rows.filter(([, , isOurs]) => isOurs).map(([name]) => name);
    assert.deepEqual(namesOf(site), ours);
    for (const [index, [name, , isOurs]] of rows.entries())
      assert.deepEqual(namesOf(site, repositories.slice(index, index + 1)), isOurs ? [name] : []);
  });

  it("follow the setting", () => {
    const other = { webUrl: "https://bitbucket.acme.example", apiUrl: "https://bitbucket.acme.example/2.0" };
    assert.deepEqual(namesOf(other), ["on another Bitbucket"]);
  });

  it("follow a remote that comes and goes", () => {
    const remotes: GitRemote[] = [];
    const repository = open("new", remotes);
    assert.deepEqual(namesOf(site, [repository]), []);
    remotes.push({ name: "origin", fetchUrl: bitbucket });
    assert.deepEqual(namesOf(site, [repository]), ["new"]);
    remotes.pop();
    assert.deepEqual(namesOf(site, [repository]), []);
  });
});

function open(name: string, remotes: readonly GitRemote[]): GitApiRepository {
  return { rootUri: URI.file(`/${name}`), state: { remotes } } as unknown as GitApiRepository;
}

import assert from "node:assert/strict";
import { URI } from "vscode-uri";
import { rootsOnBitbucket } from "../../src/commands/rootsOnBitbucket";
import type { OpenRepository } from "../../src/git/openRemotes";
import type { GitApiRemote } from "../../src/git/vscodeGitApi";
import { editorsRemotes } from "./support/editorsRemotes";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
const bitbucket = "https://bitbucket.org/acme/payments.git";
const gitHub = "https://github.com/acme/payments.git";

describe("the rows of the Source Control view that get our menu", () => {
  const rows: readonly [name: string, remotes: readonly GitApiRemote[], isOurs: boolean][] = [
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
  const namesOf = (site: Parameters<typeof rootsOnBitbucket>[2], all = repositories) =>
    rootsOnBitbucket(editorsRemotes, all, site).then((roots) => roots.map(({ path }) => path.slice(1)));

  it("are those of repositories on the configured Bitbucket, each by itself", async () => {
    const ours = rows.filter(([, , isOurs]) => isOurs).map(([name]) => name);
    assert.deepEqual(await namesOf(site), ours);
    for (const [index, [name, , isOurs]] of rows.entries())
      assert.deepEqual(await namesOf(site, repositories.slice(index, index + 1)), isOurs ? [name] : []);
  });

  it("follow the setting", async () => {
    const other = { webUrl: "https://bitbucket.acme.example", apiUrl: "https://bitbucket.acme.example/2.0" };
    assert.deepEqual(await namesOf(other), ["on another Bitbucket"]);
  });

  it("follow a remote that comes and goes", async () => {
    const remotes: GitApiRemote[] = [];
    const repository = open("new", remotes);
    assert.deepEqual(await namesOf(site, [repository]), []);
    remotes.push({ name: "origin", fetchUrl: bitbucket });
    assert.deepEqual(await namesOf(site, [repository]), ["new"]);
    remotes.pop();
    assert.deepEqual(await namesOf(site, [repository]), []);
  });
});

function open(name: string, remotes: readonly GitApiRemote[]): OpenRepository {
  const repository: unknown = { rootUri: URI.file(`/${name}`), state: { remotes } };
  return repository as OpenRepository;
}

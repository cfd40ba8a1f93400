import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EditorState } from "./editorRepository";

/** What the contract looks at: our double of it, or the editor's own. */
export interface ShownRepository {
  readonly state: EditorState;
  status(): Promise<void>;
}

const bitbucket = "https://bitbucket.org/acme/payments.git";

/** How the editor shows a repository, on which we build and which is not what Git does. */
export function editorContract(who: string, open: (folder: string) => Promise<ShownRepository>): void {
  describe(`a repository as ${who} shows it`, () => {
    let root: string;
    let folder: string;

    beforeEach(() => {
      root = realpathSync(mkdtempSync(join(tmpdir(), "contract-")));
      folder = join(root, "repository");
      execFileSync("git", ["init", "-q", "--initial-branch=main", folder]);
      git(
        "-c",
        "user.name=Ada",
        "-c",
        "user.email=ada@example.com",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "One",
      );
    });
    afterEach(() => {
      rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    });

    function git(...args: string[]): string {
      return execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
    }
    const remotesOf = ({ state }: ShownRepository) =>
      state.remotes.map(({ name, fetchUrl, pushUrl }) => ({ name, fetchUrl, pushUrl }));

    it("has a push URL for each remote, the fetch URL where none is set", async () => {
      git("remote", "add", "origin", bitbucket);
      git("remote", "add", "fork", "git@bitbucket.org:ada/payments.git");
      git("config", "remote.fork.pushurl", bitbucket);
      assert.deepEqual(remotesOf(await open(folder)), [
        { name: "origin", fetchUrl: bitbucket, pushUrl: bitbucket },
        { name: "fork", fetchUrl: "git@bitbucket.org:ada/payments.git", pushUrl: bitbucket },
      ]);
    });

    it("applies no rule to a URL", async () => {
      git("remote", "add", "origin", "bb:acme/payments");
      git("config", "url.https://bitbucket.org/.insteadOf", "bb:");
      git("config", "url.git@bitbucket.org:.pushInsteadOf", "bb:");
      assert.equal(git("ls-remote", "--get-url", "origin"), "https://bitbucket.org/acme/payments");
      assert.deepEqual(remotesOf(await open(folder)), [
        { name: "origin", fetchUrl: "bb:acme/payments", pushUrl: "bb:acme/payments" },
      ]);
    });

    it("knows no remote of a file that the config includes", async () => {
      const included = join(root, "included");
      writeFileSync(included, `[remote "team"]\n\turl = ${bitbucket}\n`);
      git("remote", "add", "origin", bitbucket);
      git("config", "include.path", included);
      assert.equal(git("remote"), "origin\nteam");
      assert.deepEqual(
        remotesOf(await open(folder)).map(({ name }) => name),
        ["origin"],
      );
    });

    it("knows one push URL of several", async () => {
      git("remote", "add", "origin", bitbucket);
      git("config", "--add", "remote.origin.pushurl", "https://bitbucket.org/acme/one.git");
      git("config", "--add", "remote.origin.pushurl", "https://bitbucket.org/acme/two.git");
      const [origin] = remotesOf(await open(folder));
      assert.equal(origin?.pushUrl, "https://bitbucket.org/acme/one.git");
    });

    it("is as it was until it is asked to look again", async () => {
      git("remote", "add", "origin", bitbucket);
      const repository = await open(folder);
      await repository.status();
      git("remote", "set-url", "origin", "https://github.com/acme/payments.git");
      assert.deepEqual(
        remotesOf(repository).map(({ fetchUrl }) => fetchUrl),
        [bitbucket],
      );
      await repository.status();
      const [origin] = remotesOf(repository);
      assert.equal(origin?.fetchUrl, "https://github.com/acme/payments.git");
    });

    it("counts against what is followed, wherever a push goes", async () => {
      git("remote", "add", "origin", bitbucket);
      git("update-ref", "refs/remotes/origin/main", "main");
      git("branch", "-q", "--set-upstream-to=origin/main");
      git("config", "remote.pushDefault", "fork");
      git(
        "-c",
        "user.name=Ada",
        "-c",
        "user.email=ada@example.com",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "Two",
      );
      const repository = await open(folder);
      await repository.status();
      const { HEAD } = repository.state;
      assert.deepEqual([HEAD?.name, HEAD?.ahead, HEAD?.behind], ["main", 1, 0]);
      assert.deepEqual([HEAD?.upstream?.remote, HEAD?.upstream?.name], ["origin", "main"]);
    });
  });
}

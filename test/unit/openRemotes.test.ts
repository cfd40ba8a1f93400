import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootsOnBitbucket } from "../../src/commands/rootsOnBitbucket";
import { OpenRemotes } from "../../src/git/openRemotes";
import {
  createRepository,
  createStage,
  git,
  openPorts,
  removeStage,
  useHome,
  type ConnectStage,
} from "./support/connectStage";
import { EditorRepository } from "./support/editorRepository";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
const bitbucket = "https://bitbucket.org/acme/payments.git";
const gitHub = "https://github.com/acme/payments.git";

describe("which of the open repositories are on Bitbucket", () => {
  let stage: ConnectStage;
  let gits: number;
  let open: ReturnType<typeof openPorts>;
  let count = 0;

  beforeEach(() => {
    stage = createStage(site);
    useHome(stage);
    gits = 0;
    open = openPorts(stage, { at: () => gits++ });
  });
  afterEach(async () => {
    await open.close();
    removeStage(stage);
  });

  /** Settings as `git config` takes them, added one by one. */
  function repository(...settings: readonly (readonly [key: string, value: string])[]): string {
    const { root } = createRepository(stage, `repository-${++count}`, 0);
    for (const [key, value] of settings) git(root, "config", "--add", key, value);
    return root;
  }
  const personal = (text: string) => {
    appendFileSync(join(stage.home, ".gitconfig"), text);
  };

  async function isOurs(...roots: readonly string[]): Promise<boolean> {
    const remotes = new OpenRemotes(open.ports.readRepository);
    const found = await rootsOnBitbucket(
      remotes,
      roots.map((root) => new EditorRepository(root)),
      site,
    );
    return found.length === roots.length;
  }

  it("is in the editor's memory where no rule is in play: no Git process", async () => {
    const urls = [
      bitbucket,
      "git@bitbucket.org:acme/payments.git",
      "ssh://git@altssh.bitbucket.org:443/acme/x",
    ];
    assert.equal(await isOurs(...urls.map((url) => repository(["remote.origin.url", url]))), true);
    assert.equal(gits, 0);
  });

  it("Git says where a rule, an include, a second push URL or another level is in play", async () => {
    personal('[url "https://bitbucket.org/"]\n\tinsteadOf = bb:\n');
    assert.equal(await isOurs(repository(["remote.origin.url", "bb:acme/x"])), true);
    const own = ["url.https://bitbucket.org/.insteadOf", "ours:"] as const;
    assert.equal(await isOurs(repository(["remote.origin.url", "ours:acme/x"], own)), true);
    const pushUrls = [bitbucket, gitHub].map((url) => ["remote.origin.pushurl", url] as const);
    assert.equal(await isOurs(repository(["remote.origin.url", gitHub], ...pushUrls)), true);
    const root = repository(["remote.origin.url", gitHub]);
    const included = join(stage.home, "more.inc");
    personal("[include]\n\tpath = more.inc\n");
    assert.equal(await isOurs(root), false);
    writeFileSync(included, '[url "git@bitbucket.org:"]\n\tpushInsteadOf = https://github.com/\n');
    assert.equal(await isOurs(root), true);
    writeFileSync(included, `[remote "team"]\n\turl = ${bitbucket}\n`);
    assert.equal(await isOurs(root), true);
  });

  it("follows a rule that takes a remote away from Bitbucket", async () => {
    const root = repository(["remote.origin.url", bitbucket]);
    assert.equal(await isOurs(root), true);
    personal('[url "/srv/mirror/"]\n\tinsteadOf = https://bitbucket.org/\n');
    assert.equal(await isOurs(root), false);
  });

  it("costs no Git process for repositories elsewhere, whatever rules the person has", async () => {
    personal('[credential "https://bitbucket.org"]\n\thelper = store\n');
    personal('[url "git@github.com:"]\n\tinsteadOf = gh:\n[url "git@bitbucket.org:"]\n\tinsteadOf = bb:\n');
    const roots = Array.from({ length: 20 }, () => repository(["remote.origin.url", gitHub]));
    assert.equal(await isOurs(...roots), false);
    assert.equal(await isOurs(repository(["remote.origin.url", "gh:acme/payments"])), false);
    assert.equal(gits, 0);
  });
});

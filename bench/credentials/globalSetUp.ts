import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BitbucketSite } from "../../src/bitbucket/site";
import { FolderIndex } from "../../src/credentials/folderIndex";
import { GitSignIn } from "../../src/credentials/gitSignIn";
import { TokenStore } from "../../src/credentials/tokenStore";
import { changeGitSetUp } from "../../src/flows/setUp/setUpGit";
import { createOpenGit } from "../../src/git/openGit";
import type { GitMachine } from "../../test/unit/support/gitMachine";
import { writeNodeHelper } from "../../test/unit/support/nodeHelperBundle";

const storedTokens = 1000;

/** The whole product in the person's own Git config: its store with a thousand tokens, its server, its lines. */
export async function setUpGlobally(
  machine: GitMachine,
  site: BitbucketSite,
  repositories: readonly string[],
) {
  const root = join(machine.root, "global");
  const secrets = new Map<string, string>();
  const tokens = new TokenStore(
    {
      get: (key) => Promise.resolve(secrets.get(key)),
      store: (key, value) => Promise.resolve(void secrets.set(key, value)),
      delete: (key) => Promise.resolve(void secrets.delete(key)),
    },
    new FolderIndex(join(root, "tokens")),
  );
  const others = Array.from(
    { length: storedTokens - repositories.length },
    (_, n) => `ws/other-${String(n)}`,
  );
  for (const name of [...repositories, ...others]) {
    const [workspace = "", slug = ""] = name.split("/");
    const secret = machine.server.tokens.get(name) ?? `token-of-${slug}`;
    await tokens.save(site, { workspace, slug }, { secret, kind: "repository", scopes: [], savedAt: "" });
  }
  const nodeHelper = join(machine.root, "globalNodeHelper.js");
  writeNodeHelper(nodeHelper);
  const signIn = new GitSignIn({
    storageDir: root,
    nodeHelper,
    tokens,
    others: { find: () => Promise.resolve(undefined), noteRefusal: () => Promise.resolve() },
    site: () => site,
    onRefused: () => undefined,
    onLost: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  const config = join(machine.root, "globalConfig");
  writeFileSync(config, "");
  process.env["GIT_CONFIG_GLOBAL"] = config;
  await changeGitSetUp({ site, openGit: createOpenGit("git"), prepareHelper: () => signIn.prepare() }, true);
  delete process.env["GIT_CONFIG_GLOBAL"];
  return {
    env: { GIT_CONFIG_GLOBAL: config },
    connect: (name: string) => {
      const dir = machine.connect(name, "", join(machine.root, "global-work"));
      const section = `credential.${site.webUrl}/${name}.git`;
      execFileSync("git", ["config", "--remove-section", section], { cwd: dir, env: machine.env });
      return dir;
    },
    close: () => signIn.dispose(),
  };
}

// The person who sits before a test's editor: a home of their own, so that no test reads or changes yours.
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What a person has set who set nothing else. No credential helper. */
export const cleanGitConfig = `[user]
	name = Ada Person
	email = ada@example.com
[init]
	defaultBranch = main
[safe]
	directory = *
`;

// Variables of the terminal that runs the tests: another repository, another editor, somebody's token.
const foreign = /^(GIT_|VSCODE_|BITBUCKET_|SSH_ASKPASS|ELECTRON_RUN_AS_NODE|XDG_|NODE_OPTIONS|npm_)/;

/**
 * @param {string} home made if missing; programs in its `bin` come before all others
 * @returns {NodeJS.ProcessEnv} this process's environment, as that person has it
 */
export function makePersonHome(home) {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, ".gitconfig"), cleanGitConfig);
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const PATH = [join(home, "bin"), process.env.PATH].join(delimiter);
  // Without it, the editor asks a login shell for the environment, which has a PATH of its own.
  const own = { VSCODE_CLI: "1", GIT_CONFIG_NOSYSTEM: "1" };
  return { ...Object.fromEntries(kept), ...own, PATH, HOME: home, USERPROFILE: home };
}

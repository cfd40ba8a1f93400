import { homedir } from "node:os";
import * as vscode from "vscode";
import type { BitbucketSite } from "../bitbucket/site";
import type { GitSignIn } from "../credentials/gitSignIn";
import { findHostCredential, type HostQuestion } from "../credentials/hostSignIn";
import type { TokenStore } from "../credentials/tokenStore";
import { recoverConnect } from "../flows/connect/recoverConnect";
import { findCommonDir } from "../git/commonDir";
import { hasOwnHelper, readSettings } from "../git/gitSettings";
import type { GitApi, GitApiRepository } from "../git/vscodeGitApi";
import { VscodeRepository } from "../git/vscodeRepository";
import { chooseHostToken } from "../ui/tokens/chooseHostToken";
import type { CommandContext } from "./context";
import type { Own } from "./whenGitIsThere";

export interface Watched {
  readonly signIn: GitSignIn;
  readonly secrets: vscode.SecretStorage;
  readonly tokens: TokenStore;
  readonly site: () => BitbucketSite;
}

/**
 * What happens without being asked, after start-up: git's sign-in is ready as soon as there is a token to give, and a
 * connect that a killed editor left is finished or undone when its repository opens. Nothing of it says a word.
 */
export async function watchRepositories(
  context: CommandContext,
  watched: Watched,
  git: GitApi,
  own: Own,
): Promise<void> {
  await prepareSignIn(context, watched);
  own(watched.secrets.onDidChange(() => void prepareSignIn(context, watched)));
  own(
    git.registerCredentialsProvider({ getCredentials: (host) => signInToHost(context, git, watched, host) }),
  );
  const recover = (repository: GitApiRepository) => {
    recoverRepository(context, git, repository).catch((error: unknown) => {
      context.log.bug("recover", error);
    });
  };
  own(git.onDidOpenRepository(recover));
  git.repositories.forEach(recover);
}

async function recoverRepository(
  context: CommandContext,
  git: GitApi,
  repository: GitApiRepository,
): Promise<void> {
  const local = new VscodeRepository(repository);
  const outcome = await recoverConnect(
    await context.createPorts(git),
    local,
    await findCommonDir(local.root),
  );
  if (outcome) context.log.note(`An interrupted connect of ${local.root} was ${outcome}.`);
}

/** Without a token there is nothing to serve, so nothing runs. Another window may have stored one. */
async function prepareSignIn(context: CommandContext, { signIn, tokens }: Watched): Promise<void> {
  try {
    const hasToken = (await tokens.list()).length > 0 || (await tokens.fallback()) !== undefined;
    if (hasToken) await signIn.prepare();
  } catch (error) {
    context.log.bug("git's sign-in", error);
  }
}

async function signInToHost(
  context: CommandContext,
  git: GitApi,
  { tokens, site }: Watched,
  host: vscode.Uri,
) {
  const question: HostQuestion = {
    host: host.toString(true),
    isKeptElsewhere: async () => {
      const { openGit } = await context.createPorts(git);
      return hasOwnHelper(await readSettings(openGit, homedir()), host.toString(true));
    },
    choose: (candidates, isKept) => chooseHostToken(host.authority, candidates, isKept),
  };
  return findHostCredential(tokens, site(), question);
}

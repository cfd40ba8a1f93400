import { explainPush } from "../flows/push/explainPush";
import { readPushFailure } from "../failures/gitFailure";
import { bitbucketRemotes } from "../flows/push/pushTarget";
import type { GitApi } from "../git/vscodeGitApi";
import { VscodePushErrorHandler, type FailedPush } from "../git/vscodePushErrorHandler";
import { VscodeRepository } from "../git/vscodeRepository";
import { offerFixes } from "../ui/offerFixes";
import type { CommandContext } from "./context";
import { runByHand } from "./runByHand";
import type { Own } from "./whenGitIsThere";

const explainTimeoutMs = 15_000;

/** Gives the editor's own push to Bitbucket the words and the ways out that our button's has. */
export function watchPushErrors(context: CommandContext, git: GitApi, own: Own): void {
  const findRepository = async (root: string, remote: string) => {
    const { readRepository, site } = await context.createPorts(git);
    const pushed = bitbucketRemotes((await readRepository(root)).remotes, site);
    return pushed.find((one) => one.remote === remote)?.repository;
  };
  const handler = new VscodePushErrorHandler(findRepository, (failed) => explain(context, git, failed));
  own(git.registerPushErrorHandler(handler));
}

async function explain(context: CommandContext, git: GitApi, failed: FailedPush): Promise<boolean> {
  if (readPushFailure(failed.error.message).kind === "other") return false; // the editor's words are as good
  const { repository, pushed, error } = failed;
  const local = new VscodeRepository(repository);
  const signal = AbortSignal.timeout(explainTimeoutMs);
  const refusal = await context.tellingOfRefusal(pushed.repository, async () =>
    explainPush(await context.createPorts(git), local, pushed, error, signal),
  );
  context.log.failure("git push", refusal);
  const { branch, remote, target } = pushed;
  const again = { folder: local.root, branch, remote, target };
  void offerFixes(refusal, (change) => runByHand("push", { ...again, ...change }));
  return true;
}

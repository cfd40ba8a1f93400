import { newPullRequestPage } from "../../bitbucket/pages";
import { configFileOf } from "../../git/gitConfigFile";
import { findCommonDir, type LocalRepository } from "../../git/localRepository";
import { pushBranch } from "../../git/push";
import { explainPush } from "./explainPush";
import type { PushPlan } from "./planPush";
import type { Ports } from "../ports";
import { pullRequestUrl } from "./pullRequestUrl";

export interface PushOutcome {
  readonly remote: string;
  readonly branch: string;
  readonly commits: number;
  /** The annotated tags that went with it and were new on Bitbucket. */
  readonly tags: readonly string[];
  /** Where a pull request for a branch that is new on Bitbucket is made. */
  readonly pullRequestUrl?: string;
}

/** Carries a plan out, never by force. Undefined where the person cancelled; throws a UserError. */
export async function pushRepository(
  ports: Ports,
  local: LocalRepository,
  plan: PushPlan,
  onProgress: (detail: string) => void,
  signal: AbortSignal,
): Promise<PushOutcome | undefined> {
  try {
    const said = await pushBranch(ports.openGit, {
      ...plan,
      dir: local.root,
      setUpstream: plan.setsUpstream,
      signal,
      onProgress: (stage, percent) => {
        onProgress(`${stage} ${percent} %`);
      },
    });
    if (plan.setsUpstream) await ensureUpstream(ports, local, plan);
    await local.refresh();
    const { remote, branch, commits } = plan;
    const url = offeredPullRequest(ports, plan, said);
    const tags = [...said.matchAll(/^ \* \[new tag\]\s+(\S+)/gm)].map(([, name = ""]) => name);
    return { remote, branch, commits, tags, ...(url !== undefined && { pullRequestUrl: url }) };
  } catch (error) {
    if (signal.aborted) return undefined;
    throw await explainPush(ports, local, plan, error, signal);
  }
}

/** git pushes, warns and succeeds where another program held the config while it set the upstream. */
async function ensureUpstream(ports: Ports, local: LocalRepository, plan: PushPlan): Promise<void> {
  const { remote, branch, target } = plan;
  const configFile = configFileOf(await findCommonDir(local.root), ports.openGit);
  await configFile.apply([
    { key: `branch.${branch}.remote`, before: [], after: [remote] },
    { key: `branch.${branch}.merge`, before: [], after: [`refs/heads/${target}`] },
  ]);
}

/** Bitbucket's own link, else the page by its address; the first branch of all has nothing to be merged into. */
function offeredPullRequest(ports: Ports, plan: PushPlan, said: string): string | undefined {
  if (!plan.isNew) return undefined;
  const named = pullRequestUrl(said, ports.site, plan.repository);
  if (named !== undefined || !plan.hasOtherBranches) return named;
  return newPullRequestPage(ports.site, plan.repository, plan.target);
}

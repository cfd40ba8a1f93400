import { newPullRequestPage } from "../../bitbucket/pages";
import { UserError } from "../../errors";
import { configFileOf } from "../../git/gitConfigFile";
import { isUtf8 } from "../../git/branchReading";
import { findCommonDir } from "../../git/commonDir";
import type { LocalRepository } from "../../git/localRepository";
import { pushBranch, type PushReport } from "../../git/push";
import type { PushedRef } from "../../git/pushReport";
import { countCommits } from "../../git/revisions";
import { explainPush } from "./explainPush";
import { nothingToPush, type PushPlan } from "./planPush";
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
    const report = await pushBranch(ports.openGit, {
      ...plan,
      dir: local.root,
      setUpstream: plan.setsUpstream,
      signal,
      onProgress: (stage, percent) => {
        onProgress(`${stage} ${percent} %`);
      },
    });
    if (plan.setsUpstream && isUtf8(plan.branch)) await ensureUpstream(ports, local, plan);
    await local.refresh();
    return await toOutcome(ports, local, plan, report);
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof UserError) throw error;
    throw await explainPush(ports, local, plan, error, signal);
  }
}

/** Git's own report says what was new: this repository need not have known. Throws NothingToPush. */
async function toOutcome(
  ports: Ports,
  local: LocalRepository,
  plan: PushPlan,
  { refs, said }: PushReport,
): Promise<PushOutcome> {
  const { remote, branch } = plan;
  const tags = refs.flatMap(({ outcome, ref }) =>
    outcome === "new" && ref.startsWith("refs/tags/") ? [ref.slice("refs/tags/".length)] : [],
  );
  const branches = refs.filter(({ ref }) => !ref.startsWith("refs/tags/"));
  const isUpToDate = branches.length > 0 && branches.every(({ outcome }) => outcome === "upToDate");
  if (isUpToDate && tags.length === 0 && !plan.tags) throw nothingToPush(plan, 0, local);
  const isNew = branches.some(({ outcome }) => outcome === "new");
  const url = isNew ? offeredPullRequest(ports, plan, said) : undefined;
  const commits = isUpToDate ? 0 : await countPushed(ports, local, plan, branches);
  return {
    remote,
    branch,
    commits,
    tags: [...new Set(tags)],
    ...(url !== undefined && { pullRequestUrl: url }),
  };
}

/** The most that any of its places lacked. */
async function countPushed(
  { openGit }: Ports,
  { root }: LocalRepository,
  plan: PushPlan,
  branches: readonly PushedRef[],
): Promise<number> {
  if (plan.commits !== undefined) return plan.commits;
  const ours = isUtf8(plan.branch) ? `refs/heads/${plan.branch}` : "HEAD";
  const counts = branches
    .filter(({ outcome }) => outcome === "new" || outcome === "updated")
    .map(({ range }) => countCommits(openGit, root, [range ?? ours]).catch(() => 0));
  return Math.max(0, ...(await Promise.all(counts)));
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
  const named = pullRequestUrl(said, ports.site, plan.repository);
  if (named !== undefined || !plan.hasOtherBranches) return named;
  return newPullRequestPage(ports.site, plan.repository, plan.target);
}

import { readRemoteUrl } from "../../bitbucket/address";
import { fullName, remoteUrl, uniqueRepositories, type RepositoryName } from "../../bitbucket/site";
import type { TokenKind } from "../../bitbucket/token";
import { findGitDirs } from "../../git/commonDir";
import { toCloneRefusal } from "../../failures/clone";
import { PlainRepository } from "../../git/plainRepository";
import { initSubmodules, readSubmodules, updateSubmodule, type Submodule } from "../../git/submodules";
import type { GitAccess } from "../../protocol/formMessages";
import { connectAll } from "../connectAll/connectAll";
import { describeAll, type LeftRepository } from "../connectAll/describeAll";
import type { Ports } from "../ports";
import { findServingToken } from "../tokens/findServingToken";

export interface SubmoduleOptions {
  readonly gitAccess: GitAccess;
  readonly report: (name: string) => void;
  readonly signal: AbortSignal;
}

export interface SubmoduleOutcome {
  readonly connected: readonly RepositoryName[];
  /** On Bitbucket, where no stored token can access them. */
  readonly lacking: readonly RepositoryName[];
  readonly failed: readonly LeftRepository[];
}

const nothing: SubmoduleOutcome = { connected: [], lacking: [], failed: [] };
const deepest = 6;
const atOnce = 4;

/**
 * Fetches the submodules on Bitbucket that a stored token can access, and connects each as any repository; so on with
 * theirs. The others are left to Git. Costs one look where there is no `.gitmodules`. A cancel keeps what is whole.
 */
export async function fetchSubmodules(
  ports: Ports,
  root: string,
  options: SubmoduleOptions,
  depth = 0,
): Promise<SubmoduleOutcome> {
  const all = depth < deepest ? await listSubmodules(ports, root) : [];
  if (all.length === 0) return nothing;
  const fetched = await fetchMissing(ports, root, all, options);
  const there = [...all.filter(({ isCloned }) => isCloned), ...fetched.done];
  const connected = await connectThese(ports, there, options);
  const below: SubmoduleOutcome[] = [];
  for (const one of there) {
    if (options.signal.aborted) break;
    below.push(await fetchSubmodules(ports, one.root, options, depth + 1));
  }
  const outcomes = [fetched, connected, ...below];
  return {
    connected: uniqueRepositories(outcomes.flatMap((one) => one.connected)),
    lacking: uniqueRepositories(outcomes.flatMap((one) => one.lacking)),
    failed: outcomes.flatMap((one) => one.failed),
  };
}

export interface BitbucketSubmodule extends Submodule {
  readonly repository: RepositoryName;
}

/** Those on the configured Bitbucket, whatever spelling of its URL names them. */
export async function listSubmodules(ports: Ports, root: string): Promise<readonly BitbucketSubmodule[]> {
  const readBaseUrl = async () => {
    const { remotes } = await ports.readRepository(root);
    return (remotes.find(({ name }) => name === "origin") ?? remotes[0])?.fetchUrl ?? "";
  };
  const all = await readSubmodules(ports.openGit, root, readBaseUrl);
  return all.flatMap((one) => {
    const { repository } = readRemoteUrl(one.url, ports.site);
    return repository ? [{ ...one, repository }] : [];
  });
}

interface Fetched extends SubmoduleOutcome {
  readonly done: readonly BitbucketSubmodule[];
}

async function fetchMissing(
  ports: Ports,
  root: string,
  all: readonly BitbucketSubmodule[],
  { report, signal }: SubmoduleOptions,
): Promise<Fetched> {
  const missing = all.filter(({ isCloned }) => !isCloned);
  const lacking: RepositoryName[] = [];
  const failed: LeftRepository[] = [];
  const served: (BitbucketSubmodule & { readonly kind: TokenKind })[] = [];
  await inTurn(missing, signal, async (one) => {
    try {
      const found = await findServingToken(ports, one.repository, (token) =>
        ports.client.verifyToken(one.repository, token, signal),
      );
      if (found) served.push({ ...one, kind: found.proof.kind });
      else lacking.push(one.repository);
    } catch (error) {
      failed.push({ folder: one.root, error });
    }
  });
  const done: BitbucketSubmodule[] = [];
  if (!signal.aborted) await initSubmodules(ports.openGit, root, served);
  const { gitDir } = await findGitDirs(root);
  const helper = served.length > 0 ? await ports.prepareHelper() : "";
  await inTurn(served, signal, async (one) => {
    const { site, openGit } = ports;
    const { repository, kind } = one;
    report(fullName(repository));
    try {
      const url = remoteUrl(site, repository);
      await updateSubmodule(openGit, root, one, { url, webUrl: site.webUrl, helper, gitDir, signal });
      done.push(one);
    } catch (error) {
      const refusal = toCloneRefusal(error, { site, repository, kind, branch: undefined });
      if (!signal.aborted) failed.push({ folder: one.root, error: refusal });
    }
  });
  return { done, lacking, failed, connected: [] };
}

/** One that works by SSH is left as it is: nobody has asked for a change. */
async function connectThese(
  ports: Ports,
  there: readonly BitbucketSubmodule[],
  { gitAccess, report, signal }: SubmoduleOptions,
): Promise<SubmoduleOutcome> {
  const { found } = await describeAll(
    ports,
    there.map(({ root }) => root),
  );
  const ours = found.filter(({ changes }) => !changes.includes("ssh"));
  const served = ours.filter(({ hasToken }) => hasToken);
  const outcome = await connectAll(ports, served, {
    ...{ gitAccess, signal },
    openLocal: (root) => new PlainRepository(root, ports.openGit),
    report: (_, name) => {
      report(name);
    },
  });
  if (!outcome) return nothing;
  return {
    connected: outcome.connected.map(({ repository }) => repository),
    lacking: ours.filter(({ hasToken }) => !hasToken).map(({ repository }) => repository),
    failed: outcome.left,
  };
}

async function inTurn<T>(
  list: readonly T[],
  signal: AbortSignal,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = [...list];
  const takeOne = async () => {
    for (let one = waiting.shift(); one !== undefined && !signal.aborted; one = waiting.shift())
      await work(one);
  };
  await Promise.all(Array.from({ length: atOnce }, takeOne));
}

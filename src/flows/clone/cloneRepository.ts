import { readAdvertisement } from "../../bitbucket/gitAdvertisement";
import { pullRequestPage } from "../../bitbucket/pages";
import { fullName, remoteUrl, type BitbucketSite, type RepositoryName } from "../../bitbucket/site";
import { repeatingArguments, UserError } from "../../errors";
import { cloneInto } from "../../git/cloneInto";
import type { CloneProgress } from "../../git/cloneProgress";
import { findCause } from "../tokens/findCause";
import { toCloneRefusal } from "../../failures/clone";
import { isRewritten, readSettings } from "../../git/gitSettings";
import { findCommit } from "../../git/localRepository";
import type { GitAccess } from "../../protocol/formMessages";
import { prepareCloneFolder, safeFolderName, type CloneFolder } from "./cloneFolder";
import { findPullRequestBranch } from "./clonePullRequest";
import { connectClone, knownBotEmail } from "./cloneRecord";
import { holdToken, type CloneToken, type TokenWish } from "./cloneToken";
import type { Ports } from "../ports";

/** Everything that a person (or a command's caller) decides about a clone. */
export interface CloneRequest extends TokenWish {
  readonly repository: RepositoryName;
  /** The folder in which the clone's own folder is made. */
  readonly directory: string;
  /** The clone's own folder; the repository's name, made safe, where undefined. */
  readonly name?: string | undefined;
  /** The default branch where undefined. */
  readonly branch?: string | undefined;
  /** Its branch is checked out, where no other is named. */
  readonly pullRequest?: number | undefined;
  readonly singleBranch?: boolean;
  readonly shallow?: boolean;
  readonly gitAccess: GitAccess;
  /** `user.email` for this clone; undefined: the one that another clone has with the same token. */
  readonly email?: string | undefined;
  readonly useBotEmail: boolean;
}

export interface CloneOutcome {
  /** `workspace/slug`, spelled as Bitbucket spells it. */
  readonly repository: string;
  readonly folder: string;
}

/**
 * Clones a repository and connects the clone. It grows in a folder beside its place and is moved there once it is
 * whole: a failure, a cancel or a killed editor never leaves a half clone behind. A cancel gives undefined; a failure
 * throws a UserError whose retry repeats the whole request.
 */
export async function cloneRepository(
  ports: Ports,
  request: CloneRequest,
  report: (progress: CloneProgress) => void,
  signal: AbortSignal,
): Promise<CloneOutcome | undefined> {
  try {
    const folder = await prepareCloneFolder(
      request.directory,
      request.name ?? safeFolderName(request.repository.slug),
    );
    try {
      return await cloneWithToken(ports, request, folder, report, signal);
    } catch (error) {
      await folder.remove();
      throw error;
    }
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error instanceof UserError ? withAnswers(ports.site, error, request) : error;
  }
}

async function cloneWithToken(
  ports: Ports,
  request: CloneRequest,
  folder: CloneFolder,
  report: (progress: CloneProgress) => void,
  signal: AbortSignal,
): Promise<CloneOutcome> {
  const token = await holdToken(ports, request, signal);
  try {
    return await fill(ports, request, folder, token, report, signal);
  } catch (error) {
    await token.forget();
    throw error;
  }
}

async function fill(
  ports: Ports,
  request: CloneRequest,
  folder: CloneFolder,
  token: CloneToken,
  report: (progress: CloneProgress) => void,
  signal: AbortSignal,
): Promise<CloneOutcome> {
  const { site, openGit } = ports;
  const { gitAccess, singleBranch = false, shallow = false } = request;
  const { repository, kind } = token;
  const branch = await chooseBranch(ports, request, token, signal);
  const url = remoteUrl(site, repository);
  const helper = await ports.prepareHelper();
  const guard = isRewritten(await readSettings(openGit, request.directory), url);
  signal.throwIfAborted();
  const options = {
    url,
    into: folder.temporary,
    branch,
    singleBranch,
    shallow,
    helper,
    isRewritten: guard,
    signal,
  };
  await cloneInto(openGit, { ...options, onProgress: report }).catch(async (error: unknown) => {
    const refusal = toCloneRefusal(error, { site, repository, kind, branch });
    const isUnclear = refusal.code === "TokenRejected" && !signal.aborted;
    const cause = isUnclear && (await findCause(ports, repository, token.stored, ["repository"], signal));
    throw cause || refusal;
  });
  signal.throwIfAborted();
  await checkEmptiness(ports, folder.temporary, token, signal);
  const email =
    request.email ?? (request.useBotEmail ? await knownBotEmail(ports, token.stored.secret) : undefined);
  const { temporary, target } = folder;
  const record = await connectClone(ports, {
    folder: temporary,
    target,
    token,
    helper,
    gitAccess,
    email,
    isRewritten: guard,
  });
  try {
    await folder.place();
  } catch (error) {
    await ports.connections.remove(record);
    throw error;
  }
  return { repository: fullName(repository), folder: target };
}

/** For git, a proxy's page is a repository with nothing in it. */
async function checkEmptiness(
  { site, send, openGit }: Ports,
  dir: string,
  { repository, kind, stored: { secret, scopes } }: CloneToken,
  signal: AbortSignal,
): Promise<void> {
  if ((await findCommit(openGit, dir, "HEAD")) !== undefined) return;
  const question = { site, repository, kind, secret, scopes, signal };
  await readAdvertisement(send, { ...question, service: "git-upload-pack" });
}

async function chooseBranch(
  ports: Ports,
  { branch, pullRequest }: CloneRequest,
  { repository, stored }: CloneToken,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (branch !== undefined || pullRequest === undefined) return branch;
  return findPullRequestBranch(ports, repository, pullRequest, stored, signal);
}

/** Whoever presses the button later has only what the error says, so it says all that was chosen. */
function withAnswers(site: BitbucketSite, error: UserError, request: CloneRequest): UserError {
  const { repository, directory, name, branch, pullRequest, singleBranch, shallow, token } = request;
  const answers = {
    repository:
      pullRequest === undefined ? fullName(repository) : pullRequestPage(site, repository, pullRequest),
    directory,
    name,
    branch,
    singleBranch,
    shallow,
    token: token?.secret,
  };
  return repeatingArguments(error, answers);
}

import * as l10n from "@vscode/l10n";
import { createRepository } from "../../bitbucket/createRepository";
import { createRepositoryPage } from "../../bitbucket/pages";
import { fullName, isNameOf, type RepositoryName } from "../../bitbucket/site";
import { nameFault, nameFaultMessage, toSlug } from "../../bitbucket/slug";
import { UserError } from "../../errors";
import type { LocalRepository } from "../../git/localRepository";
import { connectRepository } from "../connect/connectRepository";
import { describeRepository } from "../describeRepository";
import { toPresented } from "../clone/listRepositoriesReach";
import type { Ports } from "../ports";
import { prepareFolder, type PreparedFolder } from "./prepareFolder";
import { lookAtFolder, type FolderSituation } from "./prepareFolderLook";
import type { OpenLocal, PublishOutcome, PublishRequest, ReportPublish } from "./publishRequest";
import { findPublishTokens, lookAtPlace, type Place, type PublishToken } from "./publishTokens";
import { isTaken, notPushed, publishNotes, withAnswers } from "./publishWords";

/**
 * From a folder to a connected repository on Bitbucket: looks whether the name is free and who may create it, makes the
 * folder a repository with a first commit, creates the one on Bitbucket, connects and pushes. A failure or cancel takes
 * back all that was made in the folder; what was created on Bitbucket is named, and the next try goes on with it.
 */
export async function publishRepository(
  ports: Ports,
  openLocal: OpenLocal,
  request: PublishRequest,
  report: ReportPublish,
  signal: AbortSignal,
): Promise<PublishOutcome> {
  try {
    report("look", "running");
    const situation = await lookAtFolder(ports.openGit, request.folder);
    const wanted = request.existing ?? { workspace: request.workspace, slug: checkedSlug(request.name) };
    const tokens = await findPublishTokens(ports, wanted);
    const place = await lookAtPlace(tokens, wanted, signal);
    if (place.kind === "taken") throw isTaken(place.repository, request.folder);
    const creator = place.kind === "free" ? tokens.find((token) => token.mayCreate) : undefined;
    if (place.kind === "free" && !creator && !request.existing) {
      return { kind: "needsPage", url: createRepositoryPage(ports.site, request.workspace) };
    }
    const work = { ports, request, report, signal, wanted, tokens, place, creator };
    return await publishFolder(work, situation, openLocal);
  } catch (error) {
    if (signal.aborted) return { kind: "cancelled", created: undefined };
    throw error instanceof UserError ? withAnswers(error, request) : error;
  }
}

interface PublishWork {
  readonly ports: Ports;
  readonly request: PublishRequest;
  readonly report: ReportPublish;
  readonly signal: AbortSignal;
  readonly wanted: RepositoryName;
  readonly tokens: readonly PublishToken[];
  readonly place: Place;
  /** Whose token makes it, where it isn't there yet. */
  readonly creator: PublishToken | undefined;
}

async function publishFolder(
  work: PublishWork,
  situation: FolderSituation,
  openLocal: OpenLocal,
): Promise<PublishOutcome> {
  const { ports, request, report, signal } = work;
  report("prepare", "running");
  const ignored = request.writesIgnored ? situation.proposal : [];
  const folder = await prepareFolder(ports.openGit, situation, { ...request, ignored }, signal);
  let local: LocalRepository | undefined;
  const undo = async () => {
    await folder.undo();
    await local?.refresh();
  };
  try {
    local = await openLocal(request.folder);
    const outcome = await createAndConnect(work, local, folder);
    if (outcome.kind === "cancelled") await undo();
    return outcome.kind === "needsToken" ? { ...outcome, undo } : outcome;
  } catch (error) {
    await undo();
    throw error;
  }
}

async function createAndConnect(
  work: PublishWork,
  local: LocalRepository,
  folder: PreparedFolder,
): Promise<PublishOutcome> {
  const { ports, wanted, place, creator, signal } = work;
  const branch = branchToPush(local);
  const repository = creator
    ? await create(work, creator)
    : place.kind === "free"
      ? wanted
      : place.repository;
  const created = creator && fullName(repository);
  if (signal.aborted) return { kind: "cancelled", created };
  const pusher = findPusher(work);
  if (!pusher) return { kind: "needsToken", repository: fullName(repository), undo: folder.undo };
  try {
    const connection = await connect(work, local, { repository, branch, pusher });
    if (!connection) return { kind: "cancelled", created };
    // That the token can do more is no news of this connection: it was kept before.
    const notes = publishNotes(wanted, repository, branch, folder.leftOut);
    return { kind: "published", connection: { ...connection, notes } };
  } catch (error) {
    throw error instanceof UserError ? notPushed(error, created, ports.site) : error;
  }
}

/** Sent to its end whatever happens, so that what was created is known. No answer is not yet a no. */
async function create({ ports, request, report, wanted, tokens }: PublishWork, creator: PublishToken) {
  report("create", "running", fullName(wanted));
  const { signal } = new AbortController();
  const token = toPresented(creator.stored);
  const { name, project, isPrivate } = request;
  try {
    const options = { site: ports.site, send: ports.send, token, signal };
    return await createRepository(options, { repository: wanted, name: name.trim(), project, isPrivate });
  } catch (error) {
    if (!(error instanceof UserError) || !["Offline", "BadAnswer"].includes(error.code)) throw error;
    const place = await lookAtPlace(tokens, wanted, signal).catch(() => undefined); // no second answer, no proof
    if (place?.kind === "empty") return place.repository;
    throw error;
  }
}

/** The token that made or saw it, if it may push, before any other. */
function findPusher({ tokens, place, creator }: PublishWork): PublishToken | undefined {
  const first = creator ?? (place.kind === "free" ? undefined : place.seenBy);
  if (first?.mayPush) return first;
  // What nobody sees is no other token's either.
  return first && tokens.find((token) => token.mayPush);
}

interface Connecting {
  readonly repository: RepositoryName;
  readonly branch: string | undefined;
  readonly pusher: PublishToken;
}

async function connect(
  { ports, request, report, signal }: PublishWork,
  local: LocalRepository,
  { repository, branch, pusher }: Connecting,
) {
  const { remotes, freeRemote } = await describeRepository(ports, local);
  return connectRepository(
    ports,
    local,
    {
      repository,
      token: toPresented(pusher.stored),
      scopes: [],
      email: undefined,
      remote: remotes.find((one) => isNameOf(one.repository, repository))?.name ?? freeRemote,
      existingRemote: "ask",
      branch,
      gitAccess: request.gitAccess,
      expires: pusher.stored.expires,
    },
    report,
    signal,
  );
}

/** Without a commit there is nothing to push, and the connection waits for the first. */
function branchToPush(local: LocalRepository): string | undefined {
  if (!local.hasCommits) return undefined;
  if (local.currentBranch !== undefined) return local.currentBranch;
  throw new UserError("BranchNotFound", l10n.t("No branch is checked out. Check one out, then publish."), {
    field: "branch",
  });
}

function checkedSlug(name: string): string {
  const fault = nameFault(name);
  if (!fault) return toSlug(name);
  throw new UserError("InvalidRepository", nameFaultMessage(fault), { field: "name" });
}

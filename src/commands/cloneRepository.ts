import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { parseAddress } from "../bitbucket/address";
import { fullName } from "../bitbucket/site";
import { parseSnippet } from "../bitbucket/snippet";
import { checkToken } from "../bitbucket/token";
import { findLocalClones } from "../flows/clone/cloneRecord";
import { cloneRepository, type CloneOutcome, type CloneRequest } from "../flows/clone/cloneRepository";
import { mayHaveToken } from "../flows/clone/cloneToken";
import type { StoredToken } from "../credentials/tokenStore";
import type { Ports } from "../flows/ports";
import { tellAdded } from "./tellToken";
import { askNewToken } from "./addTokenSteps";
import type { CloneProgress } from "../git/cloneProgress";
import { readGitAccess, readUseBotEmail } from "../settings";
import { withProgress } from "../ui/progress";
import {
  askAlreadyCloned,
  askBranch,
  askDirectory,
  askOpen,
  openFolder,
  type OpenHow,
} from "../ui/clone/repositoryPickerQuestions";
import { parseCloneArgument, type CloneArgument } from "./arguments";
import { chooseRepository, type ChosenRepository } from "./cloneRepositoryPicker";
import { fetchSubmodulesOf } from "./submodules";
import { setContextKey } from "./contextKeys";
import { requireGit, settingsOf, type CommandContext } from "./context";
import type { Command } from "./register";

export interface CloneResult {
  readonly folder: string;
}

/**
 * `directory` is the parent, as for `git.clone`: the clone gets a folder of the repository's name in it, and the result
 * says which. With repository and directory in the argument it asks nothing; otherwise it asks for the rest.
 */
export function cloneCommand(context: CommandContext): Command {
  return async (untyped): Promise<CloneResult | undefined> => {
    const argument = parseCloneArgument(untyped);
    const ports = await context.createPorts(await requireGit());
    const chosen =
      argument.repository === undefined ? await chooseRepository(ports) : readRepository(ports, argument);
    if (chosen === undefined) return undefined;
    const existing = argument.directory ? undefined : await offerExisting(ports, chosen);
    if (existing !== undefined)
      return existing.folder === undefined ? undefined : { folder: existing.folder };
    const request = await completeRequest(ports, argument, chosen);
    if (!request) return undefined;
    const outcome = await cloneBehindProgress(context, ports, request);
    if (outcome) {
      await fetchSubmodulesOf({ context, ports, root: outcome.folder, gitAccess: request.gitAccess });
      await setContextKey("hasCloned", true); // before the clone may take this window's place
      void open(outcome, argument.open);
    }
    return outcome && { folder: outcome.folder };
  };
}

/** The same text may hold a token, as the line does that Bitbucket shows with a new one. */
function readRepository({ site }: Ports, argument: CloneArgument): ChosenRepository {
  const text = argument.repository ?? "";
  const snippet = parseSnippet(text, site);
  const address = snippet.repository && snippet.token !== undefined ? undefined : parseAddress(text, site);
  const repository = address?.repository ?? snippet.repository ?? parseAddress(text, site).repository;
  const secret = argument.token === undefined ? snippet.token : checkToken(argument.token);
  const { account } = argument;
  return {
    repository,
    branch: address?.branch ?? snippet.branch,
    pullRequest: address?.pullRequest,
    ...(secret !== undefined && { token: { secret, ...(account !== undefined && { account }) } }),
  };
}

/** Undefined where it is to be cloned; a folder where an earlier clone was opened; none where the person went away. */
async function offerExisting(
  ports: Ports,
  { repository }: ChosenRepository,
): Promise<{ readonly folder: string | undefined } | undefined> {
  const folders = await findLocalClones(ports, repository);
  if (folders.length === 0) return undefined;
  const answer = await askAlreadyCloned(fullName(repository), folders);
  if (!answer) return { folder: undefined };
  if (answer.folder === undefined) return undefined;
  void openFolder(answer.folder, vscode.workspace.workspaceFolders ? "newWindow" : "here");
  return { folder: answer.folder };
}

async function completeRequest(
  ports: Ports,
  argument: CloneArgument,
  chosen: ChosenRepository,
): Promise<CloneRequest | undefined> {
  const { repository, reach, pullRequest, token } = chosen;
  const name = fullName(repository);
  const needsToken = token === undefined && chosen.added === undefined && !reach;
  const added = needsToken ? await askMissingToken(ports, argument, chosen) : chosen.added;
  if (added === "cancelled") return undefined;
  const branch = await branchFor(argument, chosen);
  if (!branch) return undefined;
  const directory = argument.directory?.fsPath ?? (await askDirectory(name));
  if (directory === undefined) return undefined;
  const settings = settingsOf(undefined);
  return {
    repository,
    directory,
    name: argument.name,
    pullRequest,
    ...branch,
    ...(token && { token }),
    ...(added && { added }),
    ...(reach && { reach }),
    gitAccess: readGitAccess(settings),
    useBotEmail: readUseBotEmail(settings),
  };
}

/** Undefined where a stored one may do: a caller who answers all is not asked. */
async function askMissingToken(
  ports: Ports,
  { directory, askToken: isAsked }: CloneArgument,
  { repository }: ChosenRepository,
): Promise<StoredToken | "cancelled" | undefined> {
  const isInteractive = directory === undefined || isAsked === true;
  if (!isInteractive || (!isAsked && (await mayHaveToken(ports, repository)))) return undefined;
  const added = await askNewToken(ports, { needs: ["repository"], repository });
  if (added) tellAdded(ports, added);
  return added?.stored ?? "cancelled";
}

async function branchFor(argument: CloneArgument, chosen: ChosenRepository) {
  const { singleBranch = false, shallow = false } = argument;
  const branch = argument.branch ?? chosen.branch;
  const { mainBranch, reach, repository } = chosen;
  if (branch !== undefined || mainBranch === undefined || !reach) return { branch, singleBranch, shallow };
  const abort = new AbortController();
  const branches = reach.lists.branches(repository, abort.signal);
  try {
    return await askBranch({ repository: fullName(repository), mainBranch, branches });
  } finally {
    abort.abort();
  }
}

async function cloneBehindProgress(
  context: CommandContext,
  ports: Ports,
  request: CloneRequest,
): Promise<CloneOutcome | undefined> {
  const name = fullName(request.repository);
  const outcome = await context.tellingOfRefusal(request.repository, () =>
    withProgress(l10n.t("Cloning {0}", name), (signal, say) => {
      const report = (progress: CloneProgress) => {
        say(progressWords(progress));
      };
      return cloneRepository(ports, request, report, signal);
    }),
  );
  context.log.note(
    outcome ? `Cloned ${outcome.repository} into ${outcome.folder}.` : `The clone of ${name} was cancelled.`,
  );
  return outcome;
}

/** git's own words for its phases, which people know from the terminal. */
function progressWords({ phase, percent, throughput }: CloneProgress): string {
  return throughput === undefined ? `${phase}: ${percent} %` : `${phase}: ${percent} % (${throughput})`;
}

async function open({ repository, folder }: CloneOutcome, how: CloneArgument["open"]): Promise<void> {
  if (how === false) return;
  const chosen: OpenHow | undefined =
    how === undefined ? await askOpen(repository, folder) : how === true ? "here" : how;
  if (chosen) await openFolder(folder, chosen);
}

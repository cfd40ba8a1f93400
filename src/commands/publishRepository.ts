import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { RepositoryName } from "../bitbucket/site";
import { UserError } from "../errors";
import type { Ports } from "../flows/ports";
import { lookAtFolder, type FolderSituation } from "../flows/publish/prepareFolderLook";
import type { PublishRequest } from "../flows/publish/publishRequest";
import { mayCreateSomewhere } from "../flows/publish/publishTokens";
import { isVirtualWorkspace, type GitApi } from "../git/vscodeGitApi";
import { readGitAccess } from "../settings";
import { askFolder } from "../ui/publish/publishPage";
import { askPublish, type Given } from "../ui/publish/publishPrompts";
import { parsePublishArgument, type PublishArgument } from "./arguments";
import { toResult, type ConnectResult } from "./connectRepository";
import { notOnDisk, openFolderFix, requireGit, settingsOf, type CommandContext } from "./context";
import { Publishing } from "./publishRepositoryRun";
import { addPushToken, startPublishing } from "./publishRepositoryStart";
import { createPublishSource } from "./publishRepositorySource";
import type { Command } from "./register";

/** With workspace and name in the argument it asks nothing; otherwise it asks for the rest. */
export function publishCommand(context: CommandContext): Command {
  return async (untyped): Promise<ConnectResult | undefined> => {
    const argument = parsePublishArgument(untyped);
    const git = await requireGit();
    const ports = await context.createPorts(git);
    const folder = argument.folder?.fsPath ?? (await chooseFolder(git));
    if (folder === undefined) return undefined;
    const isComplete = argument.workspace !== undefined && argument.name !== undefined && !argument.ask;
    const answers = isComplete ? { argument } : await askRest(ports, folder, argument);
    if (!answers) return undefined;
    const publishing = new Publishing(context, git, ports, isComplete);
    const { existing } = answers;
    const connection = await publishing.run({ ...toRequest(folder, answers.argument), existing });
    return connection && toResult(connection);
  };
}

/** The open repositories and the workspace's folders; a person is asked where there are several. */
async function chooseFolder(git: GitApi): Promise<string | undefined> {
  const roots = git.repositories.map(({ rootUri }) => rootUri.fsPath);
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  const candidates = [...new Set([...folders.map(({ uri }) => uri.fsPath), ...roots])];
  if (candidates.length === 0) throw isVirtualWorkspace() ? notOnDisk() : noFolder();
  return candidates.length === 1 ? candidates[0] : askFolder(candidates);
}

function noFolder(): UserError {
  const fixes = [openFolderFix()];
  return new UserError("NotARepository", l10n.t("No folder is open. Open the folder to publish."), {
    field: "folder",
    fixes,
  });
}

interface Answers {
  readonly argument: PublishArgument;
  /** Made in the browser. */
  readonly existing?: RepositoryName | undefined;
}

/** What a repository needs that isn't there yet, a token or the repository itself, comes before the questions. */
async function askRest(ports: Ports, folder: string, given: PublishArgument): Promise<Answers | undefined> {
  const situation = await lookAtFolder(ports.openGit, folder);
  const { workspace } = given;
  const started = (await mayCreateSomewhere(ports)) ? "token" : await startPublishing({ ports, workspace });
  if (!started) return undefined;
  if (started === "token") return askQuestions(ports, situation, given);
  const { existing } = started;
  if (!(await hasPushToken(ports, existing)) && !(await addPushToken(ports, existing))) return undefined;
  const answered = { workspace: existing.workspace, name: existing.slug, project: "", private: true };
  const answers = await askQuestions(ports, situation, { ...given, ...answered });
  return answers && { ...answers, existing };
}

async function hasPushToken({ tokens, site }: Ports, repository: RepositoryName): Promise<boolean> {
  return (await tokens.candidates(site, repository)).length > 0;
}

async function askQuestions(
  ports: Ports,
  situation: FolderSituation,
  argument: PublishArgument,
): Promise<Answers | undefined> {
  const answers = await askPublish(createPublishSource(ports, situation), toGiven(argument));
  if (!answers) return undefined;
  const { workspace, project, name, isPrivate, writesIgnored, files, identity } = answers;
  const { name: userName, email: userEmail } = identity;
  const isKnown = situation.identity.name === userName && situation.identity.email === userEmail;
  return {
    argument: {
      ...{ workspace, project, name, private: isPrivate, gitignore: writesIgnored },
      ...(files && { files: [...files] }),
      ...(!isKnown && userName !== "" && userEmail !== "" && { userName, userEmail }),
    },
  };
}

/** A question is asked again where its answer did not do; the others are not. */
function toGiven(argument: PublishArgument): Given {
  const { workspace, project, name, private: isPrivate, gitignore, files, userName, userEmail } = argument;
  return {
    ...(workspace !== undefined && { workspace }),
    ...(project !== undefined && { project }),
    ...(name !== undefined && { name }),
    ...(isPrivate !== undefined && { isPrivate }),
    ...(gitignore !== undefined && { writesIgnored: gitignore }),
    ...(files && { files }),
    ...(userName && userEmail && { identity: { name: userName, email: userEmail } }),
  };
}

function toRequest(folder: string, argument: PublishArgument): PublishRequest {
  const { workspace = "", name = "", project, files, userName, userEmail } = argument;
  const defaultBranch = vscode.workspace
    .getConfiguration("git", vscode.Uri.file(folder))
    .get<string>("defaultBranchName");
  return {
    folder,
    workspace,
    name,
    project: project === "" ? undefined : project,
    isPrivate: argument.private ?? true,
    existing: undefined,
    writesIgnored: argument.gitignore ?? true,
    files,
    identity: userName && userEmail ? { name: userName, email: userEmail } : undefined,
    defaultBranch: defaultBranch === "" ? undefined : defaultBranch,
    gitAccess: readGitAccess(settingsOf(vscode.Uri.file(folder))),
  };
}

import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { RepositoryName } from "../bitbucket/site";
import { UserError, type Fix } from "../errors";
import type { Ports } from "../flows/ports";
import { VscodeRepository, findRepository, repositoryOfEditor } from "../git/vscodeRepository";
import { findGitApi, isVirtualWorkspace, type GitApi, type MissingGit } from "../git/vscodeGitApi";
import type { GetSetting } from "../settings";
import { askRepository } from "../ui/askRepository";
import type { Log } from "../ui/log";

/** What every command gets. Ports are made for each action, so that settings and git are as they are then. */
export interface CommandContext {
  readonly log: Log;
  createPorts(git: GitApi): Promise<Ports>;
  /** Runs an action that itself tells of a token that Bitbucket refuses, so that no notice does. */
  tellingOfRefusal<T>(repository: RepositoryName, action: () => Promise<T>): Promise<T>;
  /** Bitbucket has just taken a push to it. */
  onPushed(repository: RepositoryName): void;
}

/** The repository that an action is about, and all that its flow stands on. */
export interface Target {
  readonly git: GitApi;
  readonly ports: Ports;
  readonly local: VscodeRepository;
}

/** Throws Untrusted, GitMissing or NotARepository. */
export async function openTarget(context: CommandContext, folder: vscode.Uri | undefined): Promise<Target> {
  const git = await requireGit();
  const repository = await findRepository(git, folder);
  if (!repository) throw notARepository(folder);
  const local = new VscodeRepository(repository);
  // One that was opened a moment ago is not read yet, and would seem to have no branch to push.
  if (!repository.state.HEAD) await local.refresh();
  return { git, ports: await context.createPorts(git), local };
}

/**
 * As `openTarget`; without an argument, and where no open file says which of several repositories is meant, the person is
 * asked. Undefined where they go away.
 */
export async function askTarget(
  context: CommandContext,
  folder: vscode.Uri | undefined,
  untyped: unknown,
): Promise<Target | undefined> {
  const git = await requireGit();
  if (untyped !== undefined || git.repositories.length < 2 || repositoryOfEditor(git))
    return openTarget(context, folder);
  const root = await askRepository(git.repositories.map(({ rootUri }) => rootUri.fsPath));
  return root === undefined ? undefined : openTarget(context, vscode.Uri.file(root));
}

export async function requireGit(): Promise<GitApi> {
  const git = await findGitApi();
  if (typeof git !== "string") return git;
  throw missingGit(git);
}

export function settingsOf(folder: vscode.Uri | undefined): GetSetting {
  const configuration = vscode.workspace.getConfiguration("bitbucketConnect", folder ?? null);
  return (name) => configuration.get(name);
}

function missingGit(missing: MissingGit): UserError {
  switch (missing) {
    case "untrusted":
      return new UserError(
        "Untrusted",
        l10n.t("Git doesn't run in Restricted Mode. Trust this workspace, then connect."),
        {
          fixes: [
            {
              kind: "runCommand",
              title: l10n.t("Manage workspace trust"),
              command: "workbench.trust.manage",
            },
          ],
        },
      );
    case "disabled":
      return new UserError(
        "GitMissing",
        l10n.t("VS Code's Git is turned off. Turn on the setting git.enabled, or enable the Git extension."),
        {
          fixes: [
            {
              kind: "runCommand",
              title: l10n.t("Open settings"),
              command: "workbench.action.openSettings",
              args: ["git.enabled"],
            },
          ],
        },
      );
    case "virtual":
      return notOnDisk();
    case "notInstalled":
      return new UserError(
        "GitMissing",
        l10n.t("VS Code can't find Git on this computer. Install it, then reload the window."),
        { fixes: [{ kind: "openUrl", title: l10n.t("Download Git"), url: "https://git-scm.com/downloads" }] },
      );
    case "starting":
      return new UserError("GitMissing", l10n.t("VS Code's Git is still starting. Try again in a moment."), {
        fixes: [{ kind: "retry", title: l10n.t("Try again"), change: {} }],
      });
  }
}

function notARepository(folder: vscode.Uri | undefined): UserError {
  if (!folder && isVirtualWorkspace()) return notOnDisk();
  const hasFolder = folder !== undefined || (vscode.workspace.workspaceFolders ?? []).length > 0;
  return new UserError(
    "NotARepository",
    hasFolder
      ? l10n.t("This folder isn't a Git repository yet. Initialize it and commit, then connect.")
      : l10n.t("No folder is open. Open your repository's folder, then connect."),
    {
      field: "folder",
      fixes: [
        hasFolder
          ? { kind: "runCommand", title: l10n.t("Initialize repository"), command: "git.init" }
          : openFolderFix(),
      ],
    },
  );
}

export function notOnDisk(): UserError {
  return new UserError(
    "GitMissing",
    l10n.t("The open folder isn't on disk, and Git only works on disk. Open a folder on disk."),
    { fixes: [openFolderFix()] },
  );
}

export function openFolderFix(): Fix {
  return { kind: "runCommand", title: l10n.t("Open folder"), command: "workbench.action.files.openFolder" };
}

import * as vscode from "vscode";
import { tryParseAddress } from "../bitbucket/address";
import { accessTokensPage, apiTokensPage, createRepositoryPage, repositoryPage } from "../bitbucket/pages";
import { UserError } from "../errors";
import { connectRepository } from "../flows/connect/connectRepository";
import type { ConnectOutcome, ReportStep } from "../flows/connect/connectRequest";
import { keptTokenFor, listKeptTokens, noteRefusal } from "../flows/connect/keptTokens";
import { describeRepository } from "../flows/describeRepository";
import { findGitApi, onDidChangeGit } from "../git/vscodeGitApi";
import type { FormState, FormValues } from "../protocol/formMessages";
import { readGitAccess, readSite, readUseBotEmail } from "../settings";
import type { FormHost, FormSituation, FormSuccess } from "../ui/connect/formHost";
import { connectedMessage } from "./connectRepository";
import { requestFromForm } from "./connectRequests";
import { openTarget, settingsOf, type CommandContext } from "./context";
import { fetchSubmodulesOf } from "./submodules";
import { setContextKey } from "./contextKeys";

/** What the form knows and does: the repository that it is about, and connecting it. */
export class ConnectFormHost implements FormHost<ConnectOutcome> {
  constructor(
    private readonly context: CommandContext,
    private readonly folder: vscode.Uri | undefined,
    /** Once the form is there, it is what is active. */
    private readonly file = vscode.window.activeTextEditor?.document.uri,
  ) {}

  async describe(chosen: string | undefined): Promise<FormSituation> {
    try {
      const { git, ports, local } = await openTarget(this.context, await this.locate(chosen));
      const settings = settingsOf(vscode.Uri.file(local.root));
      const state: FormState = {
        ...(await describeRepository(ports, local)),
        ...ports.site,
        folders: git.repositories.map(({ rootUri }) => ({ path: rootUri.fsPath, name: nameOf(rootUri) })),
        folder: local.root,
        gitAccess: readGitAccess(settings),
        useBotEmail: readUseBotEmail(settings),
        keptTokens: (await listKeptTokens(ports)).map((one) => ({
          kind: one.kind,
          repositories: [...one.repositories],
          ...(one.workspaces && { workspaces: [...one.workspaces] }),
          ...(one.isBounded && { isBounded: true }),
          ...(one.refused && { refused: [...one.refused] }),
        })),
      };
      return { state };
    } catch (error) {
      if (error instanceof UserError) return { state: emptyState(), obstacle: error };
      throw error;
    }
  }

  /** The one chosen, while it is open; else the one asked for, or that of the file that was looked at. */
  private async locate(chosen: string | undefined): Promise<vscode.Uri | undefined> {
    const git = await findGitApi();
    if (typeof git === "string") return this.folder; // why there is none is told of it
    const open = git.repositories.find(({ rootUri }) => rootUri.fsPath === chosen)?.rootUri;
    if (open) return open;
    if (this.folder || this.file?.scheme !== "file") return this.folder;
    return git.getRepository(this.file)?.rootUri;
  }

  async connect(
    values: FormValues,
    secret: string,
    report: ReportStep,
    signal: AbortSignal,
  ): Promise<FormSuccess<ConnectOutcome> | undefined> {
    const { ports, local } = await openTarget(this.context, vscode.Uri.file(values.folder));
    const kept = secret === "" ? await keptTokenFor(ports, values.repository) : undefined;
    const request = requestFromForm(values, kept ?? secret, ports.site);
    const outcome = await connectRepository(ports, local, request, report, signal).catch(
      async (error: unknown) => {
        if (kept) await noteRefusal(ports, kept, request.repository, error);
        throw error;
      },
    );
    if (!outcome) return undefined;
    if (outcome.pushed) await setContextKey("hasPushed", true);
    const { gitAccess } = request;
    void fetchSubmodulesOf({ context: this.context, ports, root: local.root, gitAccess });
    const page = repositoryPage(ports.site, request.repository);
    return { outcome, message: connectedMessage(outcome), notes: outcome.notes, page };
  }

  /** Asked only for text that is an address; the form says so first. */
  tokenPage(repository: string, tokenKind: "access" | "api"): string {
    if (tokenKind === "api") return apiTokensPage;
    const site = readSite(settingsOf(this.folder));
    const address = tryParseAddress(repository, site);
    return address ? accessTokensPage(site, address.repository) : site.webUrl;
  }

  createPage(repository: string): string {
    const site = readSite(settingsOf(this.folder));
    return createRepositoryPage(site, tryParseAddress(repository, site)?.repository.workspace);
  }

  onDidChange(listener: () => void): vscode.Disposable {
    const listeners = [vscode.workspace.onDidGrantWorkspaceTrust(listener)];
    let isDisposed = false;
    const disposable = new vscode.Disposable(() => {
      isDisposed = true;
      for (const one of listeners.splice(0)) one.dispose();
    });
    void findGitApi().then((git) => {
      if (isDisposed) return;
      if (typeof git === "string") listeners.push(onDidChangeGit(listener));
      else listeners.push(git.onDidOpenRepository(listener), git.onDidCloseRepository(listener));
    });
    return disposable;
  }
}

function nameOf(root: vscode.Uri): string {
  return vscode.workspace.asRelativePath(root, true) || root.fsPath;
}

/** What there is to show where no repository can be connected. */
function emptyState(): FormState {
  return {
    webUrl: "https://bitbucket.org",
    apiUrl: "https://api.bitbucket.org/2.0",
    folders: [],
    folder: "",
    remotes: [],
    freeRemote: "origin",
    branches: [],
    gitAccess: "vscode",
    useBotEmail: true,
    hasCredentialHelper: false,
    keptTokens: [],
  };
}

import * as vscode from "vscode";
import type { RefusedTokens } from "../credentials/refusedTokens";
import type { GitApi, GitApiRepository } from "../git/vscodeGitApi";
import { findRepository } from "../git/vscodeRepository";
import { readExpiryReminderDays, readStatusBar } from "../settings";
import { toLook } from "../ui/push/pushButton";
import { StatusBar } from "../ui/push/statusBar";
import { StatusBarRefresh } from "../ui/push/statusBarRefresh";
import { settingsOf, type CommandContext } from "./context";
import { commandIds } from "./ids";
import { PushButtonStates } from "./pushButtonState";
import { whenGitIsThere } from "./whenGitIsThere";

/** For the menus: the active repository has a remote on Bitbucket. */
const contextKey = "bitbucketConnect.hasRemote";

/**
 * Keeps the push button true, by the git API's events alone: nothing is polled, no process runs. In Restricted Mode there
 * is no git, so there is no button.
 */
export function watchStatusBar(
  context: CommandContext,
  secrets: vscode.SecretStorage,
  refused: RefusedTokens,
): vscode.Disposable {
  return whenGitIsThere("status bar", context.log, (git, own) => {
    const watch = new StatusBarWatch(context, secrets, refused, git);
    own(
      new vscode.Disposable(() => {
        watch.dispose();
      }),
    );
  });
}

class StatusBarWatch {
  private readonly statusBar = new StatusBar(commandIds);
  private readonly states: PushButtonStates;
  private readonly disposables: { dispose(): unknown }[] = [this.statusBar];
  private readonly repositories = new Map<string, vscode.Disposable>();
  private readonly refresh: StatusBarRefresh;
  private hasRemote = false;
  private isDisposed = false;

  constructor(
    private readonly context: CommandContext,
    private readonly secrets: vscode.SecretStorage,
    private readonly refused: RefusedTokens,
    private readonly git: GitApi,
  ) {
    this.states = new PushButtonStates(refused);
    this.refresh = new StatusBarRefresh(
      () => this.update(),
      (error) => {
        context.log.bug("status bar", error);
      },
    );
    this.listen();
  }

  dispose(): void {
    this.isDisposed = true;
    this.refresh.dispose();
    for (const disposable of [...this.disposables, ...this.repositories.values()]) disposable.dispose();
  }

  private listen(): void {
    const { git } = this;
    const request = () => {
      this.refresh.request();
    };
    const forgetAndRequest = () => {
      this.states.forget();
      request();
    };
    this.disposables.push(
      git.onDidOpenRepository((repository) => {
        this.follow(repository, request);
      }),
      git.onDidCloseRepository((repository) => {
        this.unfollow(repository);
        request();
      }),
      vscode.window.onDidChangeActiveTextEditor(request),
      this.secrets.onDidChange(forgetAndRequest),
      this.refused.onDidChange(forgetAndRequest),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("bitbucketConnect")) forgetAndRequest();
      }),
    );
    for (const repository of git.repositories) this.follow(repository, request);
  }

  private follow(repository: GitApiRepository, request: () => void): void {
    if (this.isDisposed) return;
    this.unfollow(repository);
    const { state, ui } = repository;
    const listener = vscode.Disposable.from(state.onDidChange(request), ui.onDidChange(request));
    this.repositories.set(repository.rootUri.toString(), listener);
    request();
  }

  private unfollow(repository: GitApiRepository): void {
    const key = repository.rootUri.toString();
    this.repositories.get(key)?.dispose();
    this.repositories.delete(key);
  }

  private async update(): Promise<void> {
    const repository = await findRepository(this.git);
    const settings = settingsOf(repository?.rootUri);
    const state =
      repository && (await this.states.read(this.context.createPorts(this.git), repository, Date.now()));
    if (this.isDisposed) return;
    await this.tellMenus(state !== undefined);
    if (!repository || !state || !readStatusBar(settings)) {
      this.statusBar.hide();
      return;
    }
    this.statusBar.show(toLook(state, readExpiryReminderDays(settings)), repository.rootUri.fsPath);
  }

  private async tellMenus(hasRemote: boolean): Promise<void> {
    if (hasRemote === this.hasRemote) return;
    this.hasRemote = hasRemote;
    await vscode.commands.executeCommand("setContext", contextKey, hasRemote);
  }
}

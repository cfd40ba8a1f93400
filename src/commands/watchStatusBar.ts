import * as vscode from "vscode";
import type { BitbucketSite } from "../bitbucket/site";
import type { RefusedTokens } from "../credentials/refusedTokens";
import type { GitApi, GitApiRepository } from "../git/vscodeGitApi";
import { findRepository } from "../git/vscodeRepository";
import { readExpiryReminderDays, readStatusBar } from "../settings";
import { toLook } from "../ui/push/pushButton";
import { StatusBar } from "../ui/push/statusBar";
import type { Log } from "../ui/log";
import { StatusBarRefresh } from "../ui/push/statusBarRefresh";
import { settingsOf } from "./context";
import { commandIds } from "./ids";
import { PushButtonStates, type ButtonPorts } from "./pushButtonState";
import type { Own } from "./whenGitIsThere";

/** For the menus: the active repository has a remote on Bitbucket. */
const contextKey = "bitbucketConnect.hasRemote";

export interface Watched extends Pick<ButtonPorts, "tokens" | "connections"> {
  readonly site: () => BitbucketSite;
  readonly secrets: vscode.SecretStorage;
  readonly refused: RefusedTokens;
}

/** Keeps the push button true, by the git API's events alone: nothing is polled, no process runs. */
export function watchStatusBar(log: Log, watched: Watched, git: GitApi, own: Own): void {
  const watch = new StatusBarWatch(log, watched, git);
  own({
    dispose: () => {
      watch.dispose();
    },
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
    log: Log,
    private readonly watched: Watched,
    private readonly git: GitApi,
  ) {
    this.states = new PushButtonStates(watched.refused);
    this.refresh = new StatusBarRefresh(
      () => this.update(),
      (error) => {
        log.bug("status bar", error);
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
    const { secrets, refused } = this.watched;
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
      secrets.onDidChange(forgetAndRequest),
      refused.onDidChange(forgetAndRequest),
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
      repository &&
      (await this.states.read({ ...this.watched, site: this.watched.site() }, repository, Date.now()));
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

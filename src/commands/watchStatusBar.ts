import * as vscode from "vscode";
import type { BitbucketSite } from "../bitbucket/site";
import type { RefusedTokens } from "../credentials/refusedTokens";
import { OpenRemotes } from "../git/openRemotes";
import type { ReadRepository } from "../git/repository";
import type { GitApi, GitApiRepository } from "../git/vscodeGitApi";
import { findRepository } from "../git/vscodeRepository";
import { readExpiryReminderDays, readStatusBar } from "../settings";
import { toLook, withCounts, type PushButtonState } from "../ui/push/pushButton";
import { StatusBar } from "../ui/push/statusBar";
import type { Log } from "../ui/log";
import { StatusBarRefresh } from "../ui/push/statusBarRefresh";
import { settingsOf } from "./context";
import { setContextKey } from "./contextKeys";
import { commandIds } from "./ids";
import { MenuKeys } from "./menuKeys";
import { PushButtonStates, type ButtonPorts } from "./pushButtonState";
import { rootsOnBitbucket } from "./rootsOnBitbucket";
import type { Own } from "./whenGitIsThere";

export interface Watched extends Pick<ButtonPorts, "tokens" | "connections"> {
  readonly readRepository: (git: GitApi) => ReadRepository;
  readonly site: () => BitbucketSite;
  readonly secrets: vscode.SecretStorage;
  readonly refused: RefusedTokens;
}

/** Keeps the push button true by the events of the Git API: nothing is polled, and no process runs while nothing changes. */
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
  private readonly remotes: OpenRemotes;
  private readonly states: PushButtonStates;
  private readonly disposables: { dispose(): unknown }[] = [this.statusBar];
  private readonly repositories = new Map<string, vscode.Disposable>();
  private readonly refresh: StatusBarRefresh;
  private shown: { readonly folder: string; readonly state: PushButtonState } | undefined;
  private readonly menuKeys = new MenuKeys();
  private isConnected = false;
  private isDisposed = false;

  constructor(
    private readonly log: Log,
    private readonly watched: Watched,
    private readonly git: GitApi,
  ) {
    const readRepository = watched.readRepository(git);
    this.remotes = new OpenRemotes(readRepository);
    this.states = new PushButtonStates(watched.refused, this.remotes, readRepository);
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
      secrets.onDidChange(() => {
        forgetAndRequest();
        this.lookForToken();
      }),
      refused.onDidChange(forgetAndRequest),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("bitbucketConnect")) forgetAndRequest();
      }),
    );
    for (const repository of git.repositories) this.follow(repository, request);
    this.lookForToken();
  }

  private follow(repository: GitApiRepository, request: () => void): void {
    if (this.isDisposed) return;
    this.unfollow(repository);
    const { state, ui } = repository;
    const listener = vscode.Disposable.from(
      state.onDidChange(() => {
        this.showCounts(repository);
        request();
      }),
      ui.onDidChange(request),
    );
    this.repositories.set(repository.rootUri.toString(), listener);
    request();
  }

  private unfollow(repository: GitApiRepository): void {
    const key = repository.rootUri.toString();
    this.repositories.get(key)?.dispose();
    this.repositories.delete(key);
  }

  private async update(): Promise<void> {
    const site = this.watched.site();
    const repository = await findRepository(this.git);
    // A menu's row or file need not be of the active repository.
    const roots = await rootsOnBitbucket(this.remotes, this.git.repositories, site);
    const [state] = await Promise.all([
      repository && this.states.read({ ...this.watched, site }, repository, Date.now()),
      this.menuKeys.tell(
        this.git.repositories.map(({ rootUri }) => rootUri),
        roots,
      ),
    ]);
    if (this.isDisposed) return;
    if (state?.token) await this.tellWalkthrough();
    if (!repository || !state || !readStatusBar(settingsOf(repository.rootUri))) {
      this.shown = undefined;
      this.statusBar.hide();
      return;
    }
    // The counts may have changed while the rest was read.
    this.show(repository, withCounts(state, repository.state.HEAD) ?? state);
  }

  private show({ rootUri }: GitApiRepository, state: PushButtonState): void {
    const folder = rootUri.fsPath;
    this.shown = { folder, state };
    this.statusBar.show(toLook(state, readExpiryReminderDays(settingsOf(rootUri))), folder);
  }

  /** At once: the counts are in memory, and what is read from disk may take its time. */
  private showCounts(repository: GitApiRepository): void {
    if (this.shown?.folder !== repository.rootUri.fsPath) return;
    const state = withCounts(this.shown.state, repository.state.HEAD);
    if (state) this.show(repository, state);
  }

  private async tellWalkthrough(): Promise<void> {
    this.isConnected = true;
    await setContextKey("isConnected", true);
  }

  /** Whichever repository it is kept for: the one that was connected need not be the active one. */
  private lookForToken(): void {
    const look = async () => {
      await setContextKey("hasToken", (await this.watched.tokens.list()).length > 0);
      if (this.isConnected) return;
      const connected = await this.watched.tokens.repositories(this.watched.site());
      if (connected.length > 0) await this.tellWalkthrough();
    };
    look().catch((error: unknown) => {
      this.log.bug("walkthrough", error);
    });
  }
}

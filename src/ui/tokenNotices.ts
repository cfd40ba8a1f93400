import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";

/** What a notice's button leads to. */
export interface NoticeActions {
  replaceToken(repository: string): Thenable<unknown>;
  connectRepository(repository: string): Thenable<unknown>;
}

/**
 * What git's own work brings to light about a token: said once, however many operations fail at the same time, and
 * not again after it was dismissed, until the token is another.
 */
export class TokenNotices {
  private readonly said = new Set<string>();

  constructor(private readonly actions: NoticeActions) {}

  /** Bitbucket refused the token. */
  async refused(repository: string): Promise<void> {
    if (!this.isNew(repository)) return;
    const replace = l10n.t("Replace token");
    const chosen = await vscode.window.showWarningMessage(
      l10n.t(
        "Bitbucket refused the token for {0}: it is expired or revoked. Replace it to go on.",
        repository,
      ),
      replace,
    );
    if (chosen === replace) await this.actions.replaceToken(repository);
  }

  /** The editor did not keep the token over a restart. */
  async lost(repository: string): Promise<void> {
    if (!this.isNew(repository)) return;
    const connect = l10n.t("Connect repository");
    const chosen = await vscode.window.showWarningMessage(
      l10n.t(
        "VS Code did not keep the token for {0}: on this machine its secret storage does not outlive a restart. Connect again, or give the token in BITBUCKET_TOKEN.",
        repository,
      ),
      connect,
    );
    if (chosen === connect) await this.actions.connectRepository(repository);
  }

  /** A new token may be refused anew. */
  forget(repositories: readonly string[]): void {
    for (const repository of repositories) this.said.delete(repository.toLowerCase());
  }

  private isNew(repository: string): boolean {
    const key = repository.toLowerCase();
    const isNew = !this.said.has(key);
    this.said.add(key);
    return isNew;
  }
}

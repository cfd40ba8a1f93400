import * as l10n from "@vscode/l10n";
import { setTimeout as delay } from "node:timers/promises";
import { showError } from "../messages";

/** What a notice's button leads to. */
export interface NoticeActions {
  replaceToken(repository: string): Thenable<unknown>;
  connectRepository(repository: string): Thenable<unknown>;
}

/** git says that a token was refused before it ends, and what began it can tell only then. */
const actionTellsWithinMs = 1_000;

/**
 * What git's own work brings to light about a token: said once, however many operations fail at the same time, and not
 * again after it was dismissed.
 */
export class TokenNotices {
  private readonly lostOnes = new Set<string>();
  private readonly acting = new Map<string, number>();

  constructor(private readonly actions: NoticeActions) {}

  /** Runs an action on a repository that tells of a refused token itself, with more words than a notice has. */
  async during<T>(repository: string, action: () => Promise<T>): Promise<T> {
    const key = repository.toLowerCase();
    this.count(key, 1);
    try {
      return await action();
    } finally {
      setTimeout(() => {
        this.count(key, -1);
      }, actionTellsWithinMs);
    }
  }

  /**
   * Bitbucket refused a token for the first time. Git's own dialog of a failed pull or sync stands before it, and no API
   * takes that over, as one does for a push: so this is an error, which stays until it is answered.
   */
  async refused(repository: string): Promise<void> {
    if (this.isTold(repository)) return;
    await delay(actionTellsWithinMs);
    if (this.isTold(repository)) return;
    const replace = l10n.t("Replace token");
    const chosen = await showError(
      l10n.t("Bitbucket rejected the token for {0}: it's expired or revoked. Replace it.", repository),
      replace,
    );
    if (chosen === replace) await this.actions.replaceToken(repository);
  }

  /** The editor did not keep the token over a restart, or a window on another machine has forgotten it. */
  async lost(repository: string): Promise<void> {
    const key = repository.toLowerCase();
    if (this.lostOnes.has(key)) return;
    this.lostOnes.add(key);
    const connect = l10n.t("Connect repository");
    const chosen = await showError(
      l10n.t(
        "The token for {0} is no longer stored, because secrets don't outlive a restart here or another computer removed it. Connect again, or set BITBUCKET_TOKEN.",
        repository,
      ),
      connect,
    );
    if (chosen === connect) await this.actions.connectRepository(repository);
  }

  private isTold(repository: string): boolean {
    return this.acting.has(repository.toLowerCase());
  }

  private count(key: string, change: number): void {
    const count = (this.acting.get(key) ?? 0) + change;
    if (count > 0) this.acting.set(key, count);
    else this.acting.delete(key);
  }
}

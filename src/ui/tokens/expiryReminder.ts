import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { fullName, type RepositoryName } from "../../bitbucket/site";
import type { ExpiryReminder } from "../../flows/tokens/expiryReminder";
import { showWarning } from "../messages";
import { reminderMessage } from "./tokenManagerWords";

export interface ReminderActions {
  /** The reminder that is due, which counts as given once it is taken. */
  take(repository: RepositoryName): Promise<ExpiryReminder | undefined>;
  replaceToken(repository: string): Thenable<unknown>;
}

/**
 * Reminds of a token's expiry right after something the person did with this repository, such as a push: once for each
 * date. Both “Later” and closing it are answers.
 */
export async function remind(repository: RepositoryName, actions: ReminderActions): Promise<void> {
  const reminder = await actions.take(repository);
  if (!reminder) return;
  const replace = l10n.t("Replace token");
  const message = reminderMessage(reminder, vscode.env.language);
  const chosen = await showWarning(message, replace, l10n.t("Later"));
  if (chosen === replace) await actions.replaceToken(fullName(reminder.repository));
}

import * as vscode from "vscode";
import type { BitbucketSite, RepositoryName } from "../bitbucket/site";
import type { RefusedTokens } from "../credentials/refusedTokens";
import type { TokenStore } from "../credentials/tokenStore";
import { takeReminder } from "../flows/tokens/expiryReminder";
import { readExpiryReminderDays } from "../settings";
import { remind } from "../ui/tokens/expiryReminder";
import { settingsOf } from "./context";
import { setContextKey } from "./contextKeys";
import { runByHand } from "./runByHand";

export interface AfterPushParts {
  readonly site: () => BitbucketSite;
  readonly tokens: TokenStore;
  readonly refused: RefusedTokens;
  /** Outlives the window, and holds no secret. */
  readonly memory: vscode.Memento;
}

/** What a push that Bitbucket took tells of its token: it works, and how long it still does. */
export async function afterPush(parts: AfterPushParts, repository: RepositoryName): Promise<void> {
  const { tokens, refused, memory } = parts;
  const site = parts.site();
  await setContextKey("hasPushed", true);
  const token = await tokens.get(site, repository);
  if (token) refused.remove(token.secret);
  const reminderDays = readExpiryReminderDays(settingsOf(undefined));
  await remind(repository, {
    take: (name) => takeReminder({ site, tokens, memory, reminderDays, now: Date.now() }, name),
    replaceToken: (name) => runByHand("replaceToken", { repository: name }),
  });
}

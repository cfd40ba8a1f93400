import { toSite, type BitbucketSite } from "./bitbucket/site";
import type { GitAccess } from "./protocol/formMessages";

/** The one thing that reading settings needs: `workspace.getConfiguration("bitbucketConnect", folder).get`. */
export type GetSetting = (name: SettingName) => unknown;

/** Each has its description in package.json; a test compares. */
export const settingNames = [
  "webUrl",
  "apiUrl",
  "gitAccess",
  "useBotEmail",
  "statusBar",
  "expiryReminderDays",
] as const;
export type SettingName = (typeof settingNames)[number];

/** Throws where either address is not one that a token may travel to. */
export function readSite(get: GetSetting): BitbucketSite {
  return toSite(
    text(get("webUrl"), "https://bitbucket.org"),
    text(get("apiUrl"), "https://api.bitbucket.org/2.0"),
  );
}

export function readGitAccess(get: GetSetting): GitAccess {
  const value = get("gitAccess");
  return value === "credentialHelper" || value === "remoteUrl" ? value : "vscode";
}

export function readUseBotEmail(get: GetSetting): boolean {
  return get("useBotEmail") !== false;
}

export function readStatusBar(get: GetSetting): boolean {
  return get("statusBar") !== false;
}

export function readExpiryReminderDays(get: GetSetting): number {
  const days = get("expiryReminderDays");
  return typeof days === "number" && days >= 0 ? days : 14;
}

function text(value: unknown, fallback: string): string {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : fallback;
}

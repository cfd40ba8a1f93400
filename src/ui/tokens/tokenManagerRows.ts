import * as l10n from "@vscode/l10n";
import { fullName } from "../../bitbucket/site";
import { inSentence } from "../../inSentence";
import type { CheckOutcome, RepositoryCheck, TokenCheck } from "../../flows/tokens/checkKeptToken";
import type { TokenDescription } from "../../flows/tokens/describeTokens";
import type { TokenPlace } from "../../flows/tokens/tokenPlaces";
import { expiryWords, listNames, momentWords, outcomeWords, tokenName } from "./tokenManagerWords";

/** A row of a quick pick. The icon's meaning always stands in the description's words too. */
export interface TokenManagerRow {
  readonly icon: string;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

export interface TokenRow extends TokenManagerRow {
  readonly token: TokenDescription;
}

export type TokenAction = "check" | "replace" | "where" | "setExpiry" | "openPage" | "forget";

export interface ActionRow extends TokenManagerRow {
  readonly action: TokenAction;
}

/** What rows are made with, besides the tokens. */
export interface RowContext {
  /** What Bitbucket said since the window opened, by the tokens' ids. */
  readonly checks: ReadonlyMap<string, TokenCheck>;
  readonly reminderDays: number;
  readonly language: string;
}

export function toTokenRow(token: TokenDescription, context: RowContext): TokenRow {
  const check = context.checks.get(token.id);
  const scopes = token.scopes.length > 0 ? token.scopes.join(", ") : l10n.t("scopes unknown");
  const used =
    token.repositories.length > 0
      ? listNames(token.repositories)
      : (token.workspaces.length > 0 && inSentence(token.workspaces)) ||
        l10n.t("not used by a repository here");
  return {
    token,
    icon: iconOf(token, check, context.reminderDays),
    label: tokenName(token),
    description: stateWords(token, check, context.language),
    detail: `${used} · ${scopes}`,
  };
}

function stateWords(token: TokenDescription, check: TokenCheck | undefined, language: string): string {
  const outcome = worstOf(check);
  const isTold = token.isRefused || (outcome !== undefined && outcome !== "reads" && outcome !== "pushes");
  return [
    ...(token.source === "environment" ? [placeVariable(token.places)] : []),
    ...(token.isElsewhere ? [l10n.t("for {0}", new URL(token.webUrl).host)] : []),
    ...(isTold ? [token.isRefused ? outcomeWords("refused") : outcomeWords(outcome ?? "unclear")] : []),
    ...(token.source === "environment" ? [] : [expiryWords(token, language)]),
  ].join(" · ");
}

function placeVariable(places: readonly TokenPlace[]): string {
  const place = places.find((one) => one.kind === "environment" || one.kind === "environmentFile");
  return l10n.t("from {0}", place?.variable ?? "BITBUCKET_TOKEN");
}

function iconOf(token: TokenDescription, check: TokenCheck | undefined, reminderDays: number): string {
  const outcome = worstOf(check);
  if (token.isRefused || outcome === "refused" || (token.daysLeft ?? 0) < 0) return "error";
  if (outcome !== undefined && iconOfOutcome(outcome) !== "pass") return "warning";
  if (token.daysLeft !== undefined && token.daysLeft <= reminderDays) return "warning";
  return outcome === undefined ? "key" : "pass";
}

const byUrgency: readonly CheckOutcome[] = [
  ...(["refused", "lacksScope", "gone", "unclear", "limited", "offline"] as const),
  ...(["reads", "pushes"] as const),
];

function worstOf(check: TokenCheck | undefined): CheckOutcome | undefined {
  return byUrgency.find((outcome) => check?.checks.some((one) => one.outcome === outcome));
}

function iconOfOutcome(outcome: CheckOutcome): string {
  if (outcome === "reads" || outcome === "pushes") return "pass";
  return outcome === "refused" || outcome === "gone" ? "error" : "warning";
}

/** What can be done with it: a token of the environment is changed where it is set. */
export function toActionRows(token: TokenDescription, context: RowContext): readonly ActionRow[] {
  const check = context.checks.get(token.id);
  const names = listNames(token.repositories);
  const where: ActionRow = { action: "where", icon: "lock", label: l10n.t("Where it's stored") };
  const openPage: ActionRow = {
    action: "openPage",
    icon: "link-external",
    label: l10n.t("Open token page"),
  };
  const checkNow: ActionRow = {
    action: "check",
    icon: "sync",
    label: l10n.t("Check now"),
    description: checkedWords(check, context.language),
  };
  const forget: ActionRow = {
    action: "forget",
    icon: "trash",
    label: l10n.t("Remove token"),
    ...(token.repositories.length > 0 && { description: l10n.t("Git then asks for a password: {0}", names) }),
  };
  if (token.isElsewhere) return [where, forget];
  const hasPage = token.kind === "api" || token.workspaces.length > 0;
  if (token.source === "environment") {
    const hasAsked = token.repositories.length > 0 ? [checkNow] : [];
    return [...hasAsked, where, ...(hasPage ? [openPage] : [])];
  }
  return [
    checkNow,
    { action: "replace", icon: "refresh", label: l10n.t("Replace token") },
    where,
    {
      action: "setExpiry",
      icon: "calendar",
      label: l10n.t("Set expiry"),
      description: expiryWords(token, context.language),
    },
    ...(hasPage ? [openPage] : []),
    forget,
  ];
}

export function checkedWords(check: TokenCheck | undefined, language: string): string {
  return check
    ? l10n.t("last checked {0}", momentWords(check.checkedAt, language))
    : l10n.t("not checked since VS Code started");
}

export function toCheckRow({ repository, outcome, message }: RepositoryCheck): TokenManagerRow {
  const row = {
    icon: iconOfOutcome(outcome),
    label: fullName(repository),
    description: outcomeWords(outcome),
  };
  return message === undefined ? row : { ...row, detail: message };
}

import * as l10n from "@vscode/l10n";
import type { TokenDescription } from "../../flows/tokens/describeTokens";
import type { TokenManagerRow } from "./tokenManagerRows";
import { dayWords } from "./tokenManagerWords";

/** An expiry to write down; `date` asks for it. */
export interface ExpiryRow extends TokenManagerRow {
  readonly choice: { readonly kind: "day"; readonly expires: string | undefined } | { readonly kind: "date" };
}

/** The lifetimes that Bitbucket's page offers, in days: a token's life began about when it was saved here. */
const lifetimes = [90, 180, 365];

export function toExpiryRows(token: TokenDescription, language: string): readonly ExpiryRow[] {
  const start = token.savedAt ?? new Date();
  const days = lifetimes.map((count): ExpiryRow => {
    const expires = isoDateAfter(start, count);
    return {
      choice: { kind: "day", expires },
      icon: "calendar",
      label: l10n.t("{0} days", count),
      description: l10n.t("until {0}, counted from the day it was saved", dayWords(expires, language)),
    };
  });
  return [
    ...days,
    { choice: { kind: "date" }, icon: "edit", label: l10n.t("On a date…") },
    {
      choice: { kind: "day", expires: undefined },
      icon: "circle-slash",
      label: l10n.t("Unknown or never"),
    },
  ];
}

/** In local time: a person counts days by the own calendar. */
function isoDateAfter(start: Date, days: number): string {
  const date = new Date(Date.UTC(start.getFullYear(), start.getMonth(), start.getDate() + days));
  return date.toISOString().slice(0, 10);
}

/** What is wrong with a typed date, in words; undefined where it is one. */
export function dateProblem(text: string): string | undefined {
  const date = new Date(`${text.trim()}T00:00:00Z`);
  const isDate = !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text.trim();
  return isDate ? undefined : l10n.t("Enter a date, such as 2027-05-31.");
}

import * as l10n from "@vscode/l10n";
import { accessTokensPage, apiTokensPage } from "../../bitbucket/pages";
import { fullName, type BitbucketSite, type RepositoryName } from "../../bitbucket/site";
import type { AddedToken } from "../../flows/tokens/addToken";
import type { CheckOutcome } from "../../flows/tokens/checkKeptToken";
import { scopeTitles, type TokenDescription } from "../../flows/tokens/describeTokens";
import type { ExpiryReminder } from "../../flows/tokens/expiryReminder";
import type { ForgetOutcome } from "../../flows/tokens/forgetToken";
import { inSentence } from "../../inSentence";

/** A row names so many repositories, and a dialog so many: longer ones would be cut off. */
const namesInRow = 3;
const namesInDialog = 20;

type Named = Pick<TokenDescription, "kind" | "account" | "repositories" | "workspaces" | "source">;

/** By its kind and reach: no part of a token is ever shown. */
export function tokenName(token: Named): string {
  const { kind, account, repositories, workspaces, source } = token;
  if (kind === "api")
    return account === undefined ? l10n.t("API token") : l10n.t("API token of {0}", account);
  if (source === "environment") return l10n.t("Access token from the environment");
  switch (kind) {
    case "repository":
      return repositories.length === 0
        ? l10n.t("Repository access token")
        : l10n.t("Repository access token for {0}", listNames(repositories));
    case "project":
      return workspaces.length === 0
        ? l10n.t("Project access token")
        : l10n.t("Project access token in {0}", inSentence(workspaces));
    case "workspace":
      return workspaces.length === 0
        ? l10n.t("Workspace access token")
        : l10n.t("Workspace access token for {0}", inSentence(workspaces));
  }
}

export function tokenReach({ kind, workspaces, source }: TokenDescription): string {
  if (kind === "api" && workspaces.length === 0)
    return l10n.t("Has access to the repositories that its account has access to.");
  if (kind === "api") return l10n.t("Has access to repositories in {0}.", inSentence(workspaces));
  if (source === "environment") return l10n.t("Used for every repository without its own token.");
  switch (kind) {
    case "repository":
      return l10n.t("Has access to this repository only.");
    case "project":
      return l10n.t("Has access to the repositories of one project in {0}.", inSentence(workspaces));
    case "workspace":
      return l10n.t("Has access to all repositories in {0}.", inSentence(workspaces));
  }
}

export function listNames(repositories: readonly RepositoryName[], limit = namesInRow): string {
  const more = repositories.length - limit;
  const names = repositories.slice(0, limit).map(fullName);
  return inSentence(more > 0 ? [...names, l10n.t("{0} more", more)] : names);
}

/** `language` is the editor's, as `en` or `pt-br`. */
export function expiryWords(
  { expires, daysLeft }: Pick<TokenDescription, "expires" | "daysLeft">,
  language: string,
): string {
  if (expires === undefined || daysLeft === undefined) return l10n.t("expiry unknown");
  if (daysLeft < 0) return l10n.t("expired on {0}", dayWords(expires, language));
  if (daysLeft === 0) return l10n.t("expires today");
  return daysLeft === 1 ? l10n.t("expires tomorrow") : l10n.t("expires in {0} days", daysLeft);
}

/** From an ISO date, which is a day wherever one is. */
export function dayWords(isoDate: string, language: string): string {
  return new Date(`${isoDate}T00:00:00Z`).toLocaleDateString(language, {
    dateStyle: "medium",
    timeZone: "UTC",
  });
}

export function momentWords(moment: Date, language: string): string {
  return moment.toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
}

export function outcomeWords(outcome: CheckOutcome): string {
  switch (outcome) {
    case "pushes":
      return l10n.t("works, pull and push");
    case "reads":
      return l10n.t("works, pull only");
    case "refused":
      return l10n.t("rejected by Bitbucket");
    case "lacksScope":
      return l10n.t("lacks a scope");
    case "gone":
      return l10n.t("repository missing or not accessible");
    case "offline":
      return l10n.t("Bitbucket can't be reached");
    case "limited":
      return l10n.t("Bitbucket's rate limit is reached");
    case "unclear":
      return l10n.t("no clear answer");
  }
}

/** What a token that was just added may do, and for whom. */
export function addedMessage(added: AddedToken): string {
  const stored = l10n.t("Stored: {0}.", tokenName({ ...added, source: "stored" }));
  const scopes = scopeTitles(added.scopes);
  const sentences = [stored];
  if (scopes.length > 0) sentences.push(l10n.t("Scopes: {0}.", scopes.join(", ")));
  if (added.kind === "api" && added.workspaces.length > 0)
    sentences.push(l10n.t("Workspaces: {0}.", inSentence(added.workspaces)));
  return sentences.join(" ");
}

export interface Question {
  readonly message: string;
  readonly detail: string;
}

/** `hasOther`: the environment has a token that then serves these repositories. */
export function forgetQuestion(token: TokenDescription, hasOther: boolean): Question {
  const names = listNames(token.repositories, namesInDialog);
  const isUsed = token.folders.length > 0 || !token.isAdded;
  const lines = !isUsed
    ? []
    : [
        hasOther
          ? l10n.t("Git then uses the token from the environment for: {0}.", names)
          : l10n.t("Git can no longer sign in, and asks for a password, for: {0}.", names),
      ];
  const isIn = (kind: string) => token.places.some((place) => place.kind === kind);
  if (isIn("ownHelper")) lines.push(l10n.t("Git's own credential helper removes it too."));
  if (isIn("configFile")) lines.push(l10n.t("It's removed from the remote's URL in .git/config."));
  lines.push(l10n.t("It stays valid on Bitbucket until you revoke it there."));
  return { message: l10n.t("Remove “{0}”?", tokenName(token)), detail: lines.join("\n\n") };
}

export function forgottenMessage(outcome: ForgetOutcome): string {
  const { isForgotten, repositories, leftIn, notReached } = outcome;
  if (!isForgotten) return l10n.t("Nothing was removed because the token has since been replaced.");
  const sentences = [
    repositories.length === 0
      ? l10n.t("Removed the token.")
      : l10n.t("Removed the token for {0}.", listNames(repositories, namesInDialog)),
  ];
  if (leftIn.length > 0)
    sentences.push(
      l10n.t(
        "A URL that this extension didn't set still contains it, in .git/config of {0}. Remove it there, and revoke it on Bitbucket.",
        inSentence(leftIn),
      ),
    );
  if (notReached.length > 0) sentences.push(notReachedWords(notReached));
  return sentences.join(" ");
}

function notReachedWords(folders: readonly string[]): string {
  return folders.length === 1
    ? l10n.t(
        "{0} doesn't exist now. If it returns, its .git/config may contain the token: revoke it on Bitbucket.",
        inSentence(folders),
      )
    : l10n.t(
        "{0} don't exist now. If they return, their .git/config may contain the token: revoke it on Bitbucket.",
        inSentence(folders),
      );
}

export function reminderMessage(reminder: ExpiryReminder, language: string): string {
  const { repository, others, expires, daysLeft } = reminder;
  const name = fullName(repository);
  const whose = others === 0 ? name : l10n.t("{0} (and {1} more)", name, others);
  const day = dayWords(expires, language);
  if (daysLeft < 0) return l10n.t("The token for {0} expired on {1}. Replace it to push.", whose, day);
  if (daysLeft === 0)
    return l10n.t("The token for {0} expires today. Replace it before it stops working.", whose);
  return daysLeft === 1
    ? l10n.t("The token for {0} expires tomorrow. Replace it in time.", whose)
    : l10n.t("The token for {0} expires in {1} days, on {2}. Replace it in time.", whose, daysLeft, day);
}

/** Where it is rotated or revoked; undefined where there is no repository to know the page by. */
export function tokenPage(
  site: BitbucketSite,
  { kind, repositories, workspaces }: TokenDescription,
): string | undefined {
  if (kind === "api") return apiTokensPage;
  const [workspace] = workspaces;
  if (workspace === undefined) return undefined;
  // The page of a project's tokens is known by the project's key, which a token doesn't tell.
  if (kind === "project") return `${site.webUrl}/${workspace}/workspace/projects`;
  if (kind === "workspace") return `${site.webUrl}/${workspace}/workspace/settings/access-tokens`;
  const [first] = repositories;
  return first && accessTokensPage(site, first);
}

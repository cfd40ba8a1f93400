import * as l10n from "@vscode/l10n";
import { fullName } from "../../bitbucket/site";
import type { TokenDescription } from "../../flows/tokens/describeTokens";
import type { ConnectedFolder, TokenPlace } from "../../flows/tokens/tokenPlaces";
import { checkedWords, type RowContext } from "./tokenManagerRows";
import { expiryWords, momentWords, tokenName, tokenReach, type Question } from "./tokenManagerWords";

const foldersShown = 12;

/** All that a person may ask about a token: where it is, what it is for, what uses it (P15). */
export function whereIsIt(token: TokenDescription, context: RowContext): Question {
  const { language, checks } = context;
  const { places } = token;
  const isOnlyInStorage = places.length === 1 && places[0]?.kind === "secretStorage";
  const scopes =
    token.scopes.length > 0
      ? l10n.t("Scopes: {0}.", token.scopes.join(", "))
      : l10n.t("Scopes: Bitbucket didn't say.");
  const saved = token.savedAt ? [l10n.t("Saved {0}", momentWords(token.savedAt, language))] : [];
  const facts = [...saved, expiryWords(token, language), checkedWords(checks.get(token.id), language)];
  const blocks = [
    isOnlyInStorage ? [l10n.t("Stored only in VS Code's secret storage.")] : places.map(placeWords),
    [tokenReach(token), scopes, `${facts.join(", ")}.`],
    foldersInLines(token.folders),
  ];
  const detail = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return { message: tokenName(token), detail: detail.join("\n\n") };
}

/** The first of them, and how many more there are. */
function foldersInLines(folders: readonly ConnectedFolder[]): readonly string[] {
  const more = folders.length - foldersShown;
  const lines = folders.slice(0, foldersShown).map(folderWords);
  return more > 0 ? [...lines, l10n.t("and {0} more", more)] : lines;
}

function placeWords(place: TokenPlace): string {
  switch (place.kind) {
    case "secretStorage":
      return l10n.t("Stored in VS Code's secret storage.");
    case "ownHelper":
      return l10n.t("Also stored by Git's own credential helper, as you chose.");
    case "configFile":
      return l10n.t(
        "Also in plain text in .git/config of {0}: anyone who can read that file can use it.",
        place.folder,
      );
    case "environment":
      return l10n.t("Read from the environment variable {0} at each use, and not stored.", place.variable);
    case "environmentFile":
      return l10n.t("Read at each use from the file in {0}, and not stored: {1}", place.variable, place.file);
  }
}

function folderWords({ folder, repository, gitAccess, isGone }: ConnectedFolder): string {
  const name = fullName(repository);
  if (isGone) return l10n.t("{0} in {1}: the folder doesn't exist now.", name, folder);
  switch (gitAccess) {
    case "vscode":
      return l10n.t("{0} in {1}: Git gets it from VS Code while VS Code runs.", name, folder);
    case "credentialHelper":
      return l10n.t("{0} in {1}: Git gets it from its own credential helper.", name, folder);
    case "remoteUrl":
      return l10n.t("{0} in {1}: Git reads it from the remote's URL.", name, folder);
  }
}

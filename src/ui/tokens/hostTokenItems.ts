import * as l10n from "@vscode/l10n";
import { fullName, type RepositoryName } from "../../bitbucket/site";

/** A token by what it is stored for; the token of the environment by nothing. */
export interface Candidate {
  readonly repositories: readonly RepositoryName[];
}

export interface HostTokenItem<C extends Candidate> {
  readonly label: string;
  readonly description?: string;
  /** None: VS Code asks on, as it would without us. */
  readonly candidate: C | undefined;
}

/** By what they are kept for, since git doesn't say which repository it is about; last, none of them. */
export function toHostTokenItems<C extends Candidate>(candidates: readonly C[]): readonly HostTokenItem<C>[] {
  const items = candidates.map((candidate) => ({ label: nameOf(candidate), candidate }));
  const otherwise = {
    label: l10n.t("Sign in otherwise"),
    description: l10n.t("VS Code asks for a user name and a password"),
    candidate: undefined,
  };
  return [...items, otherwise];
}

function nameOf({ repositories }: Candidate): string {
  return repositories.length === 0
    ? l10n.t("Access token of the environment")
    : repositories.map(fullName).join(", ");
}

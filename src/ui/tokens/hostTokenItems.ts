import * as l10n from "@vscode/l10n";
import { fullName, type RepositoryName } from "../../bitbucket/site";
import type { TokenKind } from "../../bitbucket/token";
import { tokenName } from "./tokenManagerWords";

/** A token by what it is stored for; one that is stored for no repository by its kind and where it works. */
export interface Candidate {
  readonly source: "stored" | "environment";
  readonly token: { readonly kind: TokenKind; readonly account?: string | undefined };
  readonly repositories: readonly RepositoryName[];
  readonly reach: { readonly workspaces: readonly string[] };
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
    label: l10n.t("Sign in another way"),
    description: l10n.t("VS Code asks for a user name and password"),
    candidate: undefined,
  };
  return [...items, otherwise];
}

function nameOf({ source, token, repositories, reach }: Candidate): string {
  if (repositories.length > 0) return repositories.map(fullName).join(", ");
  const { kind, account } = token;
  return tokenName({ source, kind, account, repositories, workspaces: reach.workspaces });
}

import * as l10n from "@vscode/l10n";
import type { ScopeId } from "./scopeCatalogue";

/** Something that a person wants a token for, with the least scopes it takes. */
export interface Purpose {
  readonly id: string;
  readonly label: () => string;
  readonly scopes: readonly ScopeId[];
}

export const purposes: readonly Purpose[] = [
  { id: "push", label: () => l10n.t("Clone and push"), scopes: ["repository", "repository:write"] },
  { id: "pullRequests", label: () => l10n.t("Pull requests"), scopes: ["pullrequest:write"] },
];

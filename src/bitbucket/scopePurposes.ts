import * as l10n from "@vscode/l10n";
import type { ScopeId } from "./scopeCatalogue";

/** Something that a person wants to do, with the least scopes it takes. */
export interface Purpose {
  readonly id: string;
  readonly label: () => string;
  readonly scopes: readonly ScopeId[];
}

export const purposes = [
  { id: "pull", label: () => l10n.t("Clone and pull"), scopes: ["repository"] },
  { id: "push", label: () => l10n.t("Push"), scopes: ["repository:write"] },
  { id: "readPullRequests", label: () => l10n.t("See pull requests"), scopes: ["pullrequest"] },
  { id: "commentOnPullRequests", label: () => l10n.t("Comment on pull requests"), scopes: ["pullrequest"] },
  {
    id: "createPullRequests",
    label: () => l10n.t("Create and merge pull requests"),
    scopes: ["pullrequest:write"],
  },
  { id: "seePipelines", label: () => l10n.t("See pipelines"), scopes: ["pipeline"] },
  { id: "runPipelines", label: () => l10n.t("Run pipelines"), scopes: ["pipeline:write"] },
  { id: "editVariables", label: () => l10n.t("Edit pipeline variables"), scopes: ["pipeline:variable"] },
  { id: "webhooks", label: () => l10n.t("Manage webhooks"), scopes: ["repository", "webhook"] },
  { id: "seeRunners", label: () => l10n.t("See runners"), scopes: ["runner"] },
  { id: "manageRunners", label: () => l10n.t("Manage runners"), scopes: ["runner:write"] },
  { id: "createRepository", label: () => l10n.t("Create repositories"), scopes: ["repository:admin"] },
  { id: "deleteRepository", label: () => l10n.t("Delete repositories"), scopes: ["repository:delete"] },
  { id: "seeProjects", label: () => l10n.t("See projects"), scopes: ["project"] },
  { id: "manageProjects", label: () => l10n.t("Manage projects"), scopes: ["project:admin"] },
] as const satisfies readonly Purpose[];

import * as l10n from "@vscode/l10n";
import type { TokenKind } from "./token";

/** An access token's scope, by Bitbucket's name for it. */
export type ScopeId =
  | "repository"
  | "repository:write"
  | "repository:admin"
  | "repository:delete"
  | "pullrequest"
  | "pullrequest:write"
  | "webhook"
  | "pipeline"
  | "pipeline:write"
  | "pipeline:variable"
  | "runner"
  | "runner:write"
  | "project"
  | "project:admin"
  | "account";

/** One tick box of Bitbucket's token page. Words are functions: translations load after this module. */
export interface Scope {
  readonly id: ScopeId;
  /** As Bitbucket's page has it: `Repositories: Write`. */
  readonly label: () => string;
  /** What an API token needs for the same; there, no scope implies another. */
  readonly apiScopes: readonly string[];
  /** Scopes of an access token that come with this one. */
  readonly implies: readonly ScopeId[];
  readonly kinds: readonly TokenKind[];
  readonly gives: () => string;
  readonly givesNot: () => string | undefined;
}

const everyKind: readonly TokenKind[] = ["repository", "project", "workspace", "api"];
const nothing = () => undefined;

/** https://developer.atlassian.com/cloud/bitbucket/rest/intro/#authentication */
export const scopes: readonly Scope[] = [
  {
    id: "repository",
    label: () => l10n.t("Repositories: Read"),
    apiScopes: ["read:repository:bitbucket"],
    implies: [],
    kinds: everyKind,
    gives: () => l10n.t("Clone, pull and fetch; read files and branches."),
    givesNot: () => l10n.t("Can't push or access pull requests."),
  },
  {
    id: "repository:write",
    label: () => l10n.t("Repositories: Write"),
    apiScopes: ["read:repository:bitbucket", "write:repository:bitbucket"],
    implies: ["repository"],
    kinds: everyKind,
    gives: () => l10n.t("Push and fork, in addition to everything in Read."),
    givesNot: () => l10n.t("Can't access pull requests."),
  },
  {
    id: "repository:admin",
    label: () => l10n.t("Repositories: Admin"),
    apiScopes: ["admin:repository:bitbucket"],
    implies: [],
    kinds: everyKind,
    gives: () =>
      l10n.t("Create repositories; change their settings, branch restrictions and default reviewers."),
    givesNot: () => l10n.t("Can't clone, pull or push: select Read or Write for those."),
  },
  {
    id: "repository:delete",
    label: () => l10n.t("Repositories: Delete"),
    apiScopes: ["delete:repository:bitbucket"],
    implies: [],
    kinds: everyKind,
    gives: () => l10n.t("Delete repositories."),
    givesNot: () => l10n.t("Can't clone, pull or push."),
  },
  {
    id: "pullrequest",
    label: () => l10n.t("Pull requests: Read"),
    apiScopes: ["read:pullrequest:bitbucket"],
    implies: ["repository"],
    kinds: everyKind,
    gives: () => l10n.t("See pull requests and comment on them."),
    givesNot: () => l10n.t("Can't create, approve or merge pull requests."),
  },
  {
    id: "pullrequest:write",
    label: () => l10n.t("Pull requests: Write"),
    apiScopes: ["read:pullrequest:bitbucket", "write:pullrequest:bitbucket"],
    implies: ["pullrequest", "repository:write"],
    kinds: everyKind,
    gives: () => l10n.t("Create, approve, decline and merge pull requests."),
    givesNot: () => l10n.t("An API token can't push with it: select Repositories: Write for that."),
  },
  {
    id: "webhook",
    label: () => l10n.t("Webhooks: Read and write"),
    apiScopes: ["read:webhook:bitbucket", "write:webhook:bitbucket", "delete:webhook:bitbucket"],
    implies: [],
    kinds: everyKind,
    gives: () => l10n.t("See, create, change and delete webhooks."),
    givesNot: () => l10n.t("Creating one also requires the scope that reads what it reports."),
  },
  {
    id: "pipeline",
    label: () => l10n.t("Pipelines: Read"),
    apiScopes: ["read:pipeline:bitbucket"],
    implies: [],
    kinds: everyKind,
    gives: () => l10n.t("See pipelines, their steps, logs and deployments."),
    givesNot: () => l10n.t("Can't start or stop pipelines."),
  },
  {
    id: "pipeline:write",
    label: () => l10n.t("Pipelines: Write"),
    apiScopes: ["read:pipeline:bitbucket", "write:pipeline:bitbucket"],
    implies: ["pipeline"],
    kinds: everyKind,
    gives: () => l10n.t("Start, stop and run pipelines again."),
    givesNot: () => l10n.t("Can't change variables. A push starts its pipeline without this."),
  },
  {
    id: "pipeline:variable",
    label: () => l10n.t("Pipelines: Edit variables"),
    apiScopes: ["read:pipeline:bitbucket", "admin:pipeline:bitbucket"],
    implies: ["pipeline"],
    kinds: everyKind,
    gives: () => l10n.t("Create and change the variables of pipelines and deployments."),
    givesNot: nothing,
  },
  {
    id: "runner",
    label: () => l10n.t("Runners: Read"),
    apiScopes: ["read:runner:bitbucket"],
    implies: [],
    kinds: everyKind,
    gives: () => l10n.t("See the runners that pipelines use."),
    givesNot: nothing,
  },
  {
    id: "runner:write",
    label: () => l10n.t("Runners: Write"),
    apiScopes: ["read:runner:bitbucket", "write:runner:bitbucket"],
    implies: ["runner"],
    kinds: everyKind,
    gives: () => l10n.t("Create, change and delete runners."),
    givesNot: nothing,
  },
  {
    id: "project",
    label: () => l10n.t("Projects: Read"),
    apiScopes: ["read:project:bitbucket"],
    implies: ["repository"],
    kinds: ["project", "workspace", "api"],
    gives: () => l10n.t("See projects and read their repositories."),
    givesNot: () => l10n.t("An API token can't read repositories with it."),
  },
  {
    id: "project:admin",
    label: () => l10n.t("Projects: Admin"),
    apiScopes: ["admin:project:bitbucket"],
    implies: [],
    kinds: ["workspace", "api"],
    gives: () => l10n.t("Create, change and delete projects."),
    givesNot: () => l10n.t("Can't access their repositories."),
  },
  {
    id: "account",
    label: () => l10n.t("Account: Read"),
    apiScopes: ["read:user:bitbucket", "read:workspace:bitbucket"],
    implies: [],
    kinds: ["workspace", "api"],
    gives: () => l10n.t("See the workspace's members and projects, or who you are."),
    givesNot: () => l10n.t("Can't access repositories."),
  },
];

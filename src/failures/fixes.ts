import * as l10n from "@vscode/l10n";
import { accessTokensPage, apiTokensPage, permissionsPage, planPage } from "../bitbucket/pages";
import { fullName, type BitbucketSite, type RepositoryName } from "../bitbucket/site";
import type { Fix } from "../errors";

/** Whose request was refused: enough to name it and to lead to the page that ends it. */
export interface RefusalContext {
  readonly site: BitbucketSite;
  readonly repository: RepositoryName;
  readonly tokenPage: "access" | "api";
}

/** The buttons of failures, each worded once. */
export function tryAgain(): Fix {
  return { kind: "retry", title: l10n.t("Try again"), change: {} };
}

export function openTokenPage({ site, repository, tokenPage }: RefusalContext): Fix {
  const url = tokenPage === "api" ? apiTokensPage : accessTokensPage(site, repository);
  return { kind: "openUrl", title: l10n.t("Open token page"), url };
}

export function openPlan(site: BitbucketSite, workspace: string): Fix {
  return { kind: "openUrl", title: l10n.t("Open plan"), url: planPage(site, workspace) };
}

export function openPermissions(site: BitbucketSite, repository: RepositoryName): Fix {
  return { kind: "openUrl", title: l10n.t("Open permissions"), url: permissionsPage(site, repository) };
}

export function readHow(url: string): Fix {
  return { kind: "openUrl", title: l10n.t("Learn more"), url };
}

export function connectRepository(argument: Readonly<Record<string, unknown>> = {}): Fix {
  return {
    kind: "runCommand",
    title: l10n.t("Connect repository"),
    command: "bitbucketConnect.connectRepository",
    ...(Object.keys(argument).length > 0 && { args: [argument] }),
  };
}

/** What failed is done once more with the new token. */
export function replaceToken(repository: RepositoryName): Fix {
  return {
    kind: "runCommand",
    title: l10n.t("Replace token"),
    command: "bitbucketConnect.replaceToken",
    args: [{ repository: fullName(repository) }],
    thenRetry: true,
  };
}

export function checkConnection(folder: string): Fix {
  return {
    kind: "runCommand",
    title: l10n.t("Check connection"),
    command: "bitbucketConnect.checkConnection",
    args: [{ folder }],
  };
}

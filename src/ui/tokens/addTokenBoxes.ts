import * as l10n from "@vscode/l10n";
import { accessTokensPage, apiTokensPage } from "../../bitbucket/pages";
import { scopeNames, scopes, type ScopeId } from "../../bitbucket/scopes";
import type { BitbucketSite, RepositoryName } from "../../bitbucket/site";
import { UserError } from "../../errors";
import { inSentence } from "../../inSentence";
import { askChecked, type BoxPage, type CheckedBox } from "./checkedBox";
import { accountProblem } from "./pastedToken";

/** What the person is about to do with the token. */
export interface TokenJob {
  readonly needs: readonly ScopeId[];
  /** The one that it is for, where that is known. */
  readonly repository?: RepositoryName | undefined;
  readonly workspace?: string | undefined;
}

type Check<T> = CheckedBox<T>["check"];
const title = () => l10n.t("Add token");

export interface Entered {
  readonly text: string;
  readonly fault?: string | undefined;
}

/** The first step: whatever holds the token. */
export function askPastedToken<T>(site: BitbucketSite, job: TokenJob, entered: Entered, check: Check<T>) {
  return askChecked<T>({
    ...{ title: title(), prompt: promptOf(job), value: entered.text, fault: entered.fault, isSecret: true },
    pages: pagesOf(site, job),
    check,
  });
}

/** The page of the repository's own tokens first, where one is known: it is the least that does. */
function pagesOf(site: BitbucketSite, { repository }: TokenJob): readonly BoxPage[] {
  if (!repository) return [{ title: l10n.t("Open token page"), url: apiTokensPage }];
  return [
    { title: l10n.t("Open token page"), url: accessTokensPage(site, repository) },
    { title: l10n.t("Open API token page"), url: apiTokensPage },
  ];
}

/** With the scopes as the page names them that the button opens. */
function promptOf({ needs, repository }: TokenJob): string {
  const names = repository
    ? scopes.filter(({ id }) => needs.includes(id)).map(({ label }) => label())
    : [...scopeNames(needs, "api"), "read:workspace:bitbucket"];
  return l10n.t(
    "Paste a token, or all that Bitbucket showed with it. To create one, select these scopes: {0}.",
    inSentence(names),
  );
}

/** For an API token. */
export function askAccount<T>({ text, fault }: Entered, check: Check<T>) {
  return askChecked<T>({
    ...{ title: title(), value: text, fault, placeholder: "ada@example.com", pages: [], hasBack: true },
    prompt: l10n.t("Enter the email of your Atlassian account. Bitbucket requires it with an API token."),
    check: (text, signal) => {
      const problem = accountProblem(text);
      if (problem !== undefined) throw new UserError("InvalidToken", problem, { field: "account" });
      return check(text.trim(), signal);
    },
  });
}

/** For an access token, of which Bitbucket doesn't tell where it works. */
export function askPlace<T>({ repository, workspace }: TokenJob, check: Check<T>) {
  const known = repository ? `${repository.workspace}/${repository.slug}` : (workspace ?? "");
  return askChecked<T>({
    ...{ title: title(), value: known, placeholder: "workspace", pages: [], hasBack: true },
    prompt: l10n.t("Enter the workspace or repository that this token was created for, or paste its URL."),
    check,
  });
}

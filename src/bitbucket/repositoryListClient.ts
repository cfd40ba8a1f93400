import * as l10n from "@vscode/l10n";
import { UserError } from "../errors";
import { withDeadline } from "./deadline";
import type { HttpAnswer, Send } from "./http";
import { toRefusal } from "../failures/rest";
import {
  parseBranchPage,
  parseListedRepository,
  parsePullRequest,
  parseRepositoryPage,
  parseWorkspacePage,
  repositoryFields,
  type ListedRepository,
  type ListPage,
} from "./repositoryListAnswers";
import { authorizations, sendAs, type PresentedToken, type SignInWays } from "./signInWays";
import { fullName, isNameOf, type BitbucketSite, type RepositoryName } from "./site";

/** The most that Bitbucket gives at once. */
export const pageLength = 100;
const accept = "application/json";

export interface ListClientOptions {
  readonly site: BitbucketSite;
  readonly send: Send;
  readonly token: PresentedToken;
  /** The repository that the token was stored for: refusals name it. */
  readonly storedFor: RepositoryName;
}

/** Bitbucket's lists, as one token sees them. Every call throws a UserError where Bitbucket refuses. */
export class RepositoryListClient {
  /** Only the accepted one, once there is one. */
  private ways: SignInWays;
  private readonly limited = new Set<string>();

  constructor(private readonly options: ListClientOptions) {
    this.ways = authorizations(options.token);
  }

  async repository(repository: RepositoryName, signal: AbortSignal): Promise<ListedRepository> {
    const path = `/repositories/${encode(repository)}?fields=${repositoryFields.join(",")}`;
    return parseListedRepository(await this.get(this.url(path), signal));
  }

  /** `search` is a part of a name. */
  async repositories(
    workspace: string,
    { page = 1, search }: { page?: number; search?: string },
    signal: AbortSignal,
  ): Promise<ListPage<ListedRepository>> {
    const query = new URLSearchParams({
      role: "member",
      sort: "-updated_on",
      pagelen: String(pageLength),
      page: String(page),
      fields: ["size", "next", ...repositoryFields.map((field) => `values.${field}`)].join(","),
      ...(search !== undefined && { q: nameContains(search) }),
    });
    const url = this.url(`/repositories/${encodeURIComponent(workspace)}?${query.toString()}`);
    return parseRepositoryPage(await this.get(url, signal, workspace));
  }

  /** The page that an earlier one named in `next`. */
  async following(next: string, workspace: string, signal: AbortSignal): Promise<ListPage<ListedRepository>> {
    return parseRepositoryPage(await this.get(this.ownUrl(next), signal, workspace));
  }

  /** Slugs of the workspaces of the person whose API token this is. */
  async workspaces(signal: AbortSignal): Promise<readonly string[]> {
    const pages = new Map<string, readonly string[]>();
    let url: string | undefined = this.url(`/user/workspaces?pagelen=${pageLength}`);
    // A list that comes back to where it was has no end.
    while (url !== undefined && !pages.has(url) && pages.size < maxPages) {
      const page: ListPage<string> = parseWorkspacePage(await this.get(url, signal));
      pages.set(url, page.values);
      url = page.next === undefined ? undefined : this.ownUrl(page.next);
    }
    return [...pages.values()].flat();
  }

  /** The branches with the newest commits, at most one page of them. */
  async branches(repository: RepositoryName, signal: AbortSignal): Promise<readonly string[]> {
    const query = `pagelen=${pageLength}&sort=-target.date&fields=values.name`;
    const url = this.url(`/repositories/${encode(repository)}/refs/branches?${query}`);
    return parseBranchPage(await this.get(url, signal)).values;
  }

  /** Undefined where the branch is in another repository. */
  async pullRequestBranch(
    repository: RepositoryName,
    id: number,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const fields = "fields=source.branch.name,source.repository.full_name";
    const url = this.url(`/repositories/${encode(repository)}/pullrequests/${id}?${fields}`);
    const source = parsePullRequest(await this.get(url, signal));
    return isNameOf(source.fullName, repository) ? source.branch : undefined;
  }

  private async get(url: string, signal: AbortSignal, workspace?: string): Promise<string> {
    const { site, token, storedFor } = this.options;
    const answer = await this.ask(url, signal);
    if (answer.status === 200) return answer.body;
    if (answer.status === 404 && workspace !== undefined) throw noWorkspace(workspace);
    const tokenPage = token.kind === "api" ? "api" : "access";
    throw toRefusal(answer, { site, repository: storedFor, tokenPage });
  }

  private async ask(url: string, signal: AbortSignal): Promise<HttpAnswer> {
    // What the rate limit refused comes again only by the person's hand, so this time it is asked.
    const canWait = !this.limited.delete(url);
    const send = withDeadline(this.options.send);
    try {
      const { answer, authorization } = await sendAs(this.ways, send, { url, accept, canWait, signal });
      if (answer.status === 429) this.limited.add(url);
      if (answer.status !== 401) this.ways = [authorization];
      return answer;
    } catch (error) {
      if (error instanceof UserError && error.code === "RateLimited") this.limited.add(url);
      throw error;
    }
  }

  private url(path: string): string {
    return this.options.site.apiUrl + path;
  }

  /** An answer can't send the token elsewhere. */
  private ownUrl(next: string): string {
    const { apiUrl } = this.options.site;
    const url = URL.canParse(next) ? new URL(next) : undefined;
    if (url?.origin === new URL(apiUrl).origin) return url.href;
    throw new UserError(
      "BadAnswer",
      l10n.t(
        "Bitbucket's list continues at another URL, which must not receive your token. Check your proxy.",
      ),
      { fixes: [{ kind: "retry", title: l10n.t("Try again"), change: {} }] },
    );
  }
}

/** Nobody is in so many workspaces. */
const maxPages = 50;

/** https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering */
function nameContains(text: string): string {
  return `name ~ "${text.replace(/[\\"]/g, "\\$&")}"`;
}

function encode(repository: RepositoryName): string {
  return fullName(repository).split("/").map(encodeURIComponent).join("/");
}

function noWorkspace(workspace: string): UserError {
  return new UserError(
    "RepositoryNotFound",
    l10n.t("This token can't access a workspace named {0}. Replace the token, or try again.", workspace),
    { fixes: [{ kind: "retry", title: l10n.t("Try again"), change: {} }] },
  );
}

import * as l10n from "@vscode/l10n";
import { UserError } from "../errors";
import { parseErrorAnswer, parseRepositoryAnswer, parseRepositoryNames, toRepositoryName } from "./answers";
import { withDeadline } from "./deadline";
import type { HttpAnswer, Send } from "./http";
import { apiTokensPage } from "./pages";
import { toRefusal } from "../failures/rest";
import { parseWorkspacePage } from "./repositoryListAnswers";
import { RepositoryListClient } from "./repositoryListClient";
import { parseScopesHeader } from "./scopes";
import { authorizations, basic, sendAs, type PresentedToken, type SignInWays } from "./signInWays";
import { uniqueRepositories, type BitbucketSite, type RepositoryName } from "./site";
import { kindFromCredentialType, tokenHint, type TokenKind } from "./token";

/** Where a token may work: a repository, or a whole workspace. */
export interface TokenPlace {
  readonly workspace: string;
  readonly slug?: string;
  /** The person says so: that nothing is listed there is no proof of the contrary. */
  readonly isTold?: true;
}

/** What Bitbucket's answers tell of a token. Without a workspace, it is good and nobody knows where. */
export interface ProbedToken {
  readonly kind: TokenKind;
  readonly scopes: readonly string[];
  readonly workspaces: readonly string[];
  readonly areAllWorkspaces: boolean;
  readonly repositories: readonly RepositoryName[];
}

interface Door {
  readonly site: BitbucketSite;
  readonly send: Send;
  readonly token: PresentedToken;
  readonly signal: AbortSignal;
}

type Found = Omit<ProbedToken, "kind" | "scopes">;
const nothing: Found = { workspaces: [], areAllWorkspaces: false, repositories: [] };

/** One answer: what it says of the token, and where it proves that the token works. */
interface Told {
  readonly answer: HttpAnswer;
  readonly found: Found;
}

/**
 * Asks Bitbucket what a token is. A person's is asked which workspaces it may see; Bitbucket tells that of no other, so
 * those are tried at the places. Throws TokenRejected, and the network's kinds.
 */
export async function probeToken(door: Door, places: readonly TokenPlace[]): Promise<ProbedToken> {
  const timed = { ...door, send: withDeadline(door.send) };
  const isPersons = tokenHint(door.token.secret) === "api";
  const people = isPersons ? await askWorkspaces(timed) : undefined;
  const tried = people?.found.areAllWorkspaces
    ? []
    : await Promise.all(places.map((place) => askPlace(timed, place)));
  const told = [...(people ? [people] : []), ...tried];
  const hasPlace = told.some(({ found }) => found.workspaces.length > 0);
  return summarize(door, hasPlace || isPersons ? told : [...told, await askWorkspaces(timed)]);
}

async function askWorkspaces(door: Door): Promise<Told> {
  const answer = await ask(door, "/user/workspaces?pagelen=100");
  if (answer.status !== 200) return { answer, found: nothing };
  const { values, next } = parseWorkspacePage(answer.body);
  const { site, send, token, signal } = door;
  const storedFor = { workspace: values[0] ?? "", slug: "" };
  const workspaces =
    next === undefined
      ? values
      : await new RepositoryListClient({ site, send, token, storedFor }).workspaces(signal);
  return { answer, found: { workspaces, areAllWorkspaces: true, repositories: [] } };
}

async function askPlace(door: Door, { workspace, slug, isTold }: TokenPlace): Promise<Told> {
  const path = `/repositories/${encodeURIComponent(workspace)}`;
  const answer = await ask(
    door,
    slug === undefined
      ? `${path}?role=member&pagelen=2&fields=values.full_name`
      : `${path}/${encodeURIComponent(slug)}?fields=full_name`,
  );
  if (answer.status !== 200) return { answer, found: nothing };
  const names =
    slug === undefined ? parseRepositoryNames(answer.body) : [parseRepositoryAnswer(answer.body).full_name];
  const [first] = names.map(toRepositoryName);
  // Another workspace's token sees nothing here either.
  if (!first) return { answer, found: isTold ? { ...nothing, workspaces: [workspace] } : nothing };
  // A list of several is no proof of one; what was asked for by name, or stands alone, is.
  const repositories = names.length === 1 ? [first] : [];
  return { answer, found: { workspaces: [first.workspace], areAllWorkspaces: false, repositories } };
}

async function ask({ site, send, token, signal }: Door, path: string): Promise<HttpAnswer> {
  const request = { url: site.apiUrl + path, accept: "application/json", signal };
  const { answer } = await sendAs(waysOf(token), send, request);
  const { status } = answer;
  if (status === 200 || status === 401 || status === 404 || isScopeRefusal(answer)) return answer;
  const tokenPage = tokenHint(token.secret) === "api" ? "api" : "access";
  throw toRefusal(answer, {
    site,
    repository: { workspace: new URL(site.webUrl).host, slug: "" },
    tokenPage,
  });
}

/** With an account, that alone: as Bearer an API token may be taken whatever the email is. */
function waysOf(token: PresentedToken): SignInWays {
  const { account, secret } = token;
  return account && tokenHint(secret) === "api" ? [basic(account, secret)] : authorizations(token);
}

/** The token is good, and lacks the scope for this question. */
function isScopeRefusal({ status, body }: HttpAnswer): boolean {
  const refusal = status === 403 ? parseErrorAnswer(body) : undefined;
  return refusal !== undefined && refusal.required.length > 0;
}

function summarize({ token }: Door, told: readonly Told[]): ProbedToken {
  const known = told.find(({ answer }) => answer.status === 200) ?? told.find(isOfGoodToken);
  if (!known) throw isRejected(token, told);
  const { answer } = known;
  const { granted = [] } = parseErrorAnswer(answer.body) ?? {};
  const scopes = parseScopesHeader(answer.header("x-oauth-scopes"));
  const found = told.map((one) => one.found);
  return {
    kind: token.kind ?? kindFromCredentialType(answer.header("x-credential-type"), tokenHint(token.secret)),
    scopes: scopes.length > 0 ? scopes : granted,
    workspaces: [...new Set(found.flatMap((one) => one.workspaces))],
    areAllWorkspaces: found.some((one) => one.areAllWorkspaces),
    repositories: uniqueRepositories(found.flatMap((one) => one.repositories)),
  };
}

/** Bitbucket says whose token it is only where it has taken it. */
function isOfGoodToken({ answer }: Told): boolean {
  return answer.header("x-credential-type") !== undefined || isScopeRefusal(answer);
}

function isRejected(token: PresentedToken, told: readonly Told[]): UserError {
  if (tokenHint(token.secret) === "api") return isPersonsRejected(token);
  // 404 is the answer to a good token of another place, and the question for a person's workspaces serves nobody else.
  const isEverywhere = told.length > 1 && told.every(({ answer }) => answer.status === 401);
  return isEverywhere
    ? new UserError(
        "TokenRejected",
        l10n.t("Bitbucket rejected this token. Copy it again, or create a new one."),
        {
          field: "token",
        },
      )
    : placeUnknown();
}

/** Nobody but the person can tell. */
export function placeUnknown(): UserError {
  return new UserError(
    "RepositoryNotFound",
    l10n.t("Bitbucket doesn't say where this token works. Enter its workspace or repository."),
    { field: "repository" },
  );
}

function isPersonsRejected({ account }: PresentedToken): UserError {
  const message = account
    ? l10n.t(
        "Bitbucket rejected this token with the email {0}. Check the email, or create a new token.",
        account,
      )
    : l10n.t("Bitbucket rejected this API token. Enter the email of your Atlassian account.");
  const openPage = { kind: "openUrl", title: l10n.t("Open token page"), url: apiTokensPage } as const;
  return new UserError("TokenRejected", message, { field: "account", fixes: [openPage] });
}

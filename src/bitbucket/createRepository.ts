import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { UserError } from "../errors";
import { parseAnswer, parseRepositoryAnswer, toRepositoryName } from "./answers";
import { withDeadline } from "./deadline";
import type { HttpAnswer, Send } from "./http";
import { createRepositoryPage } from "./pages";
import type { RefusalContext } from "../failures/fixes";
import { toRefusal } from "../failures/rest";
import { authorizations, sendAs, type PresentedToken } from "./signInWays";
import { fullName, type BitbucketSite, type RepositoryName } from "./site";
import { toQuotation } from "./theirWords";

/** Whose token asks. */
export interface CreateOptions {
  readonly site: BitbucketSite;
  readonly send: Send;
  readonly token: PresentedToken;
  readonly signal: AbortSignal;
}

export interface NewRepository {
  readonly repository: RepositoryName;
  /** As people read it; the slug stands in the address. */
  readonly name: string;
  /** Its key; Bitbucket takes the workspace's oldest project where undefined. */
  readonly project?: string | undefined;
  readonly isPrivate: boolean;
}

export interface Project {
  readonly key: string;
  readonly name: string;
  /** It takes no public repository. */
  readonly isPrivate: boolean;
}

const projectPage = v.object({
  values: v.array(
    v.object({ key: v.string(), name: v.optional(v.string()), is_private: v.optional(v.boolean(), false) }),
  ),
});

/** `fields` says of each part of the request what is wrong with it. */
const refusalAnswer = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    error: v.object({
      message: v.optional(v.string(), ""),
      fields: v.fallback(v.record(v.string(), v.array(v.string())), {}),
    }),
  }),
);

/**
 * Creates a repository, which is empty then: no README, no .gitignore. Returns its names as Bitbucket spells them.
 * Throws InvalidRepository for a name that is taken or a project that isn't there, PushRejected for a plan's limit,
 * TokenLacksScope, RepositoryNotFound for the workspace, and the network's kinds.
 * https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/
 */
export async function createRepository(
  options: CreateOptions,
  wanted: NewRepository,
): Promise<RepositoryName> {
  const { workspace, slug } = wanted.repository;
  const body = JSON.stringify({
    scm: "git",
    name: wanted.name,
    is_private: wanted.isPrivate,
    ...(wanted.project !== undefined && { project: { key: wanted.project } }),
  });
  const path = `/repositories/${encodeURIComponent(workspace)}/${encodeURIComponent(slug)}`;
  const answer = await ask(options, path, body);
  if (answer.status !== 200 && answer.status !== 201) throw toCreateRefusal(answer, wanted, options);
  return toRepositoryName(parseRepositoryAnswer(answer.body).full_name);
}

/** A workspace's projects, at most one page of them. */
export async function listProjects(options: CreateOptions, workspace: string): Promise<readonly Project[]> {
  const path = `/workspaces/${encodeURIComponent(workspace)}/projects?pagelen=100`;
  const answer = await ask(options, path);
  if (answer.status !== 200) throw toRefusal(answer, contextOf({ workspace, slug: "" }, options));
  const { values } = parseAnswer(projectPage, answer.body, "GET projects");
  return values.map(({ key, name = key, is_private: isPrivate }) => ({ key, name, isPrivate }));
}

async function ask(options: CreateOptions, path: string, body?: string): Promise<HttpAnswer> {
  const { site, send, token, signal } = options;
  const request = { url: site.apiUrl + path, accept: "application/json", signal };
  const { answer } = await sendAs(
    authorizations(token),
    withDeadline(send),
    body === undefined ? request : { ...request, body },
  );
  return answer;
}

/** What is wrong with a request that Bitbucket refuses stands in its words alone. */
function toCreateRefusal(answer: HttpAnswer, wanted: NewRepository, options: CreateOptions): UserError {
  const { words, fields } = readRefusal(answer.body);
  const { workspace } = wanted.repository;
  const isOfPlan =
    [400, 403].includes(answer.status) && /\b(plan|limit|upgrade|billing|quota)\b/i.test(words);
  if (answer.status === 402 || isOfPlan) return planLimit(workspace, words, options);
  if (answer.status === 404) return noWorkspace(workspace);
  if (answer.status !== 400 || words === "") {
    const refusal = toRefusal(answer, contextOf(wanted.repository, options));
    return refusal.code === "TokenLacksScope" ? mayNotCreate(workspace, options, refusal) : refusal;
  }
  if (/already (exists|have)/i.test(words)) return nameTaken(wanted.repository);
  if (fields.includes("project") || /project/i.test(words))
    return noProject(wanted.project, workspace, toQuotation(words));
  if (/administer|privilege|permission/i.test(words)) return mayNotCreate(workspace, options);
  return new UserError(
    "InvalidRepository",
    l10n.t(
      "Bitbucket couldn't create {0}: “{1}”. Change the name, then try again.",
      wanted.name,
      toQuotation(words),
    ),
    { field: "name", fixes: [chooseAgain("name", l10n.t("Choose another name"))] },
  );
}

function readRefusal(body: string): { words: string; fields: readonly string[] } {
  const parsed = v.safeParse(refusalAnswer, body);
  if (!parsed.success) return { words: "", fields: [] };
  const { message, fields } = parsed.output.error;
  const words = [message, ...Object.values(fields).flat()].join(" ").replace(/\s+/g, " ").trim();
  return { words: withoutSecrets(words).slice(0, longestWords), fields: Object.keys(fields) };
}

/** A proxy may repeat what it was asked with. */
function withoutSecrets(text: string): string {
  return text.replace(/[\w+=%-]{40,}/g, "…");
}

/** More would fill the screen. */
const longestWords = 300;

export function nameTaken(repository: RepositoryName): UserError {
  return new UserError(
    "InvalidRepository",
    l10n.t("{0} already exists and isn't empty. Choose another name, or connect it.", fullName(repository)),
    { field: "name", fixes: [chooseAgain("name", l10n.t("Choose another name"))] },
  );
}

function noProject(project: string | undefined, workspace: string, words: string): UserError {
  return new UserError(
    "InvalidRepository",
    project === undefined
      ? l10n.t("Bitbucket requires a project in {0}: “{1}”. Choose one.", workspace, words)
      : l10n.t(
          "Bitbucket rejected the project {0} of {1}: “{2}”. Choose another one.",
          project,
          workspace,
          words,
        ),
    { field: "project", fixes: [chooseAgain("project", l10n.t("Choose another project"))] },
  );
}

/** git gets a 402: https://support.atlassian.com/bitbucket-cloud/kb/fix-error-your-push-failed-because-the-account-has-exceeded-its-user-limit/ */
function planLimit(workspace: string, words: string, { site }: CreateOptions): UserError {
  const message = l10n.t("The plan of {0} doesn't allow more repositories like this.", workspace);
  const next = l10n.t("Change the plan, or choose another workspace.");
  return new UserError(
    "PushRejected",
    words === "" ? `${message} ${next}` : `${message} ${next} ${l10n.t("Bitbucket says: “{0}”", words)}`,
    {
      field: "workspace",
      fixes: [
        {
          kind: "openUrl",
          title: l10n.t("Open the plan"),
          url: `${site.webUrl}/${workspace}/workspace/settings/plans`,
        },
        chooseAgain("workspace", l10n.t("Choose another workspace")),
      ],
    },
  );
}

function noWorkspace(workspace: string): UserError {
  return new UserError(
    "RepositoryNotFound",
    l10n.t("This token can't access a workspace named {0}. Choose another one.", workspace),
    { field: "workspace", fixes: [chooseAgain("workspace", l10n.t("Choose another workspace"))] },
  );
}

function mayNotCreate(workspace: string, { site, token }: CreateOptions, cause?: UserError): UserError {
  return new UserError(
    "TokenLacksScope",
    l10n.t(
      "This token can't create repositories in {0}. Create the repository on Bitbucket, then try again.",
      workspace,
    ),
    {
      field: "workspace",
      ...(cause?.granted && { granted: cause.granted }),
      required: [token.kind === "api" ? "admin:repository:bitbucket" : "repository:admin"],
      fixes: [
        {
          kind: "openUrl",
          title: l10n.t("Create it on Bitbucket"),
          url: createRepositoryPage(site, workspace),
        },
      ],
    },
  );
}

/** Without its answer the question comes again. */
function chooseAgain(question: string, title: string) {
  return { kind: "retry", title, change: { [question]: undefined } } as const;
}

function contextOf(repository: RepositoryName, { site, token }: CreateOptions): RefusalContext {
  return { site, repository, tokenPage: token.kind === "api" ? "api" : "access" };
}

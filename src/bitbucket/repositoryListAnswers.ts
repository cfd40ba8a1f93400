import * as v from "valibot";
import { fullNameAnswer, parseAnswer, toRepositoryName } from "./answers";
import type { RepositoryName } from "./site";

/** A repository as a list shows it. */
export interface ListedRepository extends RepositoryName {
  readonly description: string;
  readonly isPrivate: boolean;
  /** Milliseconds since 1970; 0 where Bitbucket doesn't say. */
  readonly updatedAt: number;
  /** Undefined while the repository is empty. */
  readonly mainBranch: string | undefined;
}

/** One page of a list. `size` is there where Bitbucket counted, `next` where more follows. */
export interface ListPage<T> {
  readonly values: readonly T[];
  readonly size: number | undefined;
  readonly next: string | undefined;
}

const listedRepository = v.object({
  full_name: fullNameAnswer,
  description: v.nullish(v.string(), ""),
  is_private: v.optional(v.boolean(), true),
  updated_on: v.nullish(v.string()),
  mainbranch: v.nullish(v.object({ name: v.string() })),
});

/** What `fields` asks of each repository. */
export const repositoryFields = ["full_name", "description", "is_private", "updated_on", "mainbranch.name"];

const workspaceAccess = v.object({ workspace: v.object({ slug: v.pipe(v.string(), v.regex(/^[\w-]+$/)) }) });
const branch = v.object({ name: v.string() });
const pullRequest = v.object({
  source: v.object({
    branch,
    repository: v.nullish(v.object({ full_name: fullNameAnswer })),
  }),
});

export function parseRepositoryPage(body: string): ListPage<ListedRepository> {
  return parsePage(listedRepository, body, "GET repositories", toListed);
}

export function parseListedRepository(body: string): ListedRepository {
  return toListed(parseAnswer(listedRepository, body, "GET repository"));
}

export function parseWorkspacePage(body: string): ListPage<string> {
  return parsePage(workspaceAccess, body, "GET workspaces", ({ workspace }) => workspace.slug);
}

export function parseBranchPage(body: string): ListPage<string> {
  return parsePage(branch, body, "GET branches", ({ name }) => name);
}

/** The source's branch, and the repository that it is in. */
export function parsePullRequest(body: string): { branch: string; fullName: string | undefined } {
  const { source } = parseAnswer(pullRequest, body, "GET pull request");
  return { branch: source.branch.name, fullName: source.repository?.full_name };
}

function parsePage<T, R>(
  value: v.GenericSchema<unknown, T>,
  body: string,
  operation: string,
  convert: (value: T) => R,
): ListPage<R> {
  const page = v.object({
    values: v.array(value),
    size: v.optional(v.number()),
    next: v.optional(v.string()),
  });
  const { values, size, next } = parseAnswer(page, body, operation);
  return { values: values.map(convert), size, next };
}

function toListed(answer: v.InferOutput<typeof listedRepository>): ListedRepository {
  return {
    ...toRepositoryName(answer.full_name),
    description: answer.description.replace(/\s+/g, " ").trim(),
    isPrivate: answer.is_private,
    updatedAt: Date.parse(answer.updated_on ?? "") || 0,
    mainBranch: answer.mainbranch?.name,
  };
}

/** What a repository's page is about, besides the repository. */
export interface PageTarget {
  readonly branch?: string;
  readonly pullRequest?: number;
  readonly path?: string;
}

const filePages = ["src", "raw", "annotate", "history-node"];

/**
 * Reads the part of a page's address after `workspace/slug`, decoded segment by segment: a `/` within a segment
 * is part of a branch's name. Pages that it doesn't know are about the repository alone.
 */
export function readPage(segments: readonly string[], query: string): PageTarget {
  const [page = "", ...rest] = segments;
  const parameters = new URLSearchParams(query);
  if (filePages.includes(page)) return filePage(rest, parameters);
  switch (page) {
    case "branch":
      return onBranch(rest.join("/"));
    case "commits":
      return rest[0] === "branch" ? onBranch(rest.slice(1).join("/")) : atRevision(parameters.get("at"));
    case "pull-requests":
    case "pullrequests":
      return pullRequestPage(rest, parameters);
    case "branches":
      return rest[0] === "compare" ? onBranch(comparedBranch(rest.slice(1).join("/"))) : {};
    case "refs":
      return rest[0] === "branches" ? onBranch(rest.slice(1).join("/")) : {};
    default:
      return atRevision(parameters.get("at"));
  }
}

/** `/src/<branch or commit>/<path>`; where it names a commit, `?at=` has the branch that the person looked at. */
function filePage(rest: readonly string[], parameters: URLSearchParams): PageTarget {
  const [revision = "", ...path] = rest[0] === "branch" && rest.length > 1 ? rest.slice(1) : rest;
  const target = atRevision(parameters.get("at") ?? revision);
  return path.length > 0 ? { ...target, path: path.join("/") } : target;
}

function pullRequestPage(rest: readonly string[], parameters: URLSearchParams): PageTarget {
  if (rest[0] === "new") return onBranch(sourceBranch(parameters.get("source")));
  const isNumber = /^[1-9]\d{0,8}$/.test(rest[0] ?? "");
  return isNumber ? { pullRequest: Number(rest[0]) } : {};
}

/** `source` is a branch, or `workspace/slug::branch`, or `workspace/slug:commit:branch`. A branch holds no colon. */
function sourceBranch(source: string | null): string {
  return source?.split(":").at(-1) ?? "";
}

/** `source CR destination`, as Bitbucket's own page has it, or `source..destination`. */
function comparedBranch(compared: string): string {
  return compared.split(/\r|\.\.\.?/)[0] ?? "";
}

function onBranch(name: string): PageTarget {
  return name === "" ? {} : { branch: name };
}

/** A revision is a branch unless it is plainly something else: a clone can't stay at a commit. */
function atRevision(revision: string | null): PageTarget {
  const branch = (revision ?? "").replace(/^refs\/heads\//, "");
  return /^HEAD$|^refs\/|^[0-9a-f]{7,40}$/.test(branch) ? {} : onBranch(branch);
}

/** The rules of `git check-ref-format` that matter where a name is handed to git. */
export function isBranchName(name: string): boolean {
  return (
    name.length <= 250 &&
    /^[^\s~^:?*[\\\p{Cc}]+$/u.test(name) &&
    !/^[-/]|^@$|\.\.|@\{|\/\/|\/\.|^\.|\.lock(?:\/|$)|[./]$/.test(name)
  );
}

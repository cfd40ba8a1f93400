import * as l10n from "@vscode/l10n";
import { nameTaken } from "../../bitbucket/createRepository";
import { fullName, type BitbucketSite, type RepositoryName } from "../../bitbucket/site";
import { UserError, type Fix } from "../../errors";
import type { FolderFile } from "./prepareFolderFiles";
import type { PublishRequest } from "./publishRequest";

/** Whoever presses the button later has only what the error says, so it says all that was chosen. */
export function withAnswers(error: UserError, request: PublishRequest): UserError {
  const { folder, workspace, name, project, isPrivate, writesIgnored, files, identity } = request;
  const answers = {
    ...{
      folder,
      workspace,
      name,
      project: project ?? "",
      private: isPrivate,
      gitignore: writesIgnored,
      files,
    },
    ...{ userName: identity?.name, userEmail: identity?.email },
  };
  const fixes = error.fixes.map((fix): Fix =>
    fix.kind === "retry" ? { ...fix, change: { ...answers, ...fix.change } } : fix,
  );
  return reworded(error, error.message, fixes);
}

/** The same error with other words or buttons. */
function reworded(error: UserError, message: string, fixes: readonly Fix[] = error.fixes): UserError {
  const { code, field, granted, required, retryAfter, cause } = error;
  return new UserError(code, message, {
    fixes,
    cause,
    ...(field !== undefined && { field }),
    ...(granted && { granted }),
    ...(required && { required }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

/** Buttons of connecting would change what publishing doesn't take. */
export function notPushed(error: UserError, created: string | undefined, site: BitbucketSite): UserError {
  const fixes: Fix[] = [
    { kind: "retry", title: l10n.t("Try again"), change: {} },
    ...error.fixes.filter((fix) => fix.kind !== "retry"),
  ];
  if (created === undefined) return reworded(error, error.message, fixes);
  const left = l10n.t("Bitbucket created {0}, which is empty; the next attempt uses it.", created);
  fixes.push({ kind: "openUrl", title: l10n.t("Open on Bitbucket"), url: `${site.webUrl}/${created}` });
  return reworded(error, `${error.message} ${left}`, fixes);
}

/** It is not empty, so nothing of ours is pushed over it. */
export function isTaken(repository: RepositoryName, folder: string): UserError {
  const error = nameTaken(repository);
  const name = fullName(repository);
  const connect: Fix = {
    kind: "runCommand",
    title: l10n.t("Connect {0}", name),
    command: "bitbucketConnect.connectRepository",
    args: [{ folder, repository: name }],
  };
  return reworded(error, error.message, [...error.fixes, connect]);
}

/** For a caller who wants no questions: what only a person can do, with the page for it. */
export function needsPerson({ workspace, name, folder }: PublishRequest, page: string): UserError {
  return new UserError(
    "TokenLacksScope",
    l10n.t(
      "None of your stored tokens can create {0} in {1} and push to it. Create it on Bitbucket, then connect it with its own token.",
      name,
      workspace,
    ),
    {
      field: "workspace",
      required: ["repository:admin", "repository:write"],
      fixes: [
        { kind: "openUrl", title: l10n.t("Create it on Bitbucket"), url: page },
        {
          kind: "retry",
          title: l10n.t("Publish step by step"),
          change: { folder, workspace, name, ask: true },
        },
      ],
    },
  );
}

const longestList = 10;

/** What is worth knowing beside the connection's own notes. */
export function publishNotes(
  wanted: RepositoryName,
  repository: RepositoryName,
  branch: string | undefined,
  leftOut: readonly FolderFile[],
): readonly string[] {
  const names = leftOut.slice(0, longestList).map((file) => file.path);
  const more = leftOut.length > longestList ? ["…"] : [];
  return [
    ...(repository.slug === wanted.slug
      ? []
      : [l10n.t("Bitbucket's URL for this name is {0}.", fullName(repository))]),
    ...(names.length > 0 ? [l10n.t("Left out for your review: {0}.", [...names, ...more].join(", "))] : []),
    ...(branch === undefined
      ? [l10n.t("This repository doesn't have a commit yet. Commit first, then push.")]
      : []),
  ];
}

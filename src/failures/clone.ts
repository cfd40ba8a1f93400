import * as l10n from "@vscode/l10n";
import { notGit } from "../bitbucket/gitAdvertisement";
import { tryAgain, type RefusalContext } from "./fixes";
import { appPasswordEnded, refusedByAccessControl, toRefusal } from "./rest";
import { unreachable } from "./unreachable";
import { fullName, type BitbucketSite, type RepositoryName } from "../bitbucket/site";
import { toQuotation } from "../bitbucket/theirWords";
import type { TokenKind } from "../bitbucket/token";
import { UserError } from "../errors";
import { readPushFailure } from "./gitFailure";

export interface CloneContext {
  readonly site: BitbucketSite;
  readonly repository: RepositoryName;
  readonly kind: TokenKind;
  readonly branch: string | undefined;
}

/** From why a clone failed to the words for a person. */
export function toCloneRefusal(error: unknown, context: CloneContext): UserError {
  const stderr = error instanceof Error ? error.message : String(error);
  return explainLocally(stderr.slice(-20_000), context) ?? explainRemotely(stderr, context);
}

function explainLocally(stderr: string, { branch, repository }: CloneContext): UserError | undefined {
  if (/Remote branch .* not found in upstream/i.test(stderr)) {
    return new UserError(
      "BranchNotFound",
      l10n.t(
        "{0} doesn't have the branch {1}. Clone the default branch, or choose another.",
        fullName(repository),
        branch ?? "",
      ),
      {
        field: "branch",
        fixes: [{ kind: "retry", title: l10n.t("Clone default branch"), change: { branch: undefined } }],
      },
    );
  }
  if (/No space left on device|There is not enough space/i.test(stderr)) {
    return new UserError(
      "DirectoryNotEmpty",
      l10n.t("The disk is full, so the clone was removed. Free up space, then try again."),
      { field: "directory", fixes: [tryAgain()] },
    );
  }
  if (/could not create (leading directories|work tree dir)|Permission denied/i.test(stderr)) {
    return new UserError("DirectoryNotEmpty", l10n.t("Git can't write to this folder. Choose another one."), {
      field: "directory",
    });
  }
  return undefined;
}

function explainRemotely(stderr: string, context: CloneContext): UserError {
  const failure = readPushFailure(stderr);
  const name = fullName(context.repository);
  switch (failure.kind) {
    case "tokenRejected":
    case "signInAsked":
      return refusal(401, context);
    case "forbidden":
      return (
        refusedByAccessControl({ ...noAnswer, body: failure.words }, toContext(context)) ??
        refusal(403, context)
      );
    case "notGit":
      return notGit(context.repository);
    case "notFound":
      return refusal(404, context);
    case "appPassword":
      return appPasswordEnded(toContext(context));
    case "planForbids":
      return refusal(402, context);
    case "rateLimited":
      return refusal(429, context);
    case "serverProblem":
      return refusal(Number(failure.status), context);
    case "untrustedCertificate":
    case "tlsFailed":
    case "proxyRefused":
    case "offline":
      return unreachable(failure.kind, new URL(context.site.webUrl).host);
    case "notFastForward":
    case "tagExists":
    case "noSuchBranch":
    case "tooLarge":
    case "branchRestricted":
    case "hookDeclined":
    case "localHook":
    case "largeFileStorage":
    case "sshRefused":
    case "notSupported":
    case "cannotSign":
    case "other":
      return new UserError(
        "BadAnswer",
        "words" in failure && failure.words !== ""
          ? l10n.t(
              "Git couldn't clone {0}: “{1}”. The incomplete clone was removed.",
              name,
              toQuotation(failure.words),
            )
          : l10n.t(
              "Git couldn't clone {0}. The incomplete clone was removed. See the log, then try again.",
              name,
            ),
        { fixes: [tryAgain()] },
      );
  }
}

const noAnswer = { status: 403, header: () => undefined };

function refusal(status: number, context: CloneContext): UserError {
  return toRefusal({ ...noAnswer, status, body: status === 403 ? forbiddenBody : "" }, toContext(context));
}

function toContext({ site, repository, kind }: CloneContext): RefusalContext {
  return { site, repository, tokenPage: kind === "api" ? "api" : "access" };
}

/** git tells the status alone; cloning needs one scope. */
const forbiddenBody = JSON.stringify({
  error: { message: "", detail: { granted: [], required: ["repository"] } },
});

import * as l10n from "@vscode/l10n";
import { notGit } from "../bitbucket/gitAdvertisement";
import { openTokenPage, refusedByAccessControl, toRefusal, type RefusalContext } from "../bitbucket/refusals";
import { fullName } from "../bitbucket/site";
import { UserError, type Fix } from "../errors";
import { readPushFailure, type PushFailure } from "./pushFailure";
import { inTheirWords, rejected, saying, tryAgain, type PushContext } from "./pushRefusalWords";
import { unreachable } from "./pushUnreachable";

export type { PushContext } from "./pushRefusalWords";

/** The one table from why a push failed to the words for a person. */
export function toPushRefusal(error: unknown, context: PushContext): UserError {
  return explainPushFailure(readPushFailure(error instanceof Error ? error.message : String(error)), context);
}

export function explainPushFailure(failure: PushFailure, context: PushContext): UserError {
  switch (failure.kind) {
    case "signInAsked":
      return foundNoSignIn(context);
    case "tokenRejected":
      return withFirst(context.replaceToken, httpRefusal(401, context));
    case "notFound":
      return httpRefusal(404, context);
    case "rateLimited":
      return httpRefusal(429, context);
    case "serverProblem":
      return httpRefusal(Number(failure.status), context);
    case "removed":
      return withFirst(context.replaceToken, removed(context));
    case "forbidden":
      return (
        refusedByAccessControl(forbidden(failure.words), refusalContext(context)) ??
        withFirst(context.replaceToken, mayNotPush(failure.words, context))
      );
    case "notGit":
      return notGit(context.repository);
    case "untrustedCertificate":
    case "tlsFailed":
    case "proxyRefused":
    case "offline":
      return unreachable(failure.kind, new URL(context.site.webUrl).host);
    case "notFastForward":
      return rejected(
        l10n.t(
          "{0} has commits on {1} that are not here yet. Pull them, then push again.",
          fullName(context.repository),
          context.branch,
        ),
        [{ kind: "runCommand", title: l10n.t("Pull"), command: "git.pull" }],
      );
    case "tagExists":
      return rejected(
        l10n.t(
          "{0} has a tag of the same name on another commit. Rename yours, or push without tags.",
          fullName(context.repository),
        ),
        [{ kind: "retry", title: l10n.t("Push without tags"), change: { tags: false } }],
      );
    case "noSuchBranch":
      return new UserError(
        "BranchNotFound",
        l10n.t("There is no branch {0} here. Choose one that exists.", context.branch),
        { field: "branch" },
      );
    case "tooLarge":
    case "branchRestricted":
    case "hookDeclined":
    case "localHook":
    case "largeFileStorage":
    case "sshRefused":
    case "other":
      return inTheirWords(failure.kind, failure.words, context);
  }
}

function httpRefusal(status: number, context: PushContext): UserError {
  return toRefusal({ status, header: () => undefined, body: "" }, refusalContext(context));
}

function forbidden(body: string) {
  return { status: 403, header: () => undefined, body };
}

function refusalContext({ site, repository, kind }: PushContext): RefusalContext {
  return { site, repository, tokenPage: kind === "api" ? "api" : "access" };
}

/** Nothing was refused: git asked, and nobody answered. */
function foundNoSignIn({ repository }: PushContext): UserError {
  return new UserError(
    "TokenRejected",
    l10n.t(
      "Bitbucket asked git to sign in for {0}, and git found no token to give. Connect the repository, then push again.",
      fullName(repository),
    ),
    {
      field: "token",
      fixes: [
        {
          kind: "runCommand",
          title: l10n.t("Connect repository"),
          command: "bitbucketConnect.connectRepository",
        },
        tryAgain(),
      ],
    },
  );
}

function removed(context: PushContext): UserError {
  return new UserError(
    "TokenRejected",
    l10n.t(
      "Bitbucket no longer accepts this way to sign in (410). Replace the token of {0}.",
      fullName(context.repository),
    ),
    { field: "token", fixes: [openTokenPage(refusalContext(context))] },
  );
}

function mayNotPush(words: string, context: PushContext): UserError {
  const required = context.kind === "api" ? "write:repository:bitbucket" : "repository:write";
  const message = l10n.t(
    "The token may not push to {0} (403). Create one with {1}, or ask for write access.",
    fullName(context.repository),
    required,
  );
  return new UserError("TokenLacksScope", saying(message, words), {
    field: "token",
    granted: [],
    required: [required],
    fixes: [openTokenPage(refusalContext(context))],
  });
}

function withFirst(fix: Fix | undefined, error: UserError): UserError {
  if (!fix) return error;
  return new UserError(error.code, error.message, {
    fixes: [fix, ...error.fixes],
    ...(error.field !== undefined && { field: error.field }),
    ...(error.granted && { granted: error.granted }),
    ...(error.required && { required: error.required }),
  });
}

import * as l10n from "@vscode/l10n";
import { notGit } from "../bitbucket/gitAdvertisement";
import { connectRepository, openTokenPage, tryAgain, type RefusalContext } from "./fixes";
import { appPasswordEnded, refusedByAccessControl, toRefusal } from "./rest";
import { fullName } from "../bitbucket/site";
import { UserError, type Fix } from "../errors";
import { readPushFailure, type PushFailure } from "./gitFailure";
import { inTheirWords, rejected, saying, type PushContext } from "./pushWords";
import { unreachable } from "./unreachable";

export type { PushContext } from "./pushWords";

/** The one table from why a push failed to the words for a person. */
export function toPushRefusal(error: unknown, context: PushContext): UserError {
  return explainPushFailure(readPushFailure(error instanceof Error ? error.message : String(error)), context);
}

export function explainPushFailure(failure: PushFailure, context: PushContext): UserError {
  if (context.isSsh && isAboutAccess(failure)) return inTheirWords("sshRefused", wordsOf(failure), context);
  switch (failure.kind) {
    case "signInAsked":
      return foundNoSignIn(context);
    case "tokenRejected":
      return withFirst(context.replaceToken, httpRefusal(401, context));
    case "appPassword":
      return withFirst(context.replaceToken, appPasswordEnded(refusalContext(context)));
    case "planForbids":
      return asRejected(httpRefusal(402, context));
    case "notFound":
      return httpRefusal(404, context);
    case "rateLimited":
      return httpRefusal(429, context);
    case "serverProblem":
      return httpRefusal(Number(failure.status), context);
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
      return isBehind(context);
    case "tagExists":
      return hasOtherTag(context);
    case "noSuchBranch":
      return new UserError(
        "BranchNotFound",
        l10n.t("This repository doesn't have the branch {0}. Choose another branch.", context.branch),
        { field: "branch" },
      );
    case "tooLarge":
    case "branchRestricted":
    case "hookDeclined":
    case "localHook":
    case "largeFileStorage":
    case "sshRefused":
    case "notSupported":
    case "cannotSign":
    case "other":
      return inTheirWords(failure.kind, failure.words, context);
  }
}

function isBehind({ repository, branch }: PushContext): UserError {
  return rejected(
    l10n.t(
      "{0} has commits on {1} that you don't have. Pull, then push again.",
      fullName(repository),
      branch,
    ),
    [{ kind: "runCommand", title: l10n.t("Pull"), command: "git.pull" }],
  );
}

function hasOtherTag({ repository }: PushContext): UserError {
  return rejected(
    l10n.t(
      "{0} has the same tag on another commit. Rename your tag, or push without tags.",
      fullName(repository),
    ),
    [{ kind: "retry", title: l10n.t("Push without tags"), change: { tags: false } }],
  );
}

function asRejected({ message, fixes }: UserError): UserError {
  return rejected(message, fixes);
}

/** Over SSH no token is at fault, and another one changes nothing. */
function isAboutAccess({ kind }: PushFailure): boolean {
  return kind === "tokenRejected" || kind === "forbidden" || kind === "notFound" || kind === "signInAsked";
}

function wordsOf(failure: PushFailure): string {
  return "words" in failure ? failure.words : "";
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
    l10n.t("Git found no token for {0}. Connect the repository, then push again.", fullName(repository)),
    { field: "token", fixes: [connectRepository(), tryAgain()] },
  );
}

function mayNotPush(words: string, context: PushContext): UserError {
  const required = context.kind === "api" ? "write:repository:bitbucket" : "repository:write";
  const message = l10n.t(
    "This token can't push to {0} (403). Create one with {1}, or ask for write access.",
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

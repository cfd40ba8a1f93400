import * as l10n from "@vscode/l10n";
import { newPullRequestPage } from "../bitbucket/pages";
import { openTokenPage, toRefusal, type RefusalContext } from "../bitbucket/refusals";
import { fullName, type BitbucketSite, type RepositoryName } from "../bitbucket/site";
import type { TokenKind } from "../bitbucket/token";
import { UserError, type Fix } from "../errors";
import { readPushFailure, type PushFailure } from "./pushFailure";

export interface PushContext {
  readonly site: BitbucketSite;
  readonly repository: RepositoryName;
  readonly kind: TokenKind;
  readonly branch: string;
}

/** The one table from why a push failed to the words for a person. */
export function toPushRefusal(error: unknown, context: PushContext): UserError {
  return explain(readPushFailure(error instanceof Error ? error.message : String(error)), context);
}

function explain(failure: PushFailure, context: PushContext): UserError {
  const name = fullName(context.repository);
  const refusal = (status: number) =>
    toRefusal({ status, header: () => undefined, body: "" }, refusalContext(context));
  switch (failure.kind) {
    case "tokenRejected":
    case "signInAsked":
      return refusal(401);
    case "notFound":
      return refusal(404);
    case "rateLimited":
      return refusal(429);
    case "serverProblem":
      return refusal(Number(failure.status));
    case "forbidden":
      return mayNotPush(name, context);
    case "removed":
      return rejected(
        l10n.t("Bitbucket no longer accepts this way to sign in (410). Replace the token of {0}.", name),
        [openTokenPage(refusalContext(context))],
      );
    case "tooLarge":
      return rejected(
        l10n.t(
          "The push to {0} is larger than Bitbucket accepts. Take large files out of the commits, or use Git LFS.",
          name,
        ),
        [documentation("https://support.atlassian.com/bitbucket-cloud/docs/reduce-repository-size/")],
      );
    case "untrustedCertificate":
      return new UserError(
        "Offline",
        l10n.t(
          "git does not trust the certificate of {0}. Check git's setting http.sslCAInfo and your proxy.",
          hostOf(context),
        ),
        { fixes: [retry()] },
      );
    case "offline":
      return new UserError(
        "Offline",
        l10n.t(
          "git could not reach {0}, or the connection broke. Check the network and git's proxy, then try again.",
          hostOf(context),
        ),
        { fixes: [retry()] },
      );
    case "notFastForward":
      return rejected(
        l10n.t(
          "{0} has commits on {1} that are not here yet. Pull them, then push again.",
          name,
          context.branch,
        ),
        [{ kind: "runCommand", title: l10n.t("Pull"), command: "git.pull" }],
      );
    case "noSuchBranch":
      return new UserError(
        "BranchNotFound",
        l10n.t("There is no branch {0} here. Choose one that exists.", context.branch),
        {
          field: "branch",
        },
      );
    case "branchRestricted":
      return rejected(
        l10n.t(
          "Bitbucket does not let this token push to {0}: “{1}”. Push another branch and create a pull request.",
          context.branch,
          failure.words,
        ),
        [pullRequest(context)],
      );
    case "hookDeclined":
      return rejected(
        l10n.t("{0} refused the push: “{1}”. Change what it asks for, then push again.", name, failure.words),
        [retry()],
      );
    case "localHook":
      return rejected(
        l10n.t(
          "A hook of this repository stopped the push: “{0}”. Mend what it names, then push again.",
          failure.words,
        ),
        [retry()],
      );
    case "largeFileStorage":
      return rejected(
        l10n.t(
          "Git LFS could not send its files: “{0}”. Check that git-lfs is installed, then push again.",
          failure.words,
        ),
        [retry()],
      );
    case "other":
      return rejected(l10n.t("git could not push: “{0}”. Look at the log, then try again.", failure.words), [
        retry(),
      ]);
  }
}

function refusalContext({ site, repository, kind }: PushContext): RefusalContext {
  return { site, repository, tokenPage: kind === "api" ? "api" : "access" };
}

function mayNotPush(name: string, context: PushContext): UserError {
  const required = context.kind === "api" ? "write:repository:bitbucket" : "repository:write";
  return new UserError(
    "TokenLacksScope",
    l10n.t(
      "The token may not push to {0} (403). Create one with {1}, or ask for write access.",
      name,
      required,
    ),
    { field: "token", granted: [], required: [required], fixes: [openTokenPage(refusalContext(context))] },
  );
}

function rejected(message: string, fixes: readonly Fix[]): UserError {
  return new UserError("PushRejected", message, { fixes });
}

function retry(): Fix {
  return { kind: "retry", title: l10n.t("Try again"), change: {} };
}

function pullRequest({ site, repository, branch }: PushContext): Fix {
  return {
    kind: "openUrl",
    title: l10n.t("Create a pull request"),
    url: newPullRequestPage(site, repository, branch),
  };
}

function documentation(url: string): Fix {
  return { kind: "openUrl", title: l10n.t("Read how"), url };
}

function hostOf({ site }: PushContext): string {
  return new URL(site.webUrl).host;
}

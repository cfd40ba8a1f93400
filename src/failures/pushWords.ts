import * as l10n from "@vscode/l10n";
import { newPullRequestPage } from "../bitbucket/pages";
import { fullName, type BitbucketSite, type RepositoryName } from "../bitbucket/site";
import { toQuotation } from "../bitbucket/theirWords";
import type { TokenKind } from "../bitbucket/token";
import { UserError, type Fix } from "../errors";
import { connectRepository, readHow, tryAgain } from "./fixes";
import type { PushFailure } from "./gitFailure";

/** Whose push failed: enough to name it and to lead to what mends it. */
export interface PushContext {
  readonly site: BitbucketSite;
  readonly repository: RepositoryName;
  readonly kind: TokenKind;
  readonly branch: string;
  /** The push goes over SSH, where no token counts. */
  readonly isSsh?: boolean;
  /** Offered first where the token is at fault. */
  readonly replaceToken?: Fix;
  /** Offered first where the branch is closed to this push. */
  readonly newBranch?: Fix;
}

type WordyKind = Exclude<Extract<PushFailure, { words: string }>["kind"], "forbidden">;

/** A refusal that is told in the words of whoever refused. */
export function inTheirWords(kind: WordyKind, said: string, context: PushContext): UserError {
  const name = fullName(context.repository);
  const words = toQuotation(said);
  const retry = tryAgain();
  switch (kind) {
    case "tooLarge":
      return isTooLarge(name, said);
    case "branchRestricted":
      return rejected(
        l10n.t(
          "Bitbucket doesn't allow this push to {0}: “{1}”. Push another branch and create a pull request.",
          context.branch,
          words,
        ),
        [context.newBranch ?? pullRequest(context)],
      );
    case "hookDeclined":
      return rejected(
        l10n.t("{0} rejected the push: “{1}”. Fix the problem, then push again.", name, words),
        [retry],
      );
    case "localHook":
      return rejected(
        l10n.t("A local hook rejected the push: “{0}”. Fix the problem, then push again.", words),
        [retry],
      );
    case "largeFileStorage":
      return rejected(
        l10n.t(
          "Git LFS couldn't upload files: “{0}”. Check that git-lfs is installed, then push again.",
          words,
        ),
        [retry],
      );
    case "sshRefused":
      return sshRefused(name, words);
    case "notSupported":
      return rejected(
        l10n.t("Bitbucket doesn't support signed pushes or push options: “{0}”. Push without them.", words),
        [{ kind: "retry", title: l10n.t("Push without them"), change: { plain: true } }],
      );
    case "cannotSign":
      return rejected(l10n.t("Git can't sign: “{0}”. Check your signing key, then try again.", words), [
        retry,
        readHow("https://git-scm.com/docs/git-config#Documentation/git-config.txt-usersigningKey"),
      ]);
    case "other":
      return rejected(l10n.t("Git couldn't push: “{0}”. See the log, then try again.", words), [retry]);
  }
}

function isTooLarge(name: string, words: string): UserError {
  const message = l10n.t(
    "The push to {0} is larger than Bitbucket accepts. Remove large files from the commits, or use Git LFS.",
    name,
  );
  return rejected(saying(message, words), [
    readHow("https://support.atlassian.com/bitbucket-cloud/docs/reduce-repository-size/"),
  ]);
}

/** Whatever it was: a key that Bitbucket doesn't know, no access to the repository, or none of that name. */
function sshRefused(name: string, words: string): UserError {
  const message =
    words === ""
      ? l10n.t("Bitbucket rejected your SSH key for {0}. Check its access, or connect with a token.", name)
      : l10n.t(
          "Bitbucket rejected your SSH key for {0}: “{1}”. Check its access, or connect with a token.",
          name,
          words,
        );
  return new UserError("TokenRejected", message, {
    fixes: [
      readHow("https://support.atlassian.com/bitbucket-cloud/docs/configure-ssh-and-two-step-verification/"),
      connectRepository({ repository: name }),
    ],
  });
}

/** Bitbucket's own words after ours, where it said any. */
export function saying(message: string, words: string): string {
  return words === "" ? message : l10n.t("{0} Bitbucket says: “{1}”", message, words);
}

export function rejected(message: string, fixes: readonly Fix[]): UserError {
  return new UserError("PushRejected", message, { fixes });
}

function pullRequest({ site, repository, branch }: PushContext): Fix {
  return {
    kind: "openUrl",
    title: l10n.t("Create pull request"),
    url: newPullRequestPage(site, repository, branch),
  };
}

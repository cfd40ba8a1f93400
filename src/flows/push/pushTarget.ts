import * as l10n from "@vscode/l10n";
import { readRemoteUrl } from "../../bitbucket/address";
import type { BitbucketSite, RepositoryName } from "../../bitbucket/site";
import { UserError } from "../../errors";
import type { GitRemote, LocalRepository } from "../../git/localRepository";

/** A remote that pushes to Bitbucket, and the repository there. */
export interface PushTarget {
  readonly remote: string;
  readonly repository: RepositoryName;
  /** For people: no user name, no secret. */
  readonly displayUrl: string;
}

/** The remotes on the configured Bitbucket, by where they push to; read anew each time, so that a new one counts. */
export function bitbucketRemotes(remotes: readonly GitRemote[], site: BitbucketSite): readonly PushTarget[] {
  return remotes.flatMap(({ name, pushUrl, fetchUrl }) => {
    const { repository, displayUrl } = readRemoteUrl(pushUrl ?? fetchUrl ?? "", site);
    return repository ? [{ remote: name, repository, displayUrl }] : [];
  });
}

/** The one to push to: the first of the preferred that is on Bitbucket, else `origin`, else the first that is. */
export function findPushTarget(
  remotes: readonly GitRemote[],
  preferred: readonly (string | undefined)[],
  site: BitbucketSite,
): PushTarget | undefined {
  const candidates = bitbucketRemotes(remotes, site);
  for (const name of [...preferred, "origin"]) {
    const found = name !== undefined && candidates.find((one) => one.remote === name);
    if (found) return found;
  }
  return candidates[0];
}

export function hasNoRemote(local: LocalRepository): UserError {
  return new UserError(
    "NotARepository",
    l10n.t("No remote of this repository is on Bitbucket. Connect it first."),
    {
      field: "folder",
      fixes: [
        {
          kind: "runCommand",
          title: l10n.t("Connect repository"),
          command: "bitbucketConnect.connectRepository",
          args: [{ folder: local.root }],
        },
      ],
    },
  );
}

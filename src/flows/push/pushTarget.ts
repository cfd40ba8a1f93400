import * as l10n from "@vscode/l10n";
import { readRemoteUrl } from "../../bitbucket/address";
import type { BitbucketSite, RepositoryName } from "../../bitbucket/site";
import { UserError } from "../../errors";
import type { BranchReading } from "../../git/branchReading";
import type { LocalRepository } from "../../git/localRepository";
import type { RemoteReading } from "../../git/remoteReading";
import type { RepositoryReading } from "../../git/repository";

/** A remote that pushes to Bitbucket, and the repository there. */
export interface PushTarget {
  readonly remote: string;
  /** The first of its places that is on Bitbucket. */
  readonly repository: RepositoryName;
  /** For people: no user name, no secret. */
  readonly displayUrl: string;
  /** Every other place that the same push goes to, for people. */
  readonly others: readonly string[];
  /** What is fetched is what is pushed to: what was last seen there tells what there is to push. */
  readonly isFetchedFrom: boolean;
}

/** The remotes on the configured Bitbucket, by where Git pushes to. */
export function bitbucketRemotes(
  remotes: readonly RemoteReading[],
  site: BitbucketSite,
): readonly PushTarget[] {
  return remotes.flatMap((remote) => toTarget(remote, site) ?? []);
}

function toTarget({ name, fetchUrl, pushUrls }: RemoteReading, site: BitbucketSite): PushTarget | undefined {
  const places = pushUrls.map((url) => readRemoteUrl(url, site));
  const found = places.find(({ repository }) => repository !== undefined);
  if (!found?.repository) return undefined;
  const fetched = readRemoteUrl(fetchUrl, site);
  return {
    remote: name,
    repository: found.repository,
    displayUrl: found.displayUrl,
    others: places.filter((one) => one !== found).map(({ displayUrl }) => displayUrl),
    isFetchedFrom: places.length === 1 && fetched.displayUrl === found.displayUrl,
  };
}

/** Where Git itself would push. */
export interface PushRoute {
  /** On Bitbucket: Git's own choice, else `origin`, else the first; undefined where no remote is. */
  readonly target: PushTarget | undefined;
  /** Git's own choice, where it isn't on Bitbucket. */
  readonly elsewhere: { readonly remote: string; readonly displayUrl: string } | undefined;
}

/** `branch` is what Git does with the branch in question; undefined on a detached HEAD. */
export function findPushRoute(
  { remotes, settings }: Pick<RepositoryReading, "remotes" | "settings">,
  branch: Pick<BranchReading, "pushRemote" | "pushUrls"> | undefined,
  site: BitbucketSite,
): PushRoute {
  const candidates = bitbucketRemotes(remotes, site);
  const pushDefault = settings.filter(({ key }) => key === "remote.pushdefault").at(-1)?.value;
  const wanted = branch?.pushRemote ?? pushDefault ?? "origin";
  const chosen = candidates.find(({ remote }) => remote === wanted);
  const pushUrls = remotes.find(({ name }) => name === wanted)?.pushUrls ?? branch?.pushUrls ?? [];
  const [elsewhere] = chosen ? [] : pushUrls.map((url) => readRemoteUrl(url, site).displayUrl);
  return {
    target: chosen ?? candidates.find(({ remote }) => remote === "origin") ?? candidates[0],
    elsewhere: elsewhere === undefined ? undefined : { remote: wanted, displayUrl: elsewhere },
  };
}

/** The branch there, where it is pushed to this remote. */
export function targetOn(branch: BranchReading | undefined, name: string, remote: string): string {
  if (branch?.pushRemote === remote) return branch.pushTarget;
  return branch?.upstream?.remote === remote ? branch.upstream.branch : name;
}

export function hasNoRemote(local: LocalRepository): UserError {
  return new UserError(
    "NotARepository",
    l10n.t("This repository doesn't have a remote on Bitbucket. Connect it first."),
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

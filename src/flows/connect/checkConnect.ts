import * as l10n from "@vscode/l10n";
import { hostname } from "node:os";
import { readRemoteUrl } from "../../bitbucket/address";
import { isSameRepository, remoteUrl } from "../../bitbucket/site";
import { UserError, type Fix } from "../../errors";
import { tryAgain } from "../../failures/fixes";
import { configFileOf, type GitConfigFile } from "../../git/gitConfigFile";
import type { GitConfig } from "../../git/gitConfigText";
import { hasOwnHelper, isRewritten } from "../../git/gitSettings";
import { findCommit, type LocalRepository } from "../../git/localRepository";
import type { RemoteReading } from "../../git/remoteReading";
import type { RepositoryReading } from "../../git/repository";
import type { ConnectRequest } from "./connectRequest";
import { Journal } from "./journal";
import type { Ports } from "../ports";

/** The local repository as it was found, and what follows for the connection. */
export interface Situation {
  readonly commonDir: string;
  readonly configFile: GitConfigFile;
  readonly config: GitConfig;
  readonly journal: Journal;
  readonly remoteIsNew: boolean;
  /** An old remote of the wanted name, and the name that it gets. */
  readonly renamed: { readonly from: string; readonly to: string } | undefined;
  readonly isRewritten: boolean;
  /** The remote has a push URL of its own, which the person keeps. */
  readonly keepsPushUrl: boolean;
  /** Where the branch to push is. */
  readonly commit: string | undefined;
}

/** Looks, without changing anything, whether the repository can be connected as asked. */
export async function checkConnect(
  ports: Ports,
  local: LocalRepository,
  commonDir: string,
  request: ConnectRequest,
): Promise<Situation> {
  checkNames(request);
  const journal = new Journal(commonDir, (id) => ports.tokens.knowsChange(id));
  const holder = await journal.findHolder();
  if (holder) throw isBusy(holder);
  const configFile = configFileOf(commonDir, ports.openGit);
  const url = remoteUrl(ports.site, request.repository);
  const [commit, config, reading] = await Promise.all([
    checkBranch(ports, local, request),
    configFile.read(),
    ports.readRepository(local.root),
  ]);
  checkHelper(reading, url, request);
  const remote = checkRemote(ports, reading, config, request);
  const guard = isRewritten(reading.settings, url);
  return { commonDir, configFile, config, journal, isRewritten: guard, commit, ...remote };
}

function checkNames({ remote, email }: ConnectRequest): void {
  // https://git-scm.com/docs/git-check-ref-format, as far as a remote's name goes
  const isRefName = /^[^\s\p{Cc}~^:?*[\\./-][^\s\p{Cc}~^:?*[\\]*$/u.test(remote);
  if (!isRefName || /\.\.|\/\/|@\{|\/\.|(\.|\/|\.lock)$/.test(remote)) {
    throw new UserError(
      "RemoteExists",
      l10n.t("Git doesn't allow this remote name. Use letters, digits and dashes, such as “origin”."),
      { field: "remote" },
    );
  }
  if (email !== undefined && !/^[^\s\p{Cc}@<>]+@[^\s\p{Cc}@<>]+$/u.test(email)) {
    throw new UserError(
      "InvalidRepository",
      l10n.t("The commit email isn't valid. Correct it, or leave it empty to keep the current one."),
      { field: "email" },
    );
  }
}

async function checkBranch(
  ports: Ports,
  local: LocalRepository,
  request: ConnectRequest,
): Promise<string | undefined> {
  if (request.branch === undefined) return undefined;
  const withoutPush = {
    kind: "retry",
    title: l10n.t("Connect without pushing"),
    change: { push: false },
  } as const;
  // An empty name: asked to push what is checked out, and before the first commit no branch is.
  if (!local.hasCommits && ["", local.currentBranch].includes(request.branch)) {
    throw new UserError(
      "NothingToPush",
      l10n.t("This repository doesn't have a commit yet. Commit first, or connect without pushing."),
      {
        field: "branch",
        fixes: [withoutPush],
      },
    );
  }
  const commit = await findCommit(ports.openGit, local.root, `refs/heads/${request.branch}`);
  if (commit !== undefined) return commit;
  throw new UserError(
    "BranchNotFound",
    l10n.t("This repository doesn't have that branch. Choose another branch, or connect without pushing."),
    { field: "branch", fixes: [withoutPush] },
  );
}

function checkHelper({ settings }: RepositoryReading, url: string, request: ConnectRequest): void {
  if (request.gitAccess !== "credentialHelper" || hasOwnHelper(settings, url)) return;
  throw new UserError(
    "GitMissing",
    l10n.t(
      "Git doesn't have a credential helper for the token. Set one up (git config --global credential.helper …), or use VS Code.",
    ),
    {
      field: "gitAccess",
      fixes: [{ kind: "retry", title: l10n.t("Use VS Code"), change: { gitAccess: "vscode" } }],
    },
  );
}

/** What is there under the remote's name: nothing, the same repository in some spelling, or another one. */
function checkRemote(
  ports: Ports,
  { remotes }: RepositoryReading,
  config: GitConfig,
  request: ConnectRequest,
): Pick<Situation, "remoteIsNew" | "renamed" | "keepsPushUrl"> {
  const { remote, existingRemote } = request;
  const [urls, pushUrls] = ["url", "pushurl"].map((end) => config.get(`remote.${remote}.${end}`) ?? []);
  const all = [...(urls ?? []), ...(pushUrls ?? [])];
  const stays = { remoteIsNew: false, renamed: undefined, keepsPushUrl: false };
  if (all.length === 0) return { ...stays, remoteIsNew: true };
  const to = freeRemoteName(remotes, `${remote}-old`);
  if (existingRemote === "replace") return stays;
  if (existingRemote === "rename") return { ...stays, remoteIsNew: true, renamed: { from: remote, to } };
  const other = all.find((url) => !isOf(ports, request, url));
  if (other !== undefined) throw remoteExists(ports, remotes, request, other, to);
  // A push URL of the same repository, by SSH: Git fetches from one and pushes to the other, as the person set it up.
  const ssh = pushUrls?.find((url) => readRemoteUrl(url, ports.site).isSsh);
  if (ssh === undefined) return stays;
  if (existingRemote === "keepPushUrl") return { ...stays, keepsPushUrl: true };
  throw hasPushUrl(ports, request, ssh);
}

function isOf({ site }: Ports, request: ConnectRequest, url: string): boolean {
  const { repository } = readRemoteUrl(url, site);
  return repository !== undefined && isSameRepository(repository, request.repository);
}

function hasPushUrl({ site }: Ports, { remote }: ConnectRequest, url: string): UserError {
  return new UserError(
    "RemoteExists",
    l10n.t(
      "{0} has its own push URL: {1}. Keep it, or push to the new URL too.",
      remote,
      readRemoteUrl(url, site).displayUrl,
    ),
    {
      field: "remote",
      fixes: [
        { kind: "retry", title: l10n.t("Keep push URL"), change: { existingRemote: "keepPushUrl" } },
        { kind: "retry", title: l10n.t("Replace push URL"), change: { existingRemote: "replace" } },
      ],
    },
  );
}

function remoteExists(
  ports: Ports,
  remotes: readonly RemoteReading[],
  request: ConnectRequest,
  url: string,
  to: string,
): UserError {
  const { remote } = request;
  const other = freeRemoteName(remotes, "bitbucket");
  return new UserError(
    "RemoteExists",
    l10n.t(
      "The remote {0} already points to {1}. Keep it and add another one, rename it, or replace its URL.",
      remote,
      readRemoteUrl(url, ports.site).displayUrl,
    ),
    {
      field: "remote",
      fixes: [
        { kind: "retry", title: l10n.t("Keep it and add “{0}”", other), change: { remote: other } },
        { kind: "retry", title: l10n.t("Rename it to “{0}”", to), change: { existingRemote: "rename" } },
        { kind: "retry", title: l10n.t("Replace its URL"), change: { existingRemote: "replace" } },
      ],
    },
  );
}

export function freeRemoteName(remotes: readonly RemoteReading[], wanted: string): string {
  const taken = new Set(remotes.map(({ name }) => name));
  let free = wanted;
  for (let n = 2; taken.has(free); n++) free = `${wanted}-${n}`;
  return free;
}

/** Without a holder, another window was faster by a moment. */
export function isBusy(holder?: Awaited<ReturnType<Journal["findHolder"]>>): UserError {
  const takeOver: Fix = { kind: "retry", title: l10n.t("Take over"), change: { takeOver: true } };
  return new UserError("RemoteExists", busyMessage(holder?.host), {
    fixes: [tryAgain(), ...(holder && !holder.isThisWindow ? [takeOver] : [])],
  });
}

function busyMessage(host: string | undefined): string {
  return host === undefined || host === hostname()
    ? l10n.t("Another window is connecting this repository. Wait for it, then try again.")
    : l10n.t("This repository is being connected on {0}. Wait for it, or take over if it was stopped.", host);
}

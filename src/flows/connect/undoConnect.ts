import * as l10n from "@vscode/l10n";
import { existsSync } from "node:fs";
import type { BitbucketSite, RepositoryName } from "../../bitbucket/site";
import { remoteUrl } from "../../bitbucket/site";
import { gitUserName } from "../../bitbucket/token";
import { isSame } from "../../credentials/connectionStore";
import { approve, reject } from "../../credentials/gitCredential";
import type { StoredToken } from "../../credentials/tokenStore";
import { UserError } from "../../errors";
import type { GitConfigFile } from "../../git/gitConfigFile";
import type { LocalRepository } from "../../git/localRepository";
import { deleteRemoteRefs } from "../../git/push";
import type { Journal, JournalEntry } from "./journal";
import type { Ports } from "../ports";

/** A connect under way, as its journal has it. */
export interface UnfinishedConnect {
  readonly entry: JournalEntry;
  /** The config before the first change. */
  readonly text: string;
  readonly journal: Journal;
  readonly configFile: GitConfigFile;
  /** The `.git` folder that all worktrees share. */
  readonly commonDir: string;
}

/**
 * Brings the repository, the config and the stored token back to what they were. It serves a failure, a cancel and
 * the recovery after a crash alike, so each part copes with work that was never begun.
 */
export async function undoConnect(
  ports: Ports,
  local: LocalRepository,
  work: UnfinishedConnect,
): Promise<void> {
  const { entry, text, configFile, journal } = work;
  const site: BitbucketSite = { ...ports.site, webUrl: entry.webUrl };
  const repository = { workspace: entry.workspace, slug: entry.slug };
  // Without it nothing was stored yet, or another connect has stored its own since.
  const change = await ports.tokens.findChange(entry.id, site, repository);
  if (change && entry.gitAccess === "credentialHelper")
    await takeBackFromHelper(ports, local, site, repository, change.previous);
  // Renaming comes first, and the edits are planned for what it leaves: without it there is nothing to take back.
  if (await isRenamed(work)) {
    await configFile.revert(entry.edits, text);
    // Before the old remote has its name again: those refs are its own.
    if (entry.remoteIsNew) await deleteRemoteRefs(ports.openGit, local.root, entry.remote);
    await undoRename(local, work);
  }
  const isNeeded = change && change.previous === undefined && (await isUsedElsewhere(ports, work));
  if (!isNeeded) await change?.takeBack();
  await ports.tokens.dropChange(entry.id);
  await journal.end();
}

/** Why a connect failed, where undoing it failed too: what is left is undone by the next try or start. */
export function notTakenBack(error: unknown, cause: unknown): UserError {
  const left = l10n.t("Some changes couldn't be undone. The next attempt or restart will undo them.");
  const { code, message, field, fixes } = error instanceof UserError ? error : isUnexpected();
  return new UserError(code, `${message} ${left}`, {
    ...(field !== undefined && { field }),
    fixes,
    cause: error instanceof UserError ? cause : error,
  });
}

function isUnexpected(): UserError {
  return new UserError("BadAnswer", l10n.t("Something unexpected went wrong. See the log."), {
    fixes: [{ kind: "runCommand", title: l10n.t("Show log"), command: "bitbucketConnect.showLog" }],
  });
}

/** A clone takes the token as it is kept, so it is still as this connect left it. */
async function isUsedElsewhere(ports: Ports, { entry, commonDir }: UnfinishedConnect): Promise<boolean> {
  const connections = await ports.connections.list();
  return connections.some(
    (one) => isSame(one, entry) && one.commonDir !== commonDir && existsSync(one.commonDir),
  );
}

/** The person's helper forgets the new token, and remembers the one that it had from us. */
async function takeBackFromHelper(
  ports: Ports,
  local: LocalRepository,
  site: BitbucketSite,
  repository: RepositoryName,
  previous: StoredToken | undefined,
): Promise<void> {
  const current = await ports.tokens.get(site, repository);
  if (!current) return;
  const url = remoteUrl(site, repository);
  const credential = { url, username: gitUserName(current.kind), password: current.secret };
  await reject(ports.openGit, local.root, credential);
  if (!previous || !(await isHandedOver(ports, site, repository))) return;
  await approve(ports.openGit, local.root, {
    url,
    username: gitUserName(previous.kind),
    password: previous.secret,
  });
}

/** Some local repository, this one before the new connect or another, has the person's helper serve this token. */
async function isHandedOver(ports: Ports, site: BitbucketSite, repository: RepositoryName): Promise<boolean> {
  const connections = await ports.connections.list();
  return connections.some(
    (one) => one.gitAccess === "credentialHelper" && isSame(one, { ...site, ...repository }),
  );
}

async function isRenamed({ entry, configFile }: UnfinishedConnect): Promise<boolean> {
  return entry.renamed === undefined || (await configFile.read()).has(`remote.${entry.renamed.to}.url`);
}

async function undoRename(
  local: LocalRepository,
  { entry, text, configFile }: UnfinishedConnect,
): Promise<void> {
  if (!entry.renamed) return;
  const { from, to } = entry.renamed;
  if ((await configFile.read()).has(`remote.${from}.url`)) return;
  await local.renameRemote(to, from);
  await configFile.revert([], text);
}

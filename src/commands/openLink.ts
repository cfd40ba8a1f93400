import * as vscode from "vscode";
import { readConnectLink } from "../bitbucket/connectLink";
import { fullName, type BitbucketSite, type RepositoryName } from "../bitbucket/site";
import { UserError } from "../errors";
import { OpenRemotes } from "../git/openRemotes";
import { findGitApi } from "../git/vscodeGitApi";
import type { Parts } from "../parts";
import { readSite } from "../settings";
import { askCloneOrConnect } from "../ui/askCloneOrConnect";
import type { Log } from "../ui/log";
import { offerFixes } from "../ui/offerFixes";
import { settingsOf } from "./context";
import { findLinkFolder } from "./openLinkFolder";
import { runByHand } from "./runByHand";

/** A colleague's link leads to a clone, or into the form. Either asks before it does anything. */
export async function openLink(
  { path, query }: vscode.Uri,
  log: Log,
  startParts: () => Promise<Parts>,
): Promise<void> {
  try {
    const site = readSite(settingsOf(undefined));
    await lead(readConnectLink(path, query, site), site, await startParts());
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    log.failure("link", error);
    await offerFixes(error, () => Promise.resolve());
  }
}

/** VS Code hands a link to a window that is open, whose folder need not be the link's business. */
async function lead(linked: RepositoryName, site: BitbucketSite, parts: Parts): Promise<void> {
  const repository = fullName(linked);
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  if (folders.length === 0) return runByHand("cloneRepository", { repository });
  const git = await findGitApi();
  if (typeof git === "string") return runByHand("connectRepository", { repository }); // the form says why there is none
  const remotes = new OpenRemotes(parts.readRepository(git));
  const { folder, isClone } = await findLinkFolder(remotes, git.repositories, folders, site, linked);
  const way = isClone ? "connect" : await askCloneOrConnect(repository, folder);
  if (way === "clone") await runByHand("cloneRepository", { repository });
  if (way === "connect")
    await runByHand("connectRepository", { repository, ...(folder !== undefined && { folder }) });
}

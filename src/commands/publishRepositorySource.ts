import * as l10n from "@vscode/l10n";
import * as path from "node:path";
import { listProjects, type Project } from "../bitbucket/createRepository";
import { UserError } from "../errors";
import { toPresented } from "../flows/clone/listRepositoriesReach";
import type { Ports } from "../flows/ports";
import { listFiles } from "../flows/publish/prepareFolderFiles";
import type { FolderSituation } from "../flows/publish/prepareFolderLook";
import { findPublishTokens, listPublishWorkspaces, lookAtPlace } from "../flows/publish/publishTokens";
import { withProgress } from "../ui/progress";
import type { PublishSource } from "../ui/publish/publishPrompts";

/** What the questions of publishing this folder choose from. */
export function createPublishSource(ports: Ports, situation: FolderSituation): PublishSource {
  const { folder, state, proposal, identity } = situation;
  return {
    folderName: path.basename(folder),
    isFirstCommit: state !== "ready",
    proposal,
    identity,
    workspaces: (signal) => listPublishWorkspaces(ports, signal),
    projects: (workspace, signal) => projectsOf(ports, workspace, signal),
    place: async (workspace, slug, signal) => {
      const tokens = await findPublishTokens(ports, { workspace, slug });
      return tokens.length === 0 ? "unknown" : (await lookAtPlace(tokens, { workspace, slug }, signal)).kind;
    },
    files: async (writesIgnored) => {
      const question = { folder, hasGit: state !== "plain", ignored: writesIgnored ? proposal : [] };
      const title = l10n.t("Looking for files to commit");
      return withProgress(title, (signal) => listFiles(ports.openGit, { ...question, signal }));
    },
  };
}

/** As the first token that may list them sees them. */
async function projectsOf(ports: Ports, workspace: string, signal: AbortSignal): Promise<readonly Project[]> {
  const { site, send } = ports;
  for (const { stored } of await findPublishTokens(ports, { workspace, slug: "" })) {
    try {
      return await listProjects({ site, send, token: toPresented(stored), signal }, workspace);
    } catch (error) {
      if (!(error instanceof UserError)) throw error; // another token may list them
    }
  }
  return [];
}

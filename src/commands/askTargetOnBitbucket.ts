import * as vscode from "vscode";
import { bitbucketRemotes } from "../flows/push/pushTarget";
import { repositoryOfEditor } from "../git/vscodeRepository";
import { askRepository } from "../ui/askRepository";
import { askTarget, openTarget, requireGit, type CommandContext, type Target } from "./context";

/**
 * As `askTarget`, among the repositories that are on Bitbucket where some are not: that of the open file, the only one, or
 * the one that the person chooses.
 */
export async function askTargetOnBitbucket(
  context: CommandContext,
  folder: vscode.Uri | undefined,
  untyped: unknown,
): Promise<Target | undefined> {
  const git = await requireGit();
  if (untyped !== undefined || git.repositories.length < 2) return askTarget(context, folder, untyped);
  const { site, readRepository } = await context.createPorts(git);
  const roots = git.repositories.map(({ rootUri }) => rootUri.fsPath);
  const read = await Promise.all(roots.map((root) => readRepository(root).catch(() => undefined))); // on its way out
  const onBitbucket = roots.filter(
    (_, index) => bitbucketRemotes(read[index]?.remotes ?? [], site).length > 0,
  );
  const opened = repositoryOfEditor(git)?.rootUri.fsPath;
  const isClear = opened === undefined ? onBitbucket.length === 0 : onBitbucket.includes(opened);
  if (isClear || onBitbucket.length === 0) return askTarget(context, folder, untyped);
  const root = onBitbucket.length === 1 ? onBitbucket[0] : await askRepository(onBitbucket);
  return root === undefined ? undefined : openTarget(context, vscode.Uri.file(root));
}

import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { fullName } from "../bitbucket/site";
import type { PushPlan } from "../flows/push/planPush";
import { fetchIncoming } from "../flows/push/unrelatedHistories";
import { withProgress } from "../ui/progress";
import type { Target } from "./context";

/** The git API's numbers for files that one side alone has. */
const added = 1;
const deleted: readonly number[] = [2, 6];

/** Shows, file by file, what Bitbucket's branch has that ours has not. Nothing is merged. */
export async function showIncoming({ git, ports, local }: Target, plan: PushPlan): Promise<void> {
  const name = fullName(plan.repository);
  const incoming = await withProgress(l10n.t("Fetching from {0}", name), (signal) =>
    fetchIncoming(ports, local, plan, signal),
  );
  const repository = git.getRepository(vscode.Uri.file(local.root));
  if (!incoming || !repository) return;
  const ours = `refs/heads/${plan.branch}`;
  const [changes, base = ours] = await Promise.all([
    repository.diffBetween(ours, incoming.commit),
    repository.getMergeBase(ours, incoming.commit),
  ]);
  const rows = changes.map(({ status, originalUri, uri }) => [
    uri,
    status === added ? undefined : git.toGitUri(originalUri, base),
    deleted.includes(status) ? undefined : git.toGitUri(uri, incoming.commit),
  ]);
  await vscode.commands.executeCommand(
    "vscode.changes",
    l10n.t("Incoming from {0}: {1}", name, plan.target),
    rows,
  );
}

import * as l10n from "@vscode/l10n";
import { once } from "node:events";
import { toQuotation } from "../../bitbucket/theirWords";
import { UserError } from "../../errors";
import { readOnly, type OpenGit } from "../../git/openGit";
import { keepFiles, type FolderUndo } from "./prepareFolderUndo";

/** What git writes besides the commit itself. https://git-scm.com/docs/gitrepository-layout */
const writtenFiles = ["index", "COMMIT_EDITMSG", "logs/HEAD"];

/** Commits these paths and nothing else, with the person's own hooks, filters and signature. */
export async function commitFirst(
  openGit: OpenGit,
  folder: string,
  paths: readonly string[],
  undo: FolderUndo,
  signal: AbortSignal,
): Promise<void> {
  const gitDir = await openGit({ dir: folder }).raw([...readOnly, "rev-parse", "--absolute-git-dir"]);
  undo.add(await keepFiles(gitDir.replace(/\r?\n$/, ""), writtenFiles));
  const input = paths.map((file) => `${file.replace(/\/$/, "")}\0`).join("");
  try {
    await openGit({ dir: folder }).raw(["read-tree", "--empty"]);
    await runToEnd(openGit, { dir: folder, signal, input }, ["update-index", "--add", "-z", "--stdin"]);
    await undo.commitWith(() =>
      runToEnd(openGit, { dir: folder, signal }, ["commit", "--quiet", "--message", l10n.t("First commit")]),
    );
  } catch (error) {
    signal.throwIfAborted();
    throw commitFailed(error);
  }
}

/** A cancel is told at once, while git still cleans up after itself: what undoes its work has to wait for that. */
async function runToEnd(
  openGit: OpenGit,
  options: Parameters<OpenGit>[0],
  args: readonly string[],
): Promise<void> {
  const git = openGit(options);
  let ended: Promise<unknown> = Promise.resolve();
  git.outputHandler((_command, _stdout, stderr) => {
    ended = once(stderr, "close");
  });
  try {
    await git.raw([...args]);
  } finally {
    await ended;
  }
}

function commitFailed(cause: unknown): UserError {
  const said = cause instanceof Error ? (cause.message.trim().split(/\r?\n/).at(-1) ?? "") : "";
  return new UserError(
    "NothingToPush",
    l10n.t(
      "Git couldn't create the first commit: “{0}”. Fix the problem, then publish again.",
      toQuotation(said.replace(/^(fatal|error): /, "").slice(0, 300)),
    ),
    { cause, fixes: [{ kind: "retry", title: l10n.t("Try again"), change: {} }] },
  );
}

import * as l10n from "@vscode/l10n";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { UserError } from "../../errors";
import { isFileExists } from "../../fileErrors";
import { configFileOf, toDoneEdit } from "../../git/gitConfigFile";
import { findCommonDir } from "../../git/commonDir";
import type { OpenGit } from "../../git/openGit";
import { commitFirst } from "./prepareFolderCommit";
import { listFiles, type FolderFile } from "./prepareFolderFiles";
import { toIgnoreText } from "./prepareFolderIgnore";
import { cannotPublish, type FolderSituation, type Identity } from "./prepareFolderLook";
import { FolderUndo } from "./prepareFolderUndo";

/** What a person decides about a folder's first commit. */
export interface FolderChoices {
  /** The editor's own setting; git's where undefined. */
  readonly defaultBranch: string | undefined;
  /** Patterns for a new `.gitignore`; none writes no file. */
  readonly ignored: readonly string[];
  /** Paths below the folder; undefined: all that nothing warns of. */
  readonly files: readonly string[] | undefined;
  /** Kept for this repository; undefined where git knows the person. */
  readonly identity: Identity | undefined;
}

export interface PreparedFolder {
  /** What carries a warning and was left out without a question. */
  readonly leftOut: readonly FolderFile[];
  /** Takes back all that was made here, unless somebody has built on it since. */
  readonly undo: () => Promise<void>;
}

/**
 * Makes a folder a repository with a first commit, as far as it isn't one: git, a `.gitignore`, the person's name, the
 * commit. A failure or cancel takes back what was made; what was there before is never touched.
 */
export async function prepareFolder(
  openGit: OpenGit,
  situation: FolderSituation,
  choices: FolderChoices,
  signal: AbortSignal,
): Promise<PreparedFolder> {
  const undo = new FolderUndo(openGit, situation.folder);
  const leftOut: FolderFile[] = [];
  try {
    if (situation.state !== "ready") {
      if (situation.state === "plain") await initialize(openGit, situation.folder, choices, undo);
      signal.throwIfAborted();
      await writeIgnored(situation.folder, choices, undo);
      await keepIdentity(openGit, situation, choices, undo);
      signal.throwIfAborted();
      leftOut.push(...(await commitFiles(openGit, situation, choices, undo, signal)));
      signal.throwIfAborted();
    }
  } catch (error) {
    await undo.run();
    throw error;
  }
  return { leftOut, undo: () => undo.run() };
}

async function initialize(
  openGit: OpenGit,
  folder: string,
  { defaultBranch }: FolderChoices,
  undo: FolderUndo,
): Promise<void> {
  const gitDir = path.join(folder, ".git");
  await fs.mkdir(gitDir).catch((cause: unknown) => {
    throw cannotPublish(
      isFileExists(cause)
        ? l10n.t("This folder is now a repository. Try again.")
        : l10n.t("Can't write to {0}. Choose another folder.", folder),
      cause,
    );
  });
  undo.add(() => fs.rm(gitDir, { recursive: true, force: true, maxRetries: 5 }));
  const git = openGit({ dir: folder });
  await git.raw(["init", "--quiet"]);
  if (defaultBranch) await git.raw(["symbolic-ref", "HEAD", `refs/heads/${defaultBranch}`]);
}

async function writeIgnored(folder: string, { ignored }: FolderChoices, undo: FolderUndo): Promise<void> {
  if (ignored.length === 0) return;
  const file = path.join(folder, ".gitignore");
  const text = toIgnoreText(ignored);
  try {
    await fs.writeFile(file, text, { flag: "wx" });
  } catch (error) {
    if (isFileExists(error)) return; // somebody was faster, and theirs counts
    throw error;
  }
  undo.add(async () => {
    const now = await fs.readFile(file, "utf8").catch(() => undefined); // gone already
    if (now === text) await fs.rm(file);
  });
}

async function keepIdentity(
  openGit: OpenGit,
  { folder }: FolderSituation,
  { identity }: FolderChoices,
  undo: FolderUndo,
): Promise<void> {
  if (!identity) return;
  const configFile = configFileOf(await findCommonDir(folder), openGit);
  const [config, text] = await Promise.all([configFile.read(), configFile.text()]);
  const edits = Object.entries({ "user.name": identity.name, "user.email": identity.email }).map(
    ([key, value]) => ({ key, before: config.get(key) ?? [], after: [value] }),
  );
  undo.add(() => configFile.revert(edits.map(toDoneEdit), text));
  await configFile.apply(edits);
}

/** Returns what was left out. Without a file to take in there is no commit. */
async function commitFiles(
  openGit: OpenGit,
  situation: FolderSituation,
  choices: FolderChoices,
  undo: FolderUndo,
  signal: AbortSignal,
): Promise<readonly FolderFile[]> {
  const { folder } = situation;
  const { files, ignored } = choices;
  const found = files ? [] : await listFiles(openGit, { folder, hasGit: true, ignored: [], signal });
  const chosen = files ?? found.filter((file) => !file.warning).map((file) => file.path);
  const written = ignored.length > 0 ? [".gitignore"] : [];
  const paths = [...new Set([...chosen, ...written])];
  if (paths.length === 0) return found;
  checkIdentity(situation, choices);
  await commitFirst(openGit, folder, paths, undo, signal);
  return found.filter((file) => file.warning);
}

function checkIdentity({ identity }: FolderSituation, choices: FolderChoices): void {
  const { name, email } = { ...identity, ...choices.identity };
  if (name !== undefined && email !== undefined) return;
  throw new UserError(
    "NothingToPush",
    l10n.t(
      "Git needs your name and email for the first commit. Enter them, or set user.name and user.email with git config --global.",
    ),
    {
      field: "userName",
      fixes: [{ kind: "retry", title: l10n.t("Enter name and email"), change: { ask: true } }],
    },
  );
}

import * as l10n from "@vscode/l10n";
import * as fs from "node:fs/promises";
import { UserError } from "../../errors";
import { findCommit } from "../../git/localRepository";
import { readOnly, type OpenGit } from "../../git/openGit";
import { proposeIgnored } from "./prepareFolderIgnore";

/** Who makes a commit. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** A folder before it is published: without git, with git and no commit yet, or with commits. */
export interface FolderSituation {
  readonly folder: string;
  readonly state: "plain" | "unborn" | "ready";
  /** Patterns for a `.gitignore`; none where there is one, or where nothing calls for it. */
  readonly proposal: readonly string[];
  /** What git knows of the person; a commit needs both. */
  readonly identity: Partial<Identity>;
}

/** Changes nothing. Throws NotARepository for what can't be published by itself. */
export async function lookAtFolder(openGit: OpenGit, folder: string): Promise<FolderSituation> {
  const names = await fs.readdir(folder).catch((cause: unknown) => {
    throw cannotPublish(l10n.t("Can't read {0} as a folder. Open the folder to publish.", folder), cause);
  });
  const hasGit = await isOwnRoot(openGit, folder);
  if (hasGit && (await findCommit(openGit, folder, "HEAD")) !== undefined) {
    return { folder, state: "ready", proposal: [], identity: {} };
  }
  return {
    folder,
    state: hasGit ? "unborn" : "plain",
    proposal: names.includes(".gitignore") ? [] : proposeIgnored(names),
    identity: await readIdentity(openGit, folder),
  };
}

/** False for a folder without git. One inside another repository is that one's, and not published unasked. */
async function isOwnRoot(openGit: OpenGit, folder: string): Promise<boolean> {
  const top = await openGit({ dir: folder })
    .raw([...readOnly, "rev-parse", "--show-toplevel"])
    .catch((error: unknown) => {
      if (error instanceof Error && /not a git repository/i.test(error.message)) return undefined;
      throw cannotPublish(l10n.t("Git can't read this folder. See Git's log, then try again."), error);
    });
  if (top === undefined) return false;
  const root = top.replace(/\r?\n$/, "");
  if ((await fs.realpath(root)) === (await fs.realpath(folder))) return true;
  throw new UserError(
    "NotARepository",
    l10n.t("This folder is inside the repository {0}. Publish that one, or move the folder out of it.", root),
    {
      field: "folder",
      fixes: [{ kind: "retry", title: l10n.t("Publish {0}", root), change: { folder: root } }],
    },
  );
}

/** git must not make a name up out of the machine's. https://git-scm.com/docs/git-var */
async function readIdentity(openGit: OpenGit, folder: string): Promise<Partial<Identity>> {
  const git = openGit({ dir: folder });
  const ask = (variable: string) =>
    git.raw(["-c", "user.useConfigOnly=true", "var", variable]).catch(() => "");
  const [asAuthor, committer] = await Promise.all([ask("GIT_AUTHOR_IDENT"), ask("GIT_COMMITTER_IDENT")]);
  const author = /^(.+) <(.+)> \d/.exec(asAuthor);
  if (author?.[1] !== undefined && author[2] !== undefined && committer !== "") {
    return { name: author[1], email: author[2] };
  }
  const get = async (key: string) => (await git.raw(["config", "--get", key]).catch(() => "")).trim();
  const [name, email] = await Promise.all([get("user.name"), get("user.email")]);
  return { ...(name !== "" && { name }), ...(email !== "" && { email }) };
}

export function cannotPublish(message: string, cause?: unknown): UserError {
  return new UserError("NotARepository", message, { field: "folder", cause });
}

import { readOnly, type OpenGit } from "./openGit";

/** How many commits `git rev-list` would name. */
export async function countCommits(openGit: OpenGit, dir: string, range: readonly string[]): Promise<number> {
  const output = await openGit({ dir }).raw([...readOnly, "rev-list", "--count", ...range]);
  return Number(output.trim());
}

/** Whether two commits have an ancestor in common, as far as this clone reaches. */
export async function areRelated(openGit: OpenGit, dir: string, a: string, b: string): Promise<boolean> {
  const git = openGit({ dir });
  const base = await git.raw([...readOnly, "merge-base", a, b]).catch(() => ""); // git exits with 1 where there is none
  if (base.trim() !== "") return true;
  const isShallow = await git.raw([...readOnly, "rev-parse", "--is-shallow-repository"]);
  return isShallow.trim() === "true";
}

/** Whether a branch of the remote, as it was last fetched, has this commit. */
export async function isOnRemote(
  openGit: OpenGit,
  dir: string,
  remote: string,
  commit: string,
): Promise<boolean> {
  const refs = ["--count=1", "--format=%(refname)", "--contains", commit, `refs/remotes/${remote}`];
  const output = await openGit({ dir }).raw([...readOnly, "for-each-ref", ...refs]);
  return output.trim() !== "";
}

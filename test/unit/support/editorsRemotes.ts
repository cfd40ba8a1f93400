import { execFileSync } from "node:child_process";
import type { OpenRemotes } from "../../../src/git/openRemotes";
import type { GitApiHead, GitApiRemote } from "../../../src/git/vscodeGitApi";

/** No rule stands in any config: Git knows the remotes as the editor does. */
export const editorsRemotes: Pick<OpenRemotes, "of"> = {
  of: ({ state }) =>
    Promise.resolve(
      state.remotes.map(({ name, fetchUrl = "", pushUrl = fetchUrl }) => ({
        name,
        fetchUrl,
        pushUrls: [pushUrl],
      })),
    ),
};

/**
 * A repository's state as the editor shows it: the remotes stand in `.git/config` itself, without includes and rules, and
 * each has a push URL. https://github.com/microsoft/vscode/blob/1.100.0/extensions/git/src/git.ts (parseGitRemotes)
 */
export function editorsView(root: string): { readonly HEAD: GitApiHead; readonly remotes: GitApiRemote[] } {
  const common = tryGit(root, "rev-parse", "--path-format=absolute", "--git-common-dir");
  const listed = tryGit(root, "config", "-z", "--no-includes", "--file", `${common}/config`, "--list");
  const remotes = new Map<string, { name: string; fetchUrl?: string; pushUrl?: string }>();
  for (const entry of listed.split("\0")) {
    const [key = "", value = ""] = entry.split("\n");
    const [, name, what] = /^remote\.(.+)\.(url|pushurl)$/.exec(key) ?? [];
    if (name === undefined) continue;
    const remote = remotes.get(name) ?? { name };
    remotes.set(name, remote);
    if (what === "url") remote.fetchUrl = value;
    else remote.pushUrl = value;
  }
  const all = [...remotes.values()].map((remote) => {
    const pushUrl = remote.pushUrl ?? remote.fetchUrl;
    return { ...remote, ...(pushUrl !== undefined && { pushUrl }) };
  });
  return { HEAD: head(root), remotes: all };
}

function head(root: string): GitApiHead {
  const name = tryGit(root, "symbolic-ref", "--short", "-q", "HEAD");
  const commit = tryGit(root, "rev-parse", "-q", "--verify", "HEAD");
  const format = "--format=%(upstream:remotename)%00%(upstream:remoteref)";
  const [remote = "", merge = ""] = tryGit(root, "for-each-ref", format, `refs/heads/${name}`).split("\0");
  const upstream = { remote, name: merge.replace(/^refs\/heads\//, "") };
  return { name, commit, ...(merge !== "" && { upstream }) };
}

function tryGit(cwd: string, ...args: string[]): string {
  try {
    return execFileSync("git", args, { cwd, encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return "";
  }
}

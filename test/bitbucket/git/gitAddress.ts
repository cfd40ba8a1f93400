import type { GitService } from "../wire/requestLog";

/** A request of git's smart protocol. */
export interface GitAddress {
  /** `acme/api` */
  readonly fullName: string;
  /** `info/refs`, `git-upload-pack` or `git-receive-pack`. */
  readonly rest: string;
  readonly service: GitService;
}

/** Undefined for what isn't git's. A repository is found with and without `.git`. */
export function parseGitAddress(path: string, service: GitService | undefined): GitAddress | undefined {
  const match = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(path);
  if (!match || !service) return undefined;
  const [, workspace = "", slug = "", rest = ""] = match;
  return { fullName: `${decodeURIComponent(workspace)}/${decodeURIComponent(slug)}`, rest, service };
}

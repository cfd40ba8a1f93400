import type { GitService } from "../wire/requestLog";

/** A request of Git LFS: to its API beside a repository, or to the store of its objects. */
export type LfsAddress =
  | { readonly kind: "api"; readonly fullName: string; readonly rest: string }
  | { readonly kind: "store"; readonly oid: string };

/** https://github.com/git-lfs/git-lfs/blob/main/docs/api/server-discovery.md */
export function parseLfsAddress(path: string): LfsAddress | undefined {
  const store = /^\/lfs-media\/([0-9a-f]{64})$/.exec(path)?.[1];
  if (store !== undefined) return { kind: "store", oid: store };
  const [, workspace, slug, rest] = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/info\/lfs\/(.+)$/.exec(path) ?? [];
  if (workspace === undefined || slug === undefined || rest === undefined) return undefined;
  return { kind: "api", fullName: `${decodeURIComponent(workspace)}/${decodeURIComponent(slug)}`, rest };
}

/** What a request needs of a token, as git's two services do. */
export function serviceOf(method: string, rest: string, operation: unknown): GitService {
  const isReading = rest === "objects/batch" ? operation !== "upload" : method === "GET";
  return isReading ? "git-upload-pack" : "git-receive-pack";
}

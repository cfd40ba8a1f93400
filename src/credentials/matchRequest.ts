import { lowerCaseHost } from "../bitbucket/gitUrl";
import type { BitbucketSite, RepositoryName } from "../bitbucket/site";
import type { CredentialRequest } from "./credentialProtocol";

/**
 * The repository that git asks about, in lower case as Bitbucket's names are; `undefined` for anything but the
 * configured scheme, host and port, and a path that is one repository's or its LFS store's.
 */
export function matchRequest(request: CredentialRequest, site: BitbucketSite): RepositoryName | undefined {
  const url = new URL(site.webUrl);
  if (`${request.protocol}:` !== url.protocol || !isHost(request.host, url)) return undefined;
  const prefix = url.pathname === "/" ? "" : `${url.pathname.slice(1).replace(/\/$/, "")}/`;
  if (!request.path?.startsWith(prefix)) return undefined;
  return toRepository(request.path.slice(prefix.length));
}

function isHost(host: string, url: URL): boolean {
  const [, name, port] =
    /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([1-9]\d{0,4}))?$/.exec(lowerCaseHost(host)) ?? [];
  const defaultPort = url.protocol === "https:" ? "443" : "80";
  return name === url.hostname && (port ?? defaultPort) === (url.port || defaultPort);
}

/** git hands the path over decoded, so a `%` or a backslash in it is somebody's trick. */
function toRepository(path: string): RepositoryName | undefined {
  const [workspace, folder, ...below] = path.split("/");
  if (!workspace || !folder || ![workspace, folder, ...below].every(isName)) return undefined;
  if (below.length > 0 && !isLfsStore(folder, below)) return undefined;
  const slug = folder.replace(/\.git$/i, "");
  return isName(slug) ? { workspace: workspace.toLowerCase(), slug: slug.toLowerCase() } : undefined;
}

function isName(segment: string): boolean {
  return /^[\w.-]+$/.test(segment) && !/^\.+$/.test(segment);
}

/** https://github.com/git-lfs/git-lfs/blob/main/docs/api/server-discovery.md */
function isLfsStore(folder: string, below: readonly string[]): boolean {
  return folder.endsWith(".git") && below[0] === "info" && below[1] === "lfs";
}

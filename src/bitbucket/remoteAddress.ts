import { UserError } from "../errors";
import { decodePercent, splitGitUrl, type GitUrl } from "./gitUrl";
import { toRepositoryName } from "./repositoryName";
import { locateOnSite } from "./siteLocation";
import type { BitbucketSite, RepositoryName } from "./site";
import { hideTokens, isPlaceholder, tokenHint } from "./token";

/** What git has as a remote's URL. */
export interface RemoteAddress {
  /** Present where the remote is on the configured Bitbucket. */
  readonly repository?: RepositoryName;
  /** For people: without secret, query and user name, but for SSH's `git@`. */
  readonly displayUrl: string;
  readonly userName?: string;
  /** What git would send as the password, decoded. */
  readonly secret?: string;
  readonly isSsh: boolean;
  /** It is Bitbucket's, but for the `s` of https: no token goes there. */
  readonly isPlainHttp?: true;
}

/** Never throws: a remote may be anything, a folder or another host among them. */
export function readRemoteUrl(url: string, site: BitbucketSite): RemoteAddress {
  const parts = splitGitUrl(url.trim());
  if (!parts) return { displayUrl: hideTokens(withoutUserInfo(url.trim())), isSsh: false };
  const encrypted = repositoryOf(parts, site);
  const repository = encrypted ?? (parts.scheme === "http" ? repositoryOf(toHttps(parts), site) : undefined);
  return {
    ...(repository && { repository }),
    ...(repository && !encrypted && { isPlainHttp: true }),
    displayUrl: toDisplayUrl(parts),
    ...readUserInfo(parts),
    isSsh: parts.scheme === "ssh",
  };
}

function repositoryOf(url: GitUrl, site: BitbucketSite): RepositoryName | undefined {
  try {
    const { kind, segments } = locateOnSite(url, site);
    const [workspace, slug, ...others] = segments;
    if (kind === "api" || workspace === undefined || slug === undefined || others.length > 0)
      return undefined;
    return toRepositoryName(workspace, slug, site);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function toHttps(url: GitUrl): GitUrl {
  return { ...url, scheme: "https", port: url.port === "80" ? undefined : url.port };
}

/** Some write the token where the user name goes; an example's placeholder is none. */
function readUserInfo(url: GitUrl): Pick<RemoteAddress, "userName" | "secret"> {
  const userName = decodePercent(url.userName ?? "");
  const password = decodePercent(url.password ?? "");
  const secret = isPlaceholder(password) ? "" : password;
  if (secret === "" && tokenHint(userName)) return { secret: userName };
  return { ...(userName !== "" && { userName }), ...(secret !== "" && { secret }) };
}

function toDisplayUrl(url: GitUrl): string {
  const user = url.scheme === "ssh" && url.userName === "git" ? "git@" : "";
  if (url.isScpLike) return hideTokens(`${user}${url.host}:${url.path}`);
  const port = url.port === undefined ? "" : `:${url.port}`;
  return hideTokens(`${url.scheme}://${user}${url.host}${port}${url.path}`);
}

/** For a URL too malformed to be split: whatever stands before its last `@` may be a secret. */
function withoutUserInfo(text: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0];
  return scheme === undefined
    ? text
    : scheme + text.slice(Math.max(text.lastIndexOf("@") + 1, scheme.length));
}

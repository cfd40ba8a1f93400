import { UserError } from "../errors";
import { invalidRepository } from "./addressFault";
import { parseGitCommand } from "./gitCommand";
import { decodePercent, lowerCaseHost, splitGitUrl, type GitUrl } from "./gitUrl";
import { isBranchName, readPage, type PageTarget } from "./pagePath";
import { locateOnSite } from "./siteLocation";
import { toRepositoryName } from "./repositoryName";
import type { BitbucketSite, RepositoryName } from "./site";
import { isPlaceholder, tokenHint } from "./token";

/** A repository as a person named it, with what else the address was about. */
export interface ParsedAddress extends PageTarget {
  readonly repository: RepositoryName;
  /** The text holds what may be a token: it must not be shown or kept. */
  readonly holdsSecret: boolean;
}

/** One line: a repository in any spelling, or a whole git command. Throws InvalidRepository. */
export function parseLine(line: string, site: BitbucketSite): ParsedAddress {
  const command = parseGitCommand(line);
  if (!command) return parseWord(toUrl(withoutQuotes(line), site), site);
  if (command.address === undefined) throw invalidRepository({ kind: "commandWithoutAddress" }, site);
  const address = parseWord(toUrl(command.address, site), site);
  return checkBranch(command.branch === undefined ? address : { ...address, branch: command.branch }, site);
}

/** Undefined where `parseLine` would throw. */
export function tryParseLine(line: string, site: BitbucketSite): ParsedAddress | undefined {
  try {
    return parseLine(line, site);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function withoutQuotes(line: string): string {
  return line.replace(/[,;)]{1,3}$/, "").replace(/^(?:"(.*)"|'(.*)'|`(.*)`|<(.*)>|“(.*)”)$/, "$1$2$3$4$5");
}

/**
 * Other tools' spellings of a repository, as the URL that they mean: npm's, pip's and Go's, and the links of editors and
 * Git clients; anything else as it is.
 */
export function toUrl(spelling: string, site: BitbucketSite): string {
  const word = linkedUrl(spelling) ?? spelling;
  const { protocol, host } = new URL(site.webUrl);
  if (word.startsWith(`//${host}/`)) return `${protocol}${word}`;
  // npm takes an scp-like path after a scheme, and Go a version after the path.
  const plainSsh = word.replace(/^((?:git\+)?ssh:\/\/(?:[^/:@]*@)?[^/:@]+):(?!\d*(?:\/|$))/i, "$1/");
  if (plainSsh !== word) return plainSsh;
  if (word.startsWith(`${host}/`)) return word.replace(/@(?:v\d[\w.+-]*|latest)$/, "");
  const npm = /^bitbucket:(?:([^/@\s]+)@)?([\w-]+\/[\w.-]+)(#.*)?$/s.exec(word);
  const signIn = npm?.[1] === undefined ? "" : `${npm[1]}@`;
  const url = npm ? `git+${protocol}//${signIn}${host}/${npm[2] ?? ""}${npm[3] ?? ""}` : word;
  if (!/^git\+https?:/i.test(url)) return word;
  const [, plain = "", revision = "", fragment = ""] =
    /^git\+(https?:\/\/[^/#]*\/?[^#]*?)(?:@([^@/:#]+(?:\/[^@:#]*)?))?(?:#(.*))?$/is.exec(url) ?? [];
  const branch = revision || (/[:=]/.test(fragment) ? "" : fragment);
  return isBranchName(branch) ? `${plain}?at=${encodeURIComponent(branch)}` : plain;
}

/** `vscode://vscode.git/clone?url=…`, `sourcetree://cloneRepo?…&cloneUrl=…` */
function linkedUrl(link: string): string | undefined {
  const [, url] = /^[a-z][a-z0-9+.-]*:\/\/[^?#]*\?(?:[^#]*&)?(?:url|cloneUrl)=([^&#]+)/i.exec(link) ?? [];
  return url === undefined || /^https?:/i.test(link) ? undefined : decodePercent(url);
}

function parseWord(word: string, site: BitbucketSite): ParsedAddress {
  if (/[\s\\\p{C}]/u.test(word)) {
    // Prose is likelier than an address with a character too many.
    throw invalidRepository({ kind: /:\/\/|^[^\s]+$/.test(word) ? "oddCharacter" : "notAnAddress" }, site);
  }
  if (tokenHint(word) && !word.includes("/")) throw invalidRepository({ kind: "token" }, site);
  const url = splitGitUrl(withScheme(word, site));
  return url ? parseUrl(url, site) : parseShortForm(word, site);
}

/** People copy `bitbucket.org/workspace/slug` without its `https://`. */
function withScheme(word: string, site: BitbucketSite): string {
  const { host, protocol } = new URL(site.webUrl);
  const authority = lowerCaseHost(/^[^/?#]*/.exec(word)?.[0] ?? "");
  const named = authority.slice(authority.lastIndexOf("@") + 1);
  return named === host || named === `www.${host}` ? `${protocol}//${word}` : word;
}

function parseShortForm(word: string, site: BitbucketSite): ParsedAddress {
  const [workspace = "", slug, ...others] = word.replace(/\/$/, "").split("/");
  const isHost = /^[\w-]+(?:\.[\w-]+)+$/.test(workspace);
  if (isHost) throw invalidRepository({ kind: "otherHost", host: workspace.toLowerCase() }, site);
  if (slug === undefined || others.length > 0) throw invalidRepository({ kind: "notAnAddress" }, site);
  return { repository: toRepositoryName(workspace, slug, site), holdsSecret: false };
}

function parseUrl(url: GitUrl, site: BitbucketSite): ParsedAddress {
  const location = locateOnSite(url, site);
  const [workspace, slug, ...page] = location.segments;
  if (workspace === undefined) throw invalidRepository({ kind: "notAnAddress" }, site);
  if (slug === undefined) throw invalidRepository({ kind: "noRepository" }, site);
  if (location.kind === "web" && isOtherPage(workspace, slug)) {
    throw invalidRepository({ kind: "notARepositoryPage" }, site);
  }
  const repository = toRepositoryName(workspace, slug, site);
  if (location.kind === "ssh" && page.length > 0) throw invalidRepository({ kind: "badSlug" }, site);
  const target = readPage(
    page.filter((part) => part !== "").map((part) => decodeSegment(part, page[1], site)),
    url.query,
  );
  const holdsSecret = isSecretPart(url.password) || tokenHint(url.userName ?? "") !== undefined;
  return checkBranch({ repository, ...target, holdsSecret }, site);
}

/** An example's placeholder is none. */
function isSecretPart(password: string | undefined): boolean {
  return Boolean(password) && !isPlaceholder(decodePercent(password ?? ""));
}

/** Bitbucket's own pages stand where workspaces and repositories do. */
function isOtherPage(workspace: string, slug: string): boolean {
  const sitePages = ["account", "dashboard", "product", "repo", "site", "snippets", "workspaces"];
  return sitePages.includes(workspace.toLowerCase()) || slug.toLowerCase() === "workspace";
}

function decodeSegment(segment: string, page: string | undefined, site: BitbucketSite): string {
  const decoded = decodePercent(segment);
  const hasDots = decoded.split("/").some((part) => part === "." || part === "..");
  if (hasDots) throw invalidRepository({ kind: "dotSegment" }, site);
  // Bitbucket puts a line break between two branches that it compares.
  const checked = page === "compare" ? decoded.replace("\r", "") : decoded;
  if (/[\\\p{Cc}]/u.test(checked)) throw invalidRepository({ kind: "oddCharacter" }, site);
  return decoded;
}

function checkBranch(address: ParsedAddress, site: BitbucketSite): ParsedAddress {
  if (address.branch === undefined || isBranchName(address.branch)) return address;
  throw invalidRepository({ kind: "badBranch" }, site);
}

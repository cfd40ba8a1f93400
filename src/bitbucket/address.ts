import { UserError } from "../errors";
import { invalidRepository } from "./addressFault";
import { parseGitCommand } from "./gitCommand";
import { decodePercent, lowerCaseHost, splitGitUrl, type GitUrl } from "./gitUrl";
import { isBranchName, readPage, type PageTarget } from "./pagePath";
import { locateOnSite } from "./siteLocation";
import { toRepositoryName } from "./repositoryName";
import type { BitbucketSite, RepositoryName } from "./site";
import { findTokens, tokenHint } from "./token";

export { readRemoteUrl, type RemoteAddress } from "./remoteAddress";

/** A repository as a person named it, with what else the address was about. */
export interface ParsedAddress extends PageTarget {
  readonly repository: RepositoryName;
  /** The text holds what may be a token: it must not be shown or kept. */
  readonly holdsSecret: boolean;
}

const longestText = 4096;

/**
 * Any spelling of a repository on the configured Bitbucket: `workspace/slug`, an https, ssh or git@ URL, a page's
 * or the API's address, a whole git command, or several lines of which one is such. Throws InvalidRepository.
 */
export function parseAddress(text: string, site: BitbucketSite): ParsedAddress {
  const trimmed = text.trim();
  if (trimmed === "") throw invalidRepository({ kind: "empty" }, site);
  if (trimmed.length > longestText) throw invalidRepository({ kind: "tooLong" }, site);
  const address = parseLines(trimmed.split(/\r\n|\r|\n/), site);
  return findTokens(trimmed).length > 0 ? { ...address, holdsSecret: true } : address;
}

/** Undefined where `parseAddress` would throw. */
export function tryParseAddress(text: string, site: BitbucketSite): ParsedAddress | undefined {
  try {
    return parseAddress(text, site);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The first line that is an address wins; where none is, the first line's fault is what is told. */
function parseLines(lines: readonly string[], site: BitbucketSite): ParsedAddress {
  const [first = "", ...others] = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (others.length === 0) return parseLine(first, site);
  for (const line of [first, ...others]) {
    const address = tryParseAddress(line, site);
    if (address) return address;
  }
  return parseLine(first, site);
}

function parseLine(line: string, site: BitbucketSite): ParsedAddress {
  const command = parseGitCommand(line);
  if (!command) return parseWord(withoutQuotes(line), site);
  if (command.address === undefined) throw invalidRepository({ kind: "commandWithoutAddress" }, site);
  const address = parseWord(command.address, site);
  return checkBranch(command.branch === undefined ? address : { ...address, branch: command.branch }, site);
}

function withoutQuotes(line: string): string {
  return line.replace(/^(?:"(.*)"|'(.*)'|`(.*)`|<(.*)>|“(.*)”)$/, "$1$2$3$4$5");
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
    page.filter((part) => part !== "").map((part) => decodeSegment(part, site)),
    url.query,
  );
  const holdsSecret = Boolean(url.password) || tokenHint(url.userName ?? "") !== undefined;
  return checkBranch({ repository, ...target, holdsSecret }, site);
}

/** Bitbucket's own pages stand where workspaces and repositories do. */
function isOtherPage(workspace: string, slug: string): boolean {
  const sitePages = ["account", "dashboard", "product", "repo", "site", "snippets", "workspaces"];
  return sitePages.includes(workspace.toLowerCase()) || slug.toLowerCase() === "workspace";
}

function decodeSegment(segment: string, site: BitbucketSite): string {
  const decoded = decodePercent(segment);
  const hasDots = decoded.split("/").some((part) => part === "." || part === "..");
  if (hasDots) throw invalidRepository({ kind: "dotSegment" }, site);
  if (/[\\\p{Cc}]/u.test(decoded)) throw invalidRepository({ kind: "oddCharacter" }, site);
  return decoded;
}

function checkBranch(address: ParsedAddress, site: BitbucketSite): ParsedAddress {
  if (address.branch === undefined || isBranchName(address.branch)) return address;
  throw invalidRepository({ kind: "badBranch" }, site);
}

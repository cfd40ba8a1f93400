import { toUrl, tryParseLine } from "./addressLine";
import { parseGitCommand, splitWords } from "./gitCommand";
import { decodePercent, splitGitUrl } from "./gitUrl";
import { isBranchName } from "./pagePath";
import { isSecret, readNetrc, readSignIn, type PastedSignIn } from "./pastedSignIn";
import { readRemoteUrl } from "./remoteAddress";
import { repositoryKey, type BitbucketSite, type RepositoryName } from "./site";
import { findTokens, tokenFault } from "./token";

/** What Bitbucket shows after a token was created, as far as a pasted text has it. */
export interface Snippet {
  readonly token?: string;
  readonly repository?: RepositoryName;
  /** For commits. */
  readonly email?: string;
  readonly branch?: string;
  /** What stands beside the token as the user: the Atlassian account's email, for an API token. */
  readonly userName?: string;
}

/** An e-mail address with how sure it is the one to commit with: 0 is surest. */
interface RankedEmail {
  readonly address: string;
  readonly rank: 0 | 1 | 2;
}

interface Findings {
  readonly tokens: string[];
  readonly repositories: RepositoryName[];
  readonly emails: RankedEmail[];
  readonly branches: string[];
  readonly userNames: string[];
}

/** Enough for all that Bitbucket shows; a file pasted by mistake must not hold up the form. */
const longestText = 10_000;

/**
 * Reads any part of it, in any order, with prompts, quotes, labels and explanations around. Never throws. Where
 * the text has several different tokens, repositories or addresses, it gives none of them: a guess could keep an
 * old secret or send one to the wrong repository. What stands in another host's URL counts for nothing.
 */
export function parseSnippet(text: string, site: BitbucketSite): Snippet {
  const found: Findings = { tokens: [], repositories: [], emails: [], branches: [], userNames: [] };
  const lines = toLines(text.slice(0, longestText));
  const netrc = readNetrc(lines.flatMap(splitWords), new URL(site.webUrl).host);
  if (netrc) takeSignIn(netrc, found);
  for (const line of lines) readLine(line, site, found);
  if (isEmpty(found) && text.length <= longestText) readBareWord(text.trim(), site, found);
  return toSnippet(found);
}

/** Lines that a shell joins are one; of a link in Markdown or HTML its address counts. */
function toLines(text: string): readonly string[] {
  return text
    .replace(/[\\^`]\r?\n/g, " ")
    .replace(/\[[^\]\n]{0,500}\]\(([^()\s]{1,2000})\)/g, " $1 ")
    .replace(/<(\/?(?:a|p|code|pre|br|div|span|li|b|i|em|strong|td))\b([^<>]{0,3000})>/gi, htmlLink)
    .split(/[\r\n]+/);
}

function htmlLink(_tag: string, _name: string, attributes: string): string {
  return ` ${/\bhref=["']?([^"'\s]+)/i.exec(attributes)?.[1] ?? ""} `;
}

/** Whether a text is a token, or holds one, and names no repository. */
export function holdsToken(text: string, site: BitbucketSite): boolean {
  const { token, repository } = parseSnippet(text, site);
  return token !== undefined && !repository;
}

function readLine(line: string, site: BitbucketSite, found: Findings): void {
  const command = parseGitCommand(line);
  if (command?.branch !== undefined && !isBranchName(command.branch)) return;
  const words = splitWords(line).flatMap((word) => word.split(/\s+/).map(withoutPunctuation));
  const foreign = words.filter((word, index) => !readWord(word, words, index, site, found));
  const isForeign = command?.words.some((word) => foreign.includes(withoutPunctuation(word)));
  const branch = isForeign ? undefined : command?.branch;
  if (branch !== undefined) found.branches.push(branch);
  const lone = valueOfLine(line);
  if (lone !== undefined && isTokenOfUnknownFormat(lone.value, lone.label))
    found.tokens.push(decodePercent(lone.value));
}

/** False where the word is an address that isn't on the configured Bitbucket. */
function readWord(
  word: string,
  line: readonly string[],
  index: number,
  site: BitbucketSite,
  found: Findings,
): boolean {
  const signIn = readSignIn(word, line[index - 1]);
  if (signIn && isSecret(signIn.password)) {
    takeSignIn(signIn, found);
    return true;
  }
  const value = word.replace(/^[\w.-]+=(?=.*@)/, "");
  if (isEmail(value)) {
    const rank = rankEmail(value, line);
    if (rank !== undefined) found.emails.push({ address: value, rank });
  } else if (isAddressLike(value, site)) {
    return readAddress(value, site, found);
  } else {
    found.tokens.push(...findTokens(value).map(decodePercent));
  }
  return true;
}

function takeSignIn({ userName, password }: PastedSignIn, { tokens, userNames }: Findings): void {
  if (!isSecret(password)) return;
  tokens.push(decodePercent(password));
  if (isEmail(userName)) userNames.push(userName);
}

function readAddress(word: string, site: BitbucketSite, found: Findings): boolean {
  const scheme = word.search(/[a-z][a-z0-9+.-]{0,20}:\/\//i);
  const url = toUrl(scheme > 0 ? word.slice(scheme) : word, site);
  const address = tryParseLine(url, site);
  const isWhole = url.includes("://") || readRemoteUrl(url, site).repository !== undefined;
  const plain = isWhole ? url : `${new URL(site.webUrl).protocol}//${url}`;
  const { secret, userName = "" } = readRemoteUrl(plain, site);
  if (!address && !isHostAlone(plain, site)) return false;
  if (address) found.repositories.push(address.repository);
  if (address?.branch !== undefined) found.branches.push(address.branch);
  if (secret !== undefined) takeSignIn({ userName, password: secret }, found);
  return true;
}

/** A line of `.git-credentials`: the host with a sign-in, and no repository. */
function isHostAlone(url: string, site: BitbucketSite): boolean {
  const parts = splitGitUrl(url);
  const { protocol, host, pathname } = new URL(site.webUrl);
  const authority = `${parts?.host ?? ""}${parts?.port === undefined ? "" : `:${parts.port}`}`;
  const isOurs = `${parts?.scheme ?? ""}:` === protocol && authority === host;
  return isOurs && pathname === "/" && (parts?.path === "" || parts?.path === "/");
}

function isAddressLike(word: string, site: BitbucketSite): boolean {
  const { host } = new URL(site.webUrl);
  const isHost = (text: string) => text === host || text === `www.${host}` || text === `//${host}`;
  return /:\/\/|@|^bitbucket:/.test(word) || isHost(/^(?:\/\/)?[^/:]*/.exec(word.toLowerCase())?.[0] ?? "");
}

/** A text of one word may be `workspace/slug`, or a token of a format that we don't know. */
function readBareWord(word: string, site: BitbucketSite, found: Findings): void {
  if (/\s/.test(word) || isEmail(word)) return;
  const address = word.includes("/") ? tryParseLine(word, site) : undefined;
  if (address) found.repositories.push(address.repository);
  else if (/^[\w=.~+%-]{20,}$/.test(word) && /\d/.test(word) && /[A-Za-z]/.test(word)) {
    if (tokenFault(decodePercent(word)) === undefined) found.tokens.push(decodePercent(word));
  }
}

/** The one value of a line, after a label or a prompt if there is one. */
function valueOfLine(line: string): { readonly value: string; readonly label: string } | undefined {
  const words = splitWords(line.replace(/^(\s*(?:export\s+)?[\w-]{0,40}token[\w-]{0,40})=/i, "$1: "));
  const value = words.at(-1);
  const label = words.slice(0, -1).join(" ");
  return value === undefined || !/^$|[:=$%#>]$/.test(label) ? undefined : { value, label };
}

/** Named so, or too irregular to be a word; tokens of a known format are found wherever they stand. */
function isTokenOfUnknownFormat(value: string, label: string): boolean {
  if (findTokens(value).length > 0 || !/^[\w=.~+%-]+$/.test(value)) return false;
  if (tokenFault(decodePercent(value)) !== undefined) return false;
  if (/token:?$/i.test(label)) return true;
  return value.length >= 24 && /\d/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value);
}

function isEmail(word: string): boolean {
  return word.length <= 320 && /^[\w.%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$/.test(word);
}

/** Explanations may name a person to ask, so an address deep in a sentence counts only as the bot's. */
function rankEmail(address: string, line: readonly string[]): RankedEmail["rank"] | undefined {
  if (line.some((word) => /^user\.email(?:=|$)/.test(word))) return 0;
  if (/@bots\.bitbucket\.org$/i.test(address)) return 1;
  return line.length === 1 || line.some((word) => /^e-?mail:?$/i.test(word)) ? 2 : undefined;
}

/** The word without the brackets and full stops of the sentence around it. */
function withoutPunctuation(word: string): string {
  return word.replace(/^[(<[`{]{1,3}/, "").replace(/[)>\]`.,;}]{1,3}$/, "");
}

function isEmpty(found: Findings): boolean {
  return Object.values(found).every((values: readonly unknown[]) => values.length === 0);
}

function toSnippet(found: Findings): Snippet {
  const token = onlyOne(found.tokens, (one) => one);
  const repository = onlyOne(found.repositories, repositoryKey);
  const surest = Math.min(...found.emails.map((one) => one.rank));
  const email = onlyOne(
    found.emails.filter((one) => one.rank === surest).map((one) => one.address),
    (one) => one.toLowerCase(),
  );
  const branch = onlyOne(found.branches, (one) => one);
  const userName = onlyOne(found.userNames, (one) => one.toLowerCase());
  return {
    ...(token !== undefined && { token }),
    ...(repository && { repository }),
    ...(email !== undefined && { email }),
    ...(branch !== undefined && { branch }),
    ...(userName !== undefined && { userName }),
  };
}

function onlyOne<T>(values: readonly T[], key: (value: T) => string): T | undefined {
  return new Set(values.map(key)).size === 1 ? values[0] : undefined;
}

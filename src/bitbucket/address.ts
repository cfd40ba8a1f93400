import { UserError } from "../errors";
import { invalidRepository } from "./addressFault";
import { parseLine, tryParseLine, type ParsedAddress } from "./addressLine";
import type { BitbucketSite } from "./site";
import { parseSnippet } from "./snippet";
import { findTokens } from "./token";

export { readRemoteUrl, type RemoteAddress } from "./remoteAddress";

const longestText = 4096;

/**
 * Any spelling of a repository on the configured Bitbucket: `workspace/slug`, an https, ssh or git@ URL, a page's
 * or the API's address, a whole command, or a text of which one repository is part. Throws InvalidRepository.
 */
export function parseAddress(text: string, site: BitbucketSite): ParsedAddress {
  const trimmed = text.trim();
  if (trimmed === "") throw invalidRepository({ kind: "empty" }, site);
  if (trimmed.length > longestText) throw invalidRepository({ kind: "tooLong" }, site);
  const lines = trimmed.split(/[\r\n]+/).map((line) => line.trim());
  const address = firstAddress(lines, site) ?? addressAmong(trimmed, site) ?? parseLine(lines[0] ?? "", site);
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
function firstAddress(lines: readonly string[], site: BitbucketSite): ParsedAddress | undefined {
  for (const line of lines) {
    const address = tryParseLine(line, site);
    if (address) return address;
  }
  return undefined;
}

/** One in a text around it: a URL by itself is read to the letter. */
function addressAmong(text: string, site: BitbucketSite): ParsedAddress | undefined {
  if (!/\s|^[[{<"'(]/.test(text)) return undefined;
  const { repository, branch, token } = parseSnippet(text, site);
  if (!repository) return undefined;
  return { repository, ...(branch !== undefined && { branch }), holdsSecret: token !== undefined };
}

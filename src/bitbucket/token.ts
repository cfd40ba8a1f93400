import * as l10n from "@vscode/l10n";
import { UserError } from "../errors";
import { parseGitCommand } from "./gitCommand";
import { decodePercent, splitGitUrl } from "./gitUrl";

/** What a token reaches: one repository, a project's, a workspace's, or all that a person may see. */
export type TokenKind = "repository" | "project" | "workspace" | "api";

/** What a token's first letters suggest. Formats change, so this is never a reason to refuse one. */
export type TokenHint = "access" | "api" | "appPassword";

const prefixes: readonly (readonly [prefix: string, hint: TokenHint])[] = [
  ["ATCTT3x", "access"],
  ["ATATT3x", "api"],
  ["ATBB", "appPassword"],
];
const knownToken = /(?<![A-Za-z0-9])(?:ATCTT3x|ATATT3x|ATBB)[A-Za-z0-9_\-=.%]{8,}/g;
/** git gives one of them beside a token. */
export const gitUserNames = ["x-token-auth", "x-bitbucket-api-token-auth"] as const;

const shortestToken = 16;
const longestToken = 4096;

export function tokenHint(secret: string): TokenHint | undefined {
  return prefixes.find(([prefix]) => secret.startsWith(prefix))?.[1];
}

/** The user name that git gives beside the token. */
export function gitUserName(kind: TokenKind): (typeof gitUserNames)[number] {
  return kind === "api" ? "x-bitbucket-api-token-auth" : "x-token-auth";
}

/** The kind from the answer header `x-credential-type`; a header that tells nothing leaves the hint. */
export function kindFromCredentialType(
  header: string | undefined,
  hint: TokenHint | TokenKind | undefined,
): TokenKind {
  const named = /^(repo|project|workspace|api)/.exec(header?.trim().toLowerCase() ?? "")?.[1];
  if (named === "repo") return "repository";
  if (named === "project" || named === "workspace" || named === "api") return named;
  return hint === undefined || hint === "access" || hint === "appPassword" ? "repository" : hint;
}

/** Substrings that begin as Bitbucket's tokens do. */
export function findTokens(text: string): readonly string[] {
  return text.match(knownToken) ?? [];
}

/** Also where it stands encoded, as in the header of a Basic sign-in. */
export function hideTokens(text: string): string {
  return text.replace(knownToken, "…").replace(encodedWord, (word) => (holdsEncoded(word) ? "…" : word));
}

const encodedWord = /[A-Za-z0-9+/_-]{40,8192}={0,2}/g;

function holdsEncoded(word: string): boolean {
  if (!/[A-Z]/.test(word) || !/[a-z]/.test(word)) return false;
  try {
    return atob(word.replaceAll("-", "+").replaceAll("_", "/")).search(knownToken) >= 0;
  } catch {
    return false; // no Base64
  }
}

/**
 * The token as it is to be kept, from what a person pasted: trimmed, percent-decoded, and taken out of a URL or
 * `git clone` line whose user name says that a Bitbucket token follows. Throws InvalidToken, and its message
 * never holds any of the text.
 */
export function checkToken(text: string): string {
  const token = plainToken(text);
  const fault = tokenFault(token);
  if (fault) throw new UserError("InvalidToken", faultMessage(fault), { field: "token" });
  return token;
}

/** Undefined where `checkToken` would accept the text. */
export function tokenFault(token: string): TokenFault | undefined {
  if (token === "") return "empty";
  if (token.length > longestToken) return "tooLong";
  if (tokenHint(token) === "appPassword") return "appPassword";
  if (isAddress(token)) return "address";
  if (isPlaceholder(token)) return "placeholder";
  if (/\s/.test(token)) return "space";
  if (/[^!-~]/.test(token)) return "oddCharacter";
  if (/["'`<>\\]/.test(token)) return "oddCharacter";
  if (token.length < shortestToken) return "tooShort";
  return undefined;
}

export type TokenFault =
  "empty" | "tooLong" | "appPassword" | "address" | "placeholder" | "space" | "oddCharacter" | "tooShort";

function plainToken(text: string): string {
  const trimmed = text.trim();
  if (trimmed.length > longestToken * 2) return trimmed;
  const address = parseGitCommand(trimmed)?.address ?? trimmed;
  const url = splitGitUrl(address);
  const password = url?.password ?? "";
  const isOurs = gitUserNames.some((name) => name === url?.userName) || tokenHint(password) !== undefined;
  if (password !== "" && isOurs) return decodePercent(password);
  return decodePercent(trimmed.replace(/^x-(?:token-auth|bitbucket-api-token-auth):/, ""));
}

/** A URL, a git command, an e-mail address, `workspace/slug`. */
function isAddress(text: string): boolean {
  return (
    /^git\s|^git@|:\/\//i.test(text) ||
    /^[^\s@:]+@[^\s@:]+\.[a-z]+$/i.test(text) ||
    (text.length < 60 && /^[\w.-]+(?:\/[\w.-]+)+\/?$/.test(text))
  );
}

/** `<token>`, `YOUR_TOKEN`, `$TOKEN`, `${{ secrets.X }}`, `xxxxxxxx`: what examples have where a token goes. */
export function isPlaceholder(token: string): boolean {
  return (
    /^[<[{(].*[>\]})]$/.test(token) ||
    /^[$%]/.test(token) ||
    /^(.)\1*$/.test(token) ||
    /^(?:[a-z]{1,20}[\s_-]){0,6}(?:access|api|auth|app|bot)?[\s_-]?(?:token|password|secret|key)(?:[\s_-]here)?$/i.test(
      token,
    ) ||
    /^(?:redacted|change[\s_-]?me|replace[\s_-]?me|to[\s_-]?do|secret|\.{3}|…)$/i.test(token)
  );
}

function faultMessage(fault: TokenFault): string {
  switch (fault) {
    case "empty":
      return l10n.t("No token entered. Paste the token that Bitbucket showed when it was created.");
    case "appPassword":
      return l10n.t(
        "App passwords stopped working on July 28, 2026. Paste a repository access token or an API token with scopes.",
      );
    case "address":
      return l10n.t("This is a URL or command without a token. Paste the token itself.");
    case "placeholder":
      return l10n.t("This is the placeholder from an example. Paste the token that Bitbucket showed.");
    case "space":
      return l10n.t("This token contains spaces, so it isn't exactly one whole token. Copy it again.");
    case "oddCharacter":
      return l10n.t("This token contains an unsupported character, such as a quote. Copy only the token.");
    case "tooShort":
      return l10n.t("This is too short for a token. Copy all of it.");
    case "tooLong":
      return l10n.t("This is too long for a token. Copy only the token.");
  }
}

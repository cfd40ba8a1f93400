import * as l10n from "@vscode/l10n";
import type { PresentedToken } from "../../bitbucket/client";
import type { BitbucketSite } from "../../bitbucket/site";
import { parseSnippet } from "../../bitbucket/snippet";
import { checkToken, tokenHint } from "../../bitbucket/token";

/**
 * The token in a pasted text, with the account that is known or, for an API token, stands beside it. An access token has
 * no account: what stands beside one is its bot's address. Throws InvalidToken.
 */
export function readPasted(text: string, site: BitbucketSite, known: string | undefined): PresentedToken {
  const { token, email, userName } = parseSnippet(text, site);
  const secret = checkToken(token ?? text);
  const beside =
    userName ?? (email !== undefined && !/@bots\.bitbucket\.org$/i.test(email) ? email : undefined);
  const account = known ?? (tokenHint(secret) === "api" ? beside : undefined);
  return { secret, ...(account !== undefined && { account }) };
}

/** Bitbucket's REST takes an API token only beside the e-mail of its Atlassian account. */
export function lacksAccount({ secret, account }: PresentedToken): boolean {
  return !account && tokenHint(secret) === "api";
}

/** What is wrong with a typed account, in words; undefined where it may be one. A colon would end it in Basic sign-in. */
export function accountProblem(text: string): string | undefined {
  return /^[^\s\p{Cc}:@<>]+@[^\s\p{Cc}:@<>]+$/u.test(text.trim())
    ? undefined
    : l10n.t("This isn't a valid email. Correct it.");
}

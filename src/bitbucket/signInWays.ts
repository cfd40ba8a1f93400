import type { HttpAnswer, HttpRequest, Send } from "./http";
import { tokenHint, type TokenKind } from "./token";

/** A token as a person gives it: its kind and account only where they are known. */
export interface PresentedToken {
  readonly secret: string;
  readonly kind?: TokenKind;
  /** The Atlassian account's e-mail, which REST wants beside an API token. */
  readonly account?: string;
}

/** Values for `Authorization`, the likeliest first. */
export type SignInWays = readonly [string, ...string[]];

export function basic(user: string, secret: string): string {
  return `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
}

/** Access tokens are Bearer; API tokens are documented as Basic with the account's e-mail, and Bearer is reported. */
export function authorizations(token: PresentedToken): SignInWays {
  const bearer = `Bearer ${token.secret}`;
  if (!token.account) return [bearer];
  const isApiToken = (token.kind ?? tokenHint(token.secret)) === "api";
  const asAccount = basic(token.account, token.secret);
  return isApiToken ? [asAccount, bearer] : [bearer, asAccount];
}

/** Signs in each way in turn, until one isn't refused with 401. */
export async function sendAs(
  [authorization, next, ...others]: SignInWays,
  send: Send,
  request: Omit<HttpRequest, "authorization">,
): Promise<{ readonly answer: HttpAnswer; readonly authorization: string }> {
  const answer = await send({ ...request, authorization });
  if (answer.status !== 401 || next === undefined) return { answer, authorization };
  return sendAs([next, ...others], send, request);
}

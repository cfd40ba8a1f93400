import { STATUS_CODES } from "node:http";
import { errorAnswer, lacksScope, noAccess, removed, unauthorized } from "../rest/errors";
import { html, plainText, type Answer } from "./answer";

/** https://support.atlassian.com/bitbucket-cloud/kb/error-403-when-performing-git-operations/ */
export const notOnAllowList = "To access this repository, an admin must whitelist your IP.";
/** https://support.atlassian.com/bitbucket-cloud/kb/bitbucket-cloud-rate-limit-troubleshooting/ */
const limited = "Rate limit for this resource has been exceeded";

const words: Readonly<Record<number, string>> = {
  400: "Bad request",
  402: "Your push failed because the account 'acme' has exceeded its user limit and this repository is restricted to read-only access.",
  401: "Token is invalid, expired, or not supported for this endpoint.",
  403: "Your credentials lack one or more required privilege scopes.",
  404: noAccess,
  410: "This functionality has been removed.",
  429: limited,
  500: "Something went wrong",
  // https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/
  555: "The request timed out.",
};

/** A refusal as Bitbucket words it at each of its doors: JSON of REST, plain text for git. */
export function inOwnWords(status: number, isRest: boolean): Answer {
  const said = words[status] ?? STATUS_CODES[status] ?? "Unknown error";
  if (!isRest) return plainText(status, said, status === 401 ? challenge : {});
  switch (status) {
    case 401:
      return unauthorized();
    case 403:
      return lacksScope([], ["repository"]);
    case 410:
      return removed();
    default:
      return errorAnswer(status, said);
  }
}

const challenge = { "www-authenticate": 'Basic realm="Bitbucket.org HTTP"' };

/** An access token is told its limit too. https://bitbucket.org/blog/introducing-scaled-rate-limits-for-bitbucket-cloud-api */
export function rateLimited(retryAfter: number | Date | null, isRest: boolean): Answer {
  const answer = inOwnWords(429, isRest);
  const when = retryAfter instanceof Date ? retryAfter.toUTCString() : String(retryAfter);
  const headers = {
    ...answer.headers,
    "x-ratelimit-limit": "1000",
    "x-ratelimit-resource": "api-repositories",
    "x-ratelimit-nearlimit": "true",
    ...(retryAfter !== null && { "retry-after": when }),
  };
  return { ...answer, headers };
}

export function allowListed(isRest: boolean): Answer {
  return isRest ? errorAnswer(403, notOnAllowList) : plainText(403, notOnAllowList);
}

/** Somebody between says something, and not in Bitbucket's manner. */
export function proxyPage(status: number, body: string | undefined): Answer {
  const title = status === 200 ? "Welcome to the guest network" : (STATUS_CODES[status] ?? String(status));
  const answer = html(status, body ?? `<html><body><h1>${title}</h1></body></html>`);
  if (status !== 407) return answer;
  return { ...answer, headers: { ...answer.headers, "proxy-authenticate": 'Basic realm="proxy"' } };
}

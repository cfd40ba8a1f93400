import type { RequestTrace } from "./http";

/** `GET api.bitbucket.org/2.0/repositories/acme 503 12 ms, again in 240 ms` */
export function describeRequest({ method, host, path, status, elapsedMs, againInMs }: RequestTrace): string {
  const line = `${method} ${host}${path} ${status} ${elapsedMs} ms`;
  return againInMs === undefined ? line : `${line}, again in ${againInMs} ms`;
}

/** `=`, plain or percent-encoded any number of times. */
const equals = "(?:=|%(?:25)*3D)";
const token = new RegExp(
  `(?:(?<=%[0-9A-F]{2})|(?<![A-Za-z0-9]))AT[A-Z]{2}[0-9A-Za-z][\\w-]{8,}(?:${equals}[0-9A-F]*)?`,
  "g",
);
const base64 = new RegExp(`(?:[A-Za-z0-9+/_-]|%(?:25)*2[BF]){16,}(?:${equals}){0,2}`, "gi");

/**
 * A text that is not ours may hold a secret: user names and passwords in URLs, values that sign in, and what looks like
 * a token go, as they are, percent-encoded, or in the base64 of `user:token`.
 */
export function withoutSignIn(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, "$1…@")
    .replace(/(%3A%2F%2F)(?:(?!%2F|%40)\S)+%40/gi, "$1…%40")
    .replace(/(authorization\W{1,6})(?!basic|bearer)[^\s"',}]+/gi, "$1…")
    .replace(/\b(Basic|Bearer)((?:\s|%20|\+)+)[\w+/=.~%-]+/gi, "$1$2…")
    .replace(/([?&](?:access_token|token|jwt)=)[^\s&#]+/gi, "$1…")
    .replace(token, "…")
    .replace(base64, (word) => (isSignIn(word) ? "…" : word));
}

/** Decoded it reads `user:password`, or holds a token. What stands before it may be of base64's letters too. */
function isSignIn(word: string): boolean {
  const plain = word.replace(/%(?:25)*(2B|2F|3D)/gi, (_, code: string) => decodeURIComponent(`%${code}`));
  return [0, 1, 2, 3].some((start) => {
    const decoded = Buffer.from(plain.slice(start), "base64").toString("latin1");
    return (
      /^[\x20-\x7e]+:[\x20-\x7e]{8,}$|x-token-auth:|-api-token-auth:/.test(decoded) ||
      decoded.search(token) >= 0
    );
  });
}

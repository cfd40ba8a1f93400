import { decodePercent } from "./gitUrl";
import { tokenFault, tokenHint } from "./token";

/** A user name beside a password, as they stand in a command, a header or a file. */
export interface PastedSignIn {
  readonly userName: string;
  readonly password: string;
}

const longestWord = 8192;

/**
 * The sign-in in a word, by itself or by the word before it: `curl -u me:token`, `Authorization: Basic …`, `me:token`.
 * Undefined where there is none.
 */
export function readSignIn(word: string, before: string | undefined): PastedSignIn | undefined {
  if (word.length > longestWord) return undefined;
  if (/^basic$/i.test(before ?? "")) return split(fromBase64(word));
  const option = /^(?:-u|--user=)(.+)$/s.exec(word)?.[1];
  if (option !== undefined) return split(option);
  const pair = split(withoutVariable(word));
  if (!pair || word.includes("://")) return undefined;
  // `git push -u git@…` is no sign-in of curl's.
  const isNamed = (before === "-u" || before === "--user") && !word.startsWith("git@");
  return isNamed || tokenHint(pair.password) !== undefined ? pair : undefined;
}

/** `machine bitbucket.org login me password token`, on one line or on several. https://everything.curl.dev/usingcurl/netrc */
export function readNetrc(words: readonly string[], host: string): PastedSignIn | undefined {
  const start = words.findIndex(
    (word, index) => word === "machine" && words[index + 1]?.toLowerCase() === host,
  );
  if (start < 0) return undefined;
  const rest = words.slice(start + 2);
  const end = rest.indexOf("machine");
  const entry = end < 0 ? rest : rest.slice(0, end);
  const valueOf = (name: string) => entry[entry.indexOf(name) + 1 || entry.length];
  const password = valueOf("password");
  return password === undefined ? undefined : { userName: valueOf("login") ?? "", password };
}

/** A token, or an app password, which the check that follows explains. */
export function isSecret(text: string): boolean {
  return [undefined, "appPassword"].includes(tokenFault(decodePercent(text)));
}

/** `BITBUCKET_TOKEN=me:token` */
function withoutVariable(word: string): string {
  return word.replace(/^[\w.:$-]{1,60}=/, "");
}

/** An account's email has no colon. */
function split(text: string | undefined): PastedSignIn | undefined {
  const colon = text?.indexOf(":") ?? -1;
  if (text === undefined || colon <= 0) return undefined;
  return { userName: decodePercent(text.slice(0, colon)), password: text.slice(colon + 1) };
}

function fromBase64(word: string): string | undefined {
  if (!/^[\w+/-]+={0,2}$/.test(word)) return undefined;
  try {
    return atob(word.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return undefined;
  }
}

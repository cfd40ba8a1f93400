/**
 * What git and a credential helper say to each other: `key=value` lines.
 * https://git-scm.com/docs/git-credential#IOFMT
 */

/** What git wants a credential for. The path is there because we set `useHttpPath`. */
export interface CredentialRequest {
  readonly protocol: string;
  /** With its port, where the URL names one. */
  readonly host: string;
  readonly path?: string;
  readonly username?: string;
}

/** A credential that the server refused. */
export interface RefusedCredential extends CredentialRequest {
  readonly password?: string;
}

export interface GitCredential {
  readonly username: string;
  readonly password: string;
  readonly expiresAt?: Date;
}

export const maxRequestBytes = 64 * 1024;

const singleKeys = ["protocol", "host", "path", "username", "password"] as const;
type SingleKey = (typeof singleKeys)[number];

/** `undefined` for whatever git would not have written. Keys that we don't use, such as `wwwauth[]`, are skipped. */
export function parseCredentialRequest(text: string): RefusedCredential | undefined {
  if (Buffer.byteLength(text) > maxRequestBytes || text.includes("\0")) return undefined;
  const [lines = ""] = text.split("\n\n");
  const values = new Map<SingleKey, string>();
  for (const line of lines.replace(/\n$/, "").split("\n")) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(line) ?? [];
    if (key === undefined || value === undefined) return undefined;
    if (!isSingleKey(key)) continue;
    if (values.has(key) || !/^\P{Cc}*$/u.test(value)) return undefined;
    values.set(key, value);
  }
  const { protocol, host, ...rest } = Object.fromEntries(values) as Partial<Record<SingleKey, string>>;
  return protocol && host ? { protocol, host, ...rest } : undefined;
}

/** `undefined` where a value can't be told to git: a line break in it would begin another key. */
export function formatCredential({ username, password, expiresAt }: GitCredential): string | undefined {
  if (![username, password].every((value) => /^\P{Cc}+$/u.test(value))) return undefined;
  const seconds = expiresAt ? Math.floor(expiresAt.getTime() / 1000) : Number.NaN;
  const expiry = Number.isNaN(seconds) ? "" : `password_expiry_utc=${seconds}\n`;
  return `username=${username}\npassword=${password}\n${expiry}`;
}

function isSingleKey(key: string): key is SingleKey {
  return singleKeys.some((known) => known === key);
}

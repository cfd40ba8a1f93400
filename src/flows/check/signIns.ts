import type { PresentedToken } from "../../bitbucket/client";
import { findTokens, gitUserName, tokenHint } from "../../bitbucket/token";
import { presentedToken } from "./tokenUrls";

/** What a line of git's configuration signs in with. */
export interface SignIn {
  readonly token: PresentedToken;
  readonly userName?: string;
}

/** `Authorization: Bearer …`, or `Basic …` with the base64 of `user:token`. */
export function readHeader(header: string): SignIn | undefined {
  const [, scheme, text = ""] = /^\s*authorization\s*:\s*(bearer|basic)\s+(\S+)\s*$/i.exec(header) ?? [];
  if (scheme === undefined) return undefined;
  if (scheme.toLowerCase() === "bearer") return { token: { secret: text } };
  const [, userName = "", secret = ""] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(text, "base64").toString("utf8")) ?? [];
  return toSignIn(userName, secret);
}

/** A shell command in the helper's place that says the password itself: not one that asks another program for it. */
export function readHelper(helper: string): SignIn | undefined {
  if (!helper.startsWith("!")) return undefined;
  const password = valueOf("password", helper) ?? "";
  const secret = /^[\w.~=%+-]{16,}$/.test(password) ? password : findTokens(helper)[0];
  return secret === undefined ? undefined : toSignIn(valueOf("username", helper) ?? "", secret);
}

/** It shows by itself that it is for Bitbucket. */
export function isBitbuckets({ token, userName }: SignIn): boolean {
  const names: readonly (string | undefined)[] = [gitUserName("repository"), gitUserName("api")];
  return tokenHint(token.secret) !== undefined || names.includes(userName);
}

function toSignIn(userName: string, secret: string): SignIn | undefined {
  const token = presentedToken({ displayUrl: "", isSsh: false, userName, ...(secret !== "" && { secret }) });
  return token && { token, userName };
}

/** `password=…` up to what ends a word in a shell, and no other program's option; a variable or `%s` is no value. */
function valueOf(name: string, command: string): string | undefined {
  const value = new RegExp(`(?:\\\\n|(?<![\\w-]))${name}=["']?([^\\s"';&|\\\\)}]+)`).exec(command)?.[1];
  return value === undefined || /^[$%`]/.test(value) ? undefined : value;
}

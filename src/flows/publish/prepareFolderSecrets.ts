import { findTokens } from "../../bitbucket/token";

/**
 * Names of files that hold a secret by custom. Examples without one (`.env.example`) are meant to be shared.
 * After https://github.com/gitleaks/gitleaks and https://github.com/github/gitignore.
 */
const secretNames: readonly RegExp[] = [
  /^\.env(\.(?!(.*\.)?(example|sample|template|dist)$).+)?$/i,
  /^id_(rsa|dsa|ecdsa|ed25519)$/,
  /\.(p12|pfx|jks|keystore|kdbx|ppk)$/i,
  /^(\.netrc|_netrc|\.git-credentials|\.pgpass|\.htpasswd|\.pypirc)$/,
  /^(client_secret.*|credentials|service[-_]?account.*)\.json$/i,
  /\.tfstate(\.backup)?$/,
];

/** What the makers of tokens and keys begin them with, so that they can be found. */
const secretTexts: readonly RegExp[] = [
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[0-9A-Za-z]{36}/,
  /\bgithub_pat_[0-9A-Za-z_]{40}/,
  /\bglpat-[\w-]{20}/,
  /\bxox[abeprs]-[0-9A-Za-z-]{20}/,
  /\bAIza[\w-]{35}\b/,
  /\b[rs]k_live_[0-9A-Za-z]{20}/,
  /\bnpm_[0-9A-Za-z]{36}\b/,
  /_authToken=(?!\$)[^\s$]{8}/,
];

/** `name` is the file's own, without its folder. */
export function isSecretName(name: string): boolean {
  return secretNames.some((pattern) => pattern.test(name));
}

export function holdsSecret(text: string): boolean {
  return secretTexts.some((pattern) => pattern.test(text)) || findTokens(text).length > 0;
}

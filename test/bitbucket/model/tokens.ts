import { randomBytes, randomInt } from "node:crypto";
import type { Account, Accounts } from "./accounts";

/** What a token may touch: one repository, a project's, a workspace's, or all that a person may see. */
export type TokenOwner =
  | { readonly kind: "repository"; readonly repository: string }
  | { readonly kind: "project"; /** `workspace/KEY` */ readonly project: string }
  | { readonly kind: "workspace"; readonly workspace: string }
  | {
      readonly kind: "api";
      /** The account's e-mail. */
      readonly account: string;
      /** The one that it was limited to when it was made. */
      readonly workspace?: string;
    }
  | { readonly kind: "app_password"; readonly account: string };

export type TokenRequest = TokenOwner & {
  /** Names it in the request log. */
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expires?: string | Date;
  /** For a test that needs to know the text beforehand; random otherwise. */
  readonly secret?: string;
};

export interface Token {
  readonly owner: TokenOwner;
  readonly account: Account | undefined;
  readonly name: string;
  readonly secret: string;
  readonly scopes: readonly string[];
  /** What Bitbucket tells to set as `user.email`, so that commits belong to the token's bot. */
  readonly botEmail: string;
  readonly expiresAt: Date | undefined;
  readonly revoked: boolean;
}

/** The old secret of a rotated token lives on this long: time enough to put the new one in its places. */
const rotationGraceMs = 30 * 60_000;

export class Tokens {
  private readonly bySecret = new Map<string, Token>();

  constructor(private readonly accounts: Accounts) {}

  add(request: TokenRequest): Token {
    if (this.find(request.name)) throw new Error(`a token has this name already: ${request.name}`);
    const { name, scopes, expires, secret = newSecret(request.kind), ...owner } = request;
    const token: Token = {
      owner,
      account: "account" in owner ? this.accounts.get(owner.account) : undefined,
      name,
      secret,
      scopes,
      botEmail: `${randomText(26, lowerAlphanumeric)}@bots.bitbucket.org`,
      expiresAt: expires === undefined ? undefined : new Date(expires),
      revoked: false,
    };
    this.bySecret.set(token.secret, token);
    return token;
  }

  withSecret(secret: string): Token | undefined {
    return this.bySecret.get(secret);
  }

  find(name: string): Token | undefined {
    return [...this.bySecret.values()].find((token) => token.name === name);
  }

  revoke(name: string): void {
    this.change(name, { revoked: true });
  }

  /** Makes a token with the same reach and scopes under another name, and lets the old one end. */
  rotate(name: string, newName: string, graceMs = rotationGraceMs): Token {
    const old = this.must(name);
    const end = Math.min(Date.now() + graceMs, old.expiresAt?.getTime() ?? Infinity);
    this.change(name, { expiresAt: new Date(end) });
    return this.add({ ...old.owner, name: newName, scopes: old.scopes });
  }

  private change(name: string, change: Partial<Token>): void {
    const token = { ...this.must(name), ...change };
    this.bySecret.set(token.secret, token);
  }

  private must(name: string): Token {
    const token = this.find(name);
    if (!token) throw new Error(`no token has this name: ${name}`);
    return token;
  }
}

const lowerAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789";
const alphanumeric = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${lowerAlphanumeric}`;

/** Looks like the real ones: letters, digits, `-` and `_`, then `=` and eight hex digits, which URLs must encode. */
function newSecret(kind: TokenOwner["kind"]): string {
  if (kind === "app_password") return `ATBB${randomText(32, alphanumeric)}`;
  const prefix = kind === "api" ? "ATATT3xFfGF0" : "ATCTT3xFfGN0";
  const checksum = randomBytes(4).toString("hex").toUpperCase();
  return `${prefix}${randomText(171, `${alphanumeric}-_`)}=${checksum}`;
}

function randomText(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

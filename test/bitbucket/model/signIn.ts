import type { Token, Tokens } from "./tokens";

export type SignIn =
  | { readonly kind: "anonymous" }
  | { readonly kind: "accepted"; readonly token: Token; readonly scheme: Scheme }
  | {
      readonly kind: "refused";
      readonly why: Refusal;
      readonly token: Token | undefined;
      readonly scheme: Scheme;
    };

export type Scheme = "basic" | "bearer" | "other";
export type Refusal = "unknown" | "expired" | "revoked" | "appPassword" | "wrongUser" | "wrongScheme";

/** Git and REST want different user names beside the same token. */
export type Door = "git" | "rest";

interface Presented {
  readonly scheme: Scheme;
  readonly user: string;
  readonly secret: string;
}

export interface SignInRules {
  /** Bearer for API tokens isn't documented, and reported to work. */
  readonly bearerForApiTokens: boolean;
}

export function signIn(header: string | undefined, door: Door, tokens: Tokens, rules: SignInRules): SignIn {
  if (header === undefined) return { kind: "anonymous" };
  const presented = parseAuthorization(header);
  const { scheme } = presented;
  const token = tokens.withSecret(presented.secret);
  const why = token ? findRefusal(token, presented, door, rules) : "unknown";
  if (!token || why) return { kind: "refused", why: why ?? "unknown", token, scheme };
  return { kind: "accepted", token, scheme };
}

function findRefusal(
  token: Token,
  presented: Presented,
  door: Door,
  rules: SignInRules,
): Refusal | undefined {
  if (token.owner.kind === "app_password") return "appPassword";
  if (token.revoked) return "revoked";
  if (token.expiresAt && token.expiresAt.getTime() <= Date.now()) return "expired";
  return door === "git" ? refuseInGit(token, presented) : refuseInRest(token, presented, rules);
}

function refuseInGit(token: Token, { scheme, user }: Presented): Refusal | undefined {
  if (scheme !== "basic") return "wrongScheme";
  const userNames = token.account ? [token.account.username, "x-bitbucket-api-token-auth"] : ["x-token-auth"];
  return userNames.includes(user) ? undefined : "wrongUser";
}

function refuseInRest(token: Token, { scheme, user }: Presented, rules: SignInRules): Refusal | undefined {
  if (!token.account) return scheme === "bearer" ? undefined : "wrongScheme";
  if (scheme === "bearer") return rules.bearerForApiTokens ? undefined : "wrongScheme";
  return user.toLowerCase() === token.account.email.toLowerCase() ? undefined : "wrongUser";
}

function parseAuthorization(header: string): Presented {
  const [scheme = "", credentials = ""] = header.split(/\s+/, 2);
  if (scheme.toLowerCase() === "bearer") return { scheme: "bearer", user: "", secret: credentials };
  if (scheme.toLowerCase() !== "basic") return { scheme: "other", user: "", secret: "" };
  const text = Buffer.from(credentials, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return { scheme: "basic", user: text.slice(0, colon), secret: text.slice(colon + 1) };
}

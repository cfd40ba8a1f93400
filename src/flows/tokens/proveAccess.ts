import { BitbucketClient, type PresentedToken, type VerifiedToken } from "../../bitbucket/client";
import { withDeadline } from "../../bitbucket/deadline";
import { readAdvertisement, type AdvertisedRefs } from "../../bitbucket/gitAdvertisement";
import { lacksScope } from "../../failures/rest";
import { missingScopes } from "../../bitbucket/scopes";
import type { RepositoryName } from "../../bitbucket/site";
import { gitUserName, kindFromCredentialType, tokenHint } from "../../bitbucket/token";
import { UserError } from "../../errors";
import type { Ports } from "../ports";

export interface AccessQuestion {
  readonly repository: RepositoryName;
  readonly token: PresentedToken;
  /** What the token must be able to do, by ids of the scope catalogue; `repository:write` is to push. */
  readonly needs: readonly string[];
}

export interface ProvedAccess extends VerifiedToken {
  /** The server's branches and tags, for a token that is to push. */
  readonly refs: AdvertisedRefs;
}

type Door = Pick<Ports, "site" | "send">;

/**
 * Proves with Bitbucket that a token reads a repository and, if asked, that it can push; nothing changes there. REST
 * and git's own door are asked at once, since a token's spelling nearly always tells which user name git wants.
 */
export async function proveAccess(
  { site, send }: Door,
  question: AccessQuestion,
  signal: AbortSignal,
): Promise<ProvedAccess> {
  const door = { site, send: withDeadline(send) };
  const { repository, token } = question;
  const gaveUp = new AbortController();
  const guess = {
    kind: token.kind ?? kindFromCredentialType(undefined, tokenHint(token.secret)),
    scopes: [],
  };
  const early = askGit(door, question, guess, AbortSignal.any([signal, gaveUp.signal])).catch(
    (error: unknown) => (error instanceof UserError ? error : undefined),
  );
  try {
    const verified = await new BitbucketClient(site, door.send).verifyToken(repository, token, signal);
    checkScopes(door, question, verified);
    const answer = gitUserName(verified.kind) === gitUserName(guess.kind) ? await early : undefined;
    if (answer instanceof UserError && answer.code !== "TokenLacksScope") throw answer;
    const isKnown = answer !== undefined && !(answer instanceof UserError);
    // Asked anew: as another user, or to be refused in words that know the token's scopes.
    return { ...verified, refs: isKnown ? answer : await askGit(door, question, verified, signal) };
  } finally {
    gaveUp.abort();
  }
}

/** A door that opens for a push opens for a fetch: REST has just read the repository with this token. */
function askGit(
  { site, send }: Door,
  { repository, token, needs }: AccessQuestion,
  { kind, scopes }: Pick<VerifiedToken, "kind" | "scopes">,
  signal: AbortSignal,
): Promise<AdvertisedRefs> {
  const service = needs.includes("repository:write") ? "git-receive-pack" : "git-upload-pack";
  return readAdvertisement(send, { site, repository, kind, secret: token.secret, scopes, service, signal });
}

/** An answer without scopes proves nothing, so git's own door decides then. */
function checkScopes({ site }: Door, { repository, needs }: AccessQuestion, token: VerifiedToken): void {
  if (token.scopes.length === 0) return;
  const tokenPage = token.kind === "api" ? "api" : "access";
  const missing = missingScopes(token.scopes, needs, tokenPage);
  if (missing.length > 0) throw lacksScope(token.scopes, missing, { site, repository, tokenPage });
}

/** Whether a token was made to push, as far as its scopes tell. */
export function isForPushing(scopes: readonly string[]): boolean {
  return scopes.some((scope) => scope === "repository:write" || scope === "write:repository:bitbucket");
}

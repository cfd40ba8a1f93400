import * as l10n from "@vscode/l10n";
import type { PresentedToken, VerifiedToken } from "../../bitbucket/client";
import { accessTokensPage } from "../../bitbucket/pages";
import { fullName, type RepositoryName } from "../../bitbucket/site";
import type { TokenKind } from "../../bitbucket/token";
import type { StoredToken } from "../../credentials/tokenStore";
import { UserError } from "../../errors";
import { findServingToken } from "../tokens/findServingToken";
import type { TokenReach } from "./listRepositoriesReach";
import type { Ports } from "../ports";

/** The token that git will be given for the clone. */
export interface CloneToken {
  readonly stored: StoredToken;
  readonly kind: TokenKind;
  /** Spelled as Bitbucket spells it, where it was asked. */
  readonly repository: RepositoryName;
  /** Takes back what was stored for this clone, unless it has been stored anew since. */
  forget(): Promise<void>;
}

export interface TokenWish {
  readonly repository: RepositoryName;
  /** Just given by the person. */
  readonly token?: PresentedToken;
  /** Just added for the repository: Bitbucket has taken it. */
  readonly added?: StoredToken;
  /** The list that the repository was chosen from proves that this token sees it. */
  readonly reach?: TokenReach;
}

/**
 * Sees to it that a token is stored for the repository, since git's sign-in looks it up by that name: the one just
 * given, the repository's own, the one whose list had it, any other that Bitbucket says sees it, the environment's.
 */
export async function holdToken(ports: Ports, wish: TokenWish, signal: AbortSignal): Promise<CloneToken> {
  const { repository, token, added, reach } = wish;
  if (token) {
    const verified = await ports.client.verifyToken(repository, token, signal);
    return store(ports, verified.repository, toStored(token, verified));
  }
  if (added) return store(ports, repository, added);
  const own = await ports.tokens.stored(ports.site, repository);
  if (own) return store(ports, repository, own); // for this machine too
  if (reach) return store(ports, repository, reach.stored);
  return findToken(ports, repository, signal);
}

/** False where only the person can help. */
export async function mayHaveToken({ tokens, site }: Ports, repository: RepositoryName): Promise<boolean> {
  return (await tokens.candidates(site, repository)).length > 0;
}

async function findToken(ports: Ports, repository: RepositoryName, signal: AbortSignal): Promise<CloneToken> {
  const found = await findServingToken(ports, repository, (token) =>
    ports.client.verifyToken(repository, token, signal),
  );
  if (!found) throw noToken(ports, repository);
  const { candidate, proof } = found;
  if (candidate.source === "stored") return store(ports, proof.repository, candidate.token);
  const { kind, repository: named } = proof;
  return { stored: candidate.token, kind, repository: named, forget: () => Promise.resolve() };
}

async function store(ports: Ports, repository: RepositoryName, stored: StoredToken): Promise<CloneToken> {
  const { tokens, site } = ports;
  const forget = await tokens.saveUndoably(site, repository, stored);
  return { stored, kind: stored.kind, repository, forget };
}

function toStored({ secret, account }: PresentedToken, { kind, scopes }: VerifiedToken): StoredToken {
  return {
    secret,
    kind,
    scopes: [...scopes],
    savedAt: new Date().toISOString(),
    ...(account !== undefined && { account }),
  };
}

export function noToken({ site }: Ports, repository: RepositoryName): UserError {
  return new UserError(
    "TokenRejected",
    l10n.t("No stored token can access {0}. Add one, or create one on Bitbucket.", fullName(repository)),
    {
      field: "token",
      fixes: [
        { kind: "retry", title: l10n.t("Add token"), change: { askToken: true } },
        { kind: "openUrl", title: l10n.t("Open token page"), url: accessTokensPage(site, repository) },
      ],
    },
  );
}

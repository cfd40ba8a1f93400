import * as l10n from "@vscode/l10n";
import type { PresentedToken, VerifiedToken } from "../../bitbucket/client";
import { accessTokensPage, apiTokensPage } from "../../bitbucket/pages";
import { missingScopes } from "../../bitbucket/scopes";
import { fullName, repositoryKey, type RepositoryName } from "../../bitbucket/site";
import { UserError } from "../../errors";
import type { LocalRepository } from "../../git/localRepository";
import { toPresented } from "../clone/listRepositoriesReach";
import { proveToken } from "./askBitbucket";
import type { GuardedUndo } from "./configChange";
import type { Advice } from "./finding";
import type { Ports } from "../ports";

export interface ProvedToken {
  readonly token: PresentedToken;
  readonly verified: VerifiedToken;
}

/**
 * The first that may push, else the first that is good; the one that is kept comes before those that were found, so that
 * none but a mightier one takes its place. Throws what Bitbucket says of the first where none is good.
 */
export async function chooseToken(
  ports: Ports,
  repository: RepositoryName,
  found: readonly PresentedToken[],
  signal: AbortSignal,
): Promise<ProvedToken> {
  const kept = await ports.tokens.stored(ports.site, repository);
  const tokens = [...(kept ? [toPresented(kept)] : []), ...found];
  let reader: ProvedToken | undefined;
  let refusal: UserError | undefined;
  for (const token of new Map(tokens.map((one) => [one.secret, one])).values()) {
    try {
      const verified = await proveToken(ports, repository, token, signal);
      if (mayPush(verified)) return { token, verified };
      reader ??= { token, verified };
    } catch (error) {
      if (!(error instanceof UserError) || error.code === "Offline") throw error;
      refusal ??= error;
    }
  }
  if (reader) return reader;
  throw refusal ?? new Error("a clean-up has at least one token");
}

function mayPush({ scopes, kind }: VerifiedToken): boolean {
  return scopes.length === 0 || missingScopes(scopes, ["repository:write"], kind).length === 0;
}

/**
 * In SecretStorage, in the place of the one that is kept for the repository, which the undo brings back. Its guard
 * throws where the token is no longer the one kept: neither that of today goes then, nor does the old one come back.
 */
export async function keepToken(
  { tokens, site }: Ports,
  repository: RepositoryName,
  { secret, account }: PresentedToken,
  { kind, scopes }: VerifiedToken,
): Promise<GuardedUndo> {
  const earlier = await tokens.stored(site, repository);
  const isSameToken = earlier?.secret === secret;
  const undo = await tokens.saveUndoably(site, repository, {
    ...(isSameToken && earlier),
    secret,
    kind,
    scopes: [...scopes],
    savedAt: new Date().toISOString(),
    ...(account !== undefined && { account }),
  });
  const guard = async () => {
    if ((await tokens.stored(site, repository))?.secret !== secret) throw isReplaced(repository);
  };
  return Object.assign(undo, { guards: new Map([[repositoryKey(repository), guard]]) });
}

function isReplaced(repository: RepositoryName): UserError {
  return new UserError(
    "RemoteExists",
    l10n.t("The token for {0} was replaced or removed since, so this can't be undone.", fullName(repository)),
  );
}

export function rotationAdvice(
  { site }: Ports,
  repository: RepositoryName,
  { kind }: Pick<VerifiedToken, "kind">,
): Advice {
  return {
    message: l10n.t(
      "The token for {0} was in plain text, and perhaps in backups and your shell history. Rotate it on its page, then run “Replace token”.",
      fullName(repository),
    ),
    fix: {
      kind: "openUrl",
      title: l10n.t("Open token page"),
      url: kind === "api" ? apiTokensPage : accessTokensPage(site, repository),
    },
  };
}

export function connectionAdvice(local: LocalRepository, repository: RepositoryName): Advice {
  return {
    message: l10n.t("To push again, connect {0} with a working token.", fullName(repository)),
    fix: {
      kind: "runCommand",
      title: l10n.t("Connect repository"),
      command: "bitbucketConnect.connectRepository",
      args: [{ folder: local.root, repository: fullName(repository) }],
    },
  };
}

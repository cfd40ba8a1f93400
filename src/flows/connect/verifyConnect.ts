import * as l10n from "@vscode/l10n";
import type { VerifiedToken } from "../../bitbucket/client";
import type { AdvertisedRefs } from "../../bitbucket/gitAdvertisement";
import { extraScopes } from "../../bitbucket/scopes";
import { fullName } from "../../bitbucket/site";
import { UserError } from "../../errors";
import { findCommit, type LocalRepository } from "../../git/localRepository";
import type { Situation } from "./checkConnect";
import type { ConnectRequest } from "./connectRequest";
import type { Ports } from "../ports";
import type { ProvedAccess } from "../tokens/proveAccess";

export interface Verified extends VerifiedToken {
  /** The branch on Bitbucket is where ours is: nothing has to be pushed. */
  readonly isUpToDate: boolean;
  readonly notes: readonly string[];
}

/** What the token is asked for, by ids of the scope catalogue. */
export function neededScopes({ scopes, branch }: ConnectRequest): readonly string[] {
  return [...new Set([...scopes, branch === undefined ? "repository" : "repository:write"])];
}

/** What a proved token means for this repository. */
export async function verifyConnect(
  ports: Ports,
  local: LocalRepository,
  request: ConnectRequest,
  situation: Situation,
  { refs, ...token }: ProvedAccess,
): Promise<Verified> {
  await checkHistory(ports, local, request, situation, refs);
  const extra = token.scopes.length > 0 ? extraScopes(token.scopes, neededScopes(request), token.kind) : [];
  return {
    ...token,
    isUpToDate:
      situation.commit !== undefined && refs.get(`refs/heads/${request.branch ?? ""}`) === situation.commit,
    notes: extra.length > 0 ? [l10n.t("The token can do more than requested: {0}.", extra.join(", "))] : [],
  };
}

/** A branch on Bitbucket with commits that aren't here would refuse the push: better said before anything changes. */
async function checkHistory(
  ports: Ports,
  local: LocalRepository,
  request: ConnectRequest,
  situation: Situation,
  refs: AdvertisedRefs,
): Promise<void> {
  if (request.branch === undefined) return;
  const there = refs.get(`refs/heads/${request.branch}`);
  if (there === undefined || there === situation.commit) return;
  if ((await findCommit(ports.openGit, local.root, there)) !== undefined) return;
  throw (await knowsAny(ports, local, refs)) ? isBehind(request) : isUnrelated(request);
}

async function knowsAny(ports: Ports, local: LocalRepository, refs: AdvertisedRefs): Promise<boolean> {
  const commits = [...new Set(refs.values())].slice(0, 50);
  for (const commit of commits)
    if ((await findCommit(ports.openGit, local.root, commit)) !== undefined) return true;
  return false;
}

function isBehind(request: ConnectRequest): UserError {
  return new UserError(
    "PushRejected",
    l10n.t(
      "{0} has commits on {1} that you don't have. Connect without pushing, pull, then push.",
      fullName(request.repository),
      request.branch ?? "",
    ),
    { field: "branch", fixes: [withoutPushing()] },
  );
}

function isUnrelated(request: ConnectRequest): UserError {
  return new UserError(
    "UnrelatedHistories",
    l10n.t(
      "{0} isn't empty: its branch {1} has commits you don't have, such as a README. Connect without pushing, then merge, or push to another branch.",
      fullName(request.repository),
      request.branch ?? "",
    ),
    { field: "branch", fixes: [withoutPushing()] },
  );
}

function withoutPushing() {
  return { kind: "retry", title: l10n.t("Connect without pushing"), change: { push: false } } as const;
}

import * as l10n from "@vscode/l10n";
import type { VerifiedToken } from "../../bitbucket/client";
import { readAdvertisement, type AdvertisedRefs } from "../../bitbucket/gitAdvertisement";
import { lacksScope } from "../../bitbucket/refusals";
import { extraScopes, missingScopes } from "../../bitbucket/scopes";
import { fullName } from "../../bitbucket/site";
import { UserError } from "../../errors";
import { findCommit, type LocalRepository } from "../../git/localRepository";
import type { Situation } from "./checkConnect";
import type { ConnectRequest } from "./connectRequest";
import type { Ports } from "../ports";

export interface Verified extends VerifiedToken {
  /** The branch on Bitbucket is where ours is: nothing has to be pushed. */
  readonly isUpToDate: boolean;
  readonly notes: readonly string[];
}

/** Proves with Bitbucket that the token reads and, if asked, that it can push; nothing changes there. */
export async function verifyConnect(
  ports: Ports,
  local: LocalRepository,
  request: ConnectRequest,
  situation: Situation,
  signal: AbortSignal,
): Promise<Verified> {
  const token = await ports.client.verifyToken(request.repository, request.token, signal);
  const kind = token.kind === "api" ? "api" : "access";
  checkScopes(ports, request, token, kind);
  const refs = await proveGitAccess(ports, request, token, signal);
  await checkHistory(ports, local, request, situation, refs);
  const extra = token.scopes.length > 0 ? extraScopes(token.scopes, wantedScopes(request), kind) : [];
  return {
    ...token,
    isUpToDate:
      situation.commit !== undefined && refs.get(`refs/heads/${request.branch ?? ""}`) === situation.commit,
    notes:
      extra.length > 0 ? [l10n.t("The token can do more than was asked for: {0}.", extra.join(", "))] : [],
  };
}

function wantedScopes({ scopes, branch }: ConnectRequest): readonly string[] {
  return [...new Set([...scopes, branch === undefined ? "repository" : "repository:write"])];
}

/** An answer without scopes proves nothing, so git's own door decides then. */
function checkScopes(
  ports: Ports,
  request: ConnectRequest,
  token: VerifiedToken,
  kind: "access" | "api",
): void {
  if (token.scopes.length === 0) return;
  const missing = missingScopes(token.scopes, wantedScopes(request), kind);
  if (missing.length === 0) return;
  const context = { site: ports.site, repository: request.repository, tokenPage: kind };
  throw lacksScope(token.scopes, missing, context);
}

async function proveGitAccess(
  ports: Ports,
  request: ConnectRequest,
  token: VerifiedToken,
  signal: AbortSignal,
): Promise<AdvertisedRefs> {
  const question = {
    site: ports.site,
    repository: request.repository,
    kind: token.kind,
    secret: request.token.secret,
    scopes: token.scopes,
    signal,
  };
  const pushes = request.branch !== undefined || request.scopes.includes("repository:write");
  const [, refs] = await Promise.all([
    readAdvertisement(ports.send, { ...question, service: "git-upload-pack" }),
    pushes
      ? readAdvertisement(ports.send, { ...question, service: "git-receive-pack" })
      : new Map<string, string>(),
  ]);
  return refs;
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
      "{0} has commits on {1} that are not here yet. Connect without pushing, pull them, then push.",
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
      "{0} is not empty: its branch {1} has commits that this repository doesn't know, perhaps a README made with it. Connect without pushing, then merge, or push to another branch.",
      fullName(request.repository),
      request.branch ?? "",
    ),
    { field: "branch", fixes: [withoutPushing()] },
  );
}

function withoutPushing() {
  return { kind: "retry", title: l10n.t("Connect without pushing"), change: { push: false } } as const;
}

import * as l10n from "@vscode/l10n";
import { fullName, type RepositoryName } from "../../bitbucket/site";
import type { TokenKind } from "../../bitbucket/token";
import type { GitApiHead } from "../../git/vscodeGitApi";

/** All that the push button tells, as it is now. */
export interface PushButtonState {
  readonly repository: RepositoryName;
  readonly remote: string;
  readonly displayUrl: string;
  /** Undefined on a detached HEAD. */
  readonly branch: string | undefined;
  readonly hasCommits: boolean;
  /** The branch that this one follows, as `origin/main`. */
  readonly upstream: string | undefined;
  readonly ahead: number;
  readonly behind: number;
  /** `user.email` of this repository alone; undefined leaves it to the person's own git config. */
  readonly commitAddress: string | undefined;
  readonly isTokensAddress: boolean;
  readonly token: TokenFacts | undefined;
  /** It was kept here, and the editor has lost it. */
  readonly isTokenLost: boolean;
  /** A remote's URL has a token in it, and nobody chose that. */
  readonly holdsToken: boolean;
}

/** What may be told of a token. */
export interface TokenFacts {
  readonly kind: TokenKind;
  /** Negative once it has expired; undefined where its last day isn't known. */
  readonly daysLeft: number | undefined;
  /** Bitbucket did not take it when git last signed in. */
  readonly isRefused: boolean;
}

/** What the editor shows of it. */
export interface PushButtonLook {
  readonly text: string;
  /** For a screen reader, which has no arrows and colours. */
  readonly label: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** What the first push or a checkout settles: a usual state, which leaves the colour to the warnings. */
  readonly notes: readonly string[];
  /** What is wrong, each with its next step; any of them colours the item. */
  readonly warnings: readonly string[];
  /** The repository whose token is to be replaced, where that is among what is wrong. */
  readonly tokenToReplace?: string;
}

/** As before, with the counts that the git API has now; undefined where more than these may have changed. */
export function withCounts(
  state: PushButtonState,
  HEAD: GitApiHead | undefined,
): PushButtonState | undefined {
  const upstream = HEAD?.upstream && `${HEAD.upstream.remote}/${HEAD.upstream.name}`;
  if (HEAD?.name !== state.branch || upstream !== state.upstream) return undefined;
  return {
    ...state,
    hasCommits: HEAD?.commit !== undefined,
    ahead: HEAD?.ahead ?? 0,
    behind: HEAD?.behind ?? 0,
  };
}

export function toLook(state: PushButtonState, reminderDays: number): PushButtonLook {
  const notes = notesOf(state);
  const ofToken = state.token && tokenWarning(state.token, reminderDays);
  const warnings = warningsOf(state, ofToken);
  const target = targetOf(state);
  const counts = [
    target !== state.branch && target !== undefined && `→ ${target.replaceAll("$(", "$\u200b(")}`,
    isUnpublished(state) && l10n.t("unpublished branch"),
    state.ahead > 0 && `↑${state.ahead}`,
    state.behind > 0 && `↓${state.behind}`,
  ].filter(Boolean);
  return {
    text: ["$(cloud-upload)", fullName(state.repository), ...counts].join(" "),
    label: [labelOf(state), ...notes, ...warnings].join(" "),
    facts: factsOf(state),
    notes,
    warnings,
    ...(ofToken !== undefined && { tokenToReplace: fullName(state.repository) }),
  };
}

/** The branch on Bitbucket that is followed. */
function targetOf({ remote, upstream }: PushButtonState): string | undefined {
  return upstream?.startsWith(`${remote}/`) ? upstream.slice(remote.length + 1) : undefined;
}

/** In VS Code's sense: without an upstream, against which its git would count. */
function isUnpublished({ branch, hasCommits, upstream }: PushButtonState): boolean {
  return branch !== undefined && hasCommits && upstream === undefined;
}

function labelOf(state: PushButtonState): string {
  const { repository, branch, ahead, behind } = state;
  const name = fullName(repository);
  if (branch === undefined) return l10n.t("Push to {0}: no branch is checked out.", name);
  if (isUnpublished(state)) return l10n.t("Push to {0}: branch {1}, not published yet.", name, branch);
  const outgoing = l10n.t("Push to {0}: branch {1}, {2} to push, {3} incoming.", name, branch, ahead, behind);
  return ahead === 0 && behind === 0
    ? l10n.t("Push to {0}: branch {1}, nothing to push.", name, branch)
    : outgoing;
}

function factsOf(state: PushButtonState): PushButtonLook["facts"] {
  const { remote, displayUrl, branch, upstream, commitAddress, token } = state;
  return [
    [l10n.t("Remote"), `${remote}, ${displayUrl}`],
    [l10n.t("Branch"), branchFact(branch, upstream)],
    ...(branch === undefined ? [] : [[l10n.t("Commits"), commitsFact(state)] as const]),
    [l10n.t("Commit e-mail"), commitAddress ?? l10n.t("as in your git config")],
    [l10n.t("Token"), token ? tokenFact(token) : l10n.t("none kept here")],
  ];
}

function branchFact(branch: string | undefined, upstream: string | undefined): string {
  if (branch === undefined) return l10n.t("none is checked out");
  return upstream === undefined ? branch : l10n.t("{0}, follows {1}", branch, upstream);
}

function commitsFact(state: PushButtonState): string {
  return isUnpublished(state)
    ? l10n.t("counted once the branch is published")
    : l10n.t("{0} to push, {1} incoming", state.ahead, state.behind);
}

function tokenFact({ kind, daysLeft, isRefused }: TokenFacts): string {
  const name = tokenName(kind);
  if (isRefused) return l10n.t("{0}, refused by Bitbucket", name);
  if (daysLeft === undefined) return name;
  if (daysLeft < 0) return l10n.t("{0}, expired", name);
  if (daysLeft === 0) return l10n.t("{0}, expires today", name);
  return daysLeft === 1
    ? l10n.t("{0}, expires tomorrow", name)
    : l10n.t("{0}, {1} days left", name, daysLeft);
}

function tokenName(kind: TokenKind): string {
  switch (kind) {
    case "repository":
      return l10n.t("repository access token");
    case "project":
      return l10n.t("project access token");
    case "workspace":
      return l10n.t("workspace access token");
    case "api":
      return l10n.t("API token");
  }
}

function notesOf(state: PushButtonState): readonly string[] {
  const { branch } = state;
  if (branch === undefined) return [l10n.t("No branch is checked out. Create one to push these commits.")];
  return isUnpublished(state) ? [l10n.t("{0} follows no branch yet. The first push sets it.", branch)] : [];
}

function warningsOf(state: PushButtonState, ofToken: string | undefined): readonly string[] {
  const warnings = ofToken === undefined ? [] : [ofToken];
  if (state.isTokenLost) warnings.push(l10n.t("VS Code no longer has the token. Connect again to push."));
  if (state.holdsToken)
    warnings.push(l10n.t("A remote's URL holds a token in plain text. Check the connection to clean it up."));
  if (!state.isTokensAddress)
    warnings.push(
      l10n.t("The commit e-mail is not the one set with the token. Commits won't carry its name."),
    );
  return warnings;
}

function tokenWarning({ daysLeft, isRefused }: TokenFacts, reminderDays: number): string | undefined {
  if (daysLeft !== undefined && daysLeft < 0) return l10n.t("The token has expired. Replace it to push.");
  if (isRefused) return l10n.t("Bitbucket refused the token: it is expired or revoked. Replace it to push.");
  const isNear = daysLeft !== undefined && daysLeft <= reminderDays;
  return isNear ? l10n.t("The token expires soon. Replace it in time.") : undefined;
}

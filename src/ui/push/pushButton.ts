import * as l10n from "@vscode/l10n";
import { fullName, type RepositoryName } from "../../bitbucket/site";
import type { TokenKind } from "../../bitbucket/token";
import type { GitApiHead } from "../../git/vscodeGitApi";

/** All that the push button tells, as it is now. */
export interface PushButtonState {
  readonly repository: RepositoryName;
  readonly remote: string;
  readonly displayUrl: string;
  /** Every other place that the same push goes to. */
  readonly others: readonly string[];
  /** Where Git itself pushes this branch, where that isn't on Bitbucket. */
  readonly elsewhere: { readonly remote: string; readonly displayUrl: string } | undefined;
  /** Undefined on a detached HEAD. */
  readonly branch: string | undefined;
  /** The branch there. */
  readonly target: string | undefined;
  readonly hasCommits: boolean;
  /** The branch that this one follows, as `origin/main`. */
  readonly upstream: string | undefined;
  readonly ahead: number;
  readonly behind: number;
  /** It was seen where it is pushed to. */
  readonly isPublished: boolean;
  /** The counts are the editor's own, so they follow each commit at once. */
  readonly isCountedByEditor: boolean;
  /** As Git would write it; undefined where it would refuse to commit. */
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
  if (HEAD?.name !== state.branch || upstream !== state.upstream || !state.isCountedByEditor)
    return undefined;
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
  const { target } = state;
  const counts = [
    state.others.length > 0 && `+${state.others.length}`,
    target !== state.branch && target !== undefined && `→ ${target.replaceAll("$(", "$\u200b(")}`,
    isUnpublished(state) && l10n.t("unpublished branch"),
    state.ahead > 0 && `↑${state.ahead}`,
    state.behind > 0 && `↓${state.behind}`,
  ].filter(Boolean);
  return {
    text: ["$(cloud-upload)", nameOf(state), ...counts].join(" "),
    label: [labelOf(state), ...notes, ...warnings].join(" "),
    facts: factsOf(state),
    notes,
    warnings,
    ...(ofToken !== undefined && { tokenToReplace: fullName(state.repository) }),
  };
}

/** Where a push goes: never the name of another place. */
function nameOf({ repository, elsewhere }: PushButtonState): string {
  return elsewhere
    ? elsewhere.displayUrl.replace(/^[a-z+]+:\/\//, "").replaceAll("$(", "$\u200b(")
    : fullName(repository);
}

function isUnpublished({ branch, hasCommits, isPublished }: PushButtonState): boolean {
  return branch !== undefined && hasCommits && !isPublished;
}

function labelOf(state: PushButtonState): string {
  const { branch, ahead, behind } = state;
  const name = nameOf(state);
  if (branch === undefined) return l10n.t("Push to {0}: no branch is checked out.", name);
  if (isUnpublished(state)) return l10n.t("Push to {0}: branch {1}, not published yet.", name, branch);
  const outgoing = l10n.t("Push to {0}: branch {1}, {2} to push, {3} incoming.", name, branch, ahead, behind);
  return ahead === 0 && behind === 0
    ? l10n.t("Push to {0}: branch {1}, nothing to push.", name, branch)
    : outgoing;
}

function factsOf(state: PushButtonState): PushButtonLook["facts"] {
  const { branch, upstream, commitAddress, token, others } = state;
  const { remote, displayUrl } = state.elsewhere ?? state;
  return [
    [l10n.t("Remote"), [`${remote}, ${displayUrl}`, ...others].join(" + ")],
    [l10n.t("Branch"), branchFact(branch, upstream)],
    ...(branch === undefined ? [] : [[l10n.t("Commits"), commitsFact(state)] as const]),
    [l10n.t("Commit e-mail"), commitAddress ?? l10n.t("not set")],
    [l10n.t("Token"), token ? tokenFact(token) : l10n.t("none stored")],
  ];
}

function branchFact(branch: string | undefined, upstream: string | undefined): string {
  if (branch === undefined) return l10n.t("none checked out");
  return upstream === undefined ? branch : l10n.t("{0}, tracks {1}", branch, upstream);
}

function commitsFact(state: PushButtonState): string {
  return isUnpublished(state)
    ? l10n.t("counted once the branch is published")
    : l10n.t("{0} to push, {1} incoming", state.ahead, state.behind);
}

function tokenFact({ kind, daysLeft, isRefused }: TokenFacts): string {
  const name = tokenName(kind);
  if (isRefused) return l10n.t("{0}, rejected by Bitbucket", name);
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
  return isUnpublished(state) && state.upstream === undefined
    ? [l10n.t("{0} doesn't track a branch yet. The first push sets it.", branch)]
    : [];
}

function warningsOf(state: PushButtonState, ofToken: string | undefined): readonly string[] {
  const warnings = ofToken === undefined ? [] : [ofToken];
  if (state.elsewhere)
    warnings.push(
      l10n.t(
        "Git pushes this branch to {0} ({1}), which isn't on Bitbucket. Choose where to push.",
        state.elsewhere.remote,
        state.elsewhere.displayUrl,
      ),
    );
  if (state.isTokenLost) warnings.push(l10n.t("The token is no longer stored. Connect again to push."));
  if (state.holdsToken)
    warnings.push(
      l10n.t("A remote's URL contains a token in plain text. Check the connection to remove it."),
    );
  if (!state.isTokensAddress)
    warnings.push(
      l10n.t("The commit email isn't the one set with the token, so commits won't carry its name."),
    );
  return warnings;
}

function tokenWarning({ daysLeft, isRefused }: TokenFacts, reminderDays: number): string | undefined {
  if (daysLeft !== undefined && daysLeft < 0) return l10n.t("The token expired. Replace it to push.");
  if (isRefused) return l10n.t("Bitbucket rejected the token: it's expired or revoked. Replace it to push.");
  const isNear = daysLeft !== undefined && daysLeft <= reminderDays;
  return isNear ? l10n.t("The token expires soon. Replace it in time.") : undefined;
}

import * as l10n from "@vscode/l10n";
import { readRemoteUrl } from "../../bitbucket/address";
import { withFixes, type Fix, type UserError } from "../../errors";
import { checkConnection, replaceToken } from "../../failures/fixes";
import type { LocalRepository } from "../../git/localRepository";
import { readPushFailure } from "../../failures/gitFailure";
import { explainPushFailure } from "../../failures/push";
import { hasPlainToken } from "../check/plainToken";
import { findCause } from "../tokens/findCause";
import { explainMissingToken } from "./missingToken";
import type { PushedBranch } from "./planPush";
import type { Ports } from "../ports";
import { pushAgain } from "./pushAgain";
import { explainRejection } from "./unrelatedHistories";

/** What a failed push means, whoever pushed: our button, or the editor's own. */
export async function explainPush(
  ports: Ports,
  local: LocalRepository,
  pushed: PushedBranch,
  error: unknown,
  signal: AbortSignal,
): Promise<UserError> {
  const { site } = ports;
  const { repository, branch } = pushed;
  const failure = readPushFailure(error instanceof Error ? error.message : String(error));
  if (failure.kind === "notFastForward") return explainRejection(ports, local, pushed, signal);
  const [token, isSsh] = await Promise.all([
    ports.tokens.get(site, repository),
    isPushedBySsh(ports, local, pushed),
  ]);
  const refusal =
    !token && !isSsh && (failure.kind === "signInAsked" || failure.kind === "tokenRejected")
      ? await explainMissingToken(ports, local, pushed, signal)
      : explainPushFailure(failure, {
          site,
          repository,
          branch,
          kind: token?.kind ?? "repository",
          isSsh,
          replaceToken: replaceToken(repository),
          newBranch: pushAgain(local, pushed, l10n.t("Push to a new branch"), { first: "newBranch" }),
        });
  // The editor's push takes what is checked out to where that goes: it must be the same.
  const isEditors = async () =>
    branch === local.currentBranch && (await ports.readRepository(local.root)).remotes.length === 1;
  if (failure.kind === "sshRefused" && (await isEditors())) return leadingToEditorsPush(local, refusal);
  if (isSsh) return refusal;
  const isAboutToken = refusal.code === "TokenRejected" || refusal.code === "TokenLacksScope";
  const isPlain = isAboutToken && (await hasPlainToken(ports, local.root, pushed).catch(() => false));
  if (isPlain) return leadingToCheck(local, refusal);
  const isUnclear = failure.kind === "tokenRejected" || failure.kind === "forbidden";
  const cause =
    token && isUnclear ? await findCause(ports, repository, token, ["repository:write"], signal) : undefined;
  return cause ? withFixes(cause, [replaceToken(repository), ...cause.fixes]) : refusal;
}

async function isPushedBySsh(
  { readRepository, site }: Ports,
  local: LocalRepository,
  { remote }: PushedBranch,
): Promise<boolean> {
  const { remotes } = await readRepository(local.root);
  const pushUrls = remotes.find(({ name }) => name === remote)?.pushUrls ?? [];
  return pushUrls.some((url) => readRemoteUrl(url, site).isSsh);
}

/** Another token for VS Code changes nothing where git has one of its own. */
function leadingToCheck(local: LocalRepository, refusal: UserError): UserError {
  const whole = l10n.t(
    "{0} The token is in plain text in Git's config, where “Replace token” can't change it. “Check connection” removes it.",
    refusal.message,
  );
  return withFixes(refusal, [checkConnection(local.root), ...refusal.fixes], whole);
}

/** git's questions, for a key's passphrase or an unknown host, are asked by the editor's own push alone. */
function leadingToEditorsPush(local: LocalRepository, refusal: UserError): UserError {
  const title = l10n.t("Push with VS Code");
  const push: Fix = { kind: "runCommand", title, command: "git.push", args: [local.root] };
  return withFixes(refusal, [push, ...refusal.fixes]);
}

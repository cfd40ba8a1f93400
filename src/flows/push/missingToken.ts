import * as l10n from "@vscode/l10n";
import { fullName } from "../../bitbucket/site";
import { UserError, type Fix } from "../../errors";
import type { LocalRepository } from "../../git/localRepository";
import type { Ports } from "../ports";
import { findServingToken, type ServingToken } from "../tokens/findServingToken";
import { proveAccess, type ProvedAccess } from "../tokens/proveAccess";
import type { PushedBranch } from "./planPush";
import { pushAgain } from "./pushAgain";

/** The stored token that can push to the repository, as Bitbucket says now. */
export function findPushingToken(
  ports: Ports,
  { repository }: Pick<PushedBranch, "repository">,
  signal: AbortSignal,
): Promise<ServingToken<ProvedAccess> | undefined> {
  return findServingToken(ports, repository, (token) =>
    proveAccess(ports, { repository, token, needs: ["repository:write"] }, signal),
  );
}

/** Git was asked to sign in, and found nothing to do it with. Either button ends with the push. */
export async function explainMissingToken(
  ports: Ports,
  local: LocalRepository,
  pushed: PushedBranch,
  signal: AbortSignal,
): Promise<UserError> {
  // Where Bitbucket can't be asked now, it is asked again before anything is done.
  const found = await findPushingToken(ports, pushed, signal).catch(() => undefined);
  const name = fullName(pushed.repository);
  const connect = (title: string) => pushAgain(local, pushed, title, { first: "connect" });
  const openForm: Fix = {
    kind: "runCommand",
    title: l10n.t("Connect repository"),
    command: "bitbucketConnect.connectRepository",
    args: [{ folder: local.root, repository: name }],
  };
  return found
    ? new UserError(
        "TokenRejected",
        l10n.t("{0} isn't connected, but a stored token can push to it.", name),
        {
          field: "token",
          fixes: [connect(l10n.t("Connect and push"))],
        },
      )
    : new UserError(
        "TokenRejected",
        l10n.t("No stored token can push to {0}. Add one, then push again.", name),
        {
          field: "token",
          fixes: [connect(l10n.t("Add token")), openForm],
        },
      );
}

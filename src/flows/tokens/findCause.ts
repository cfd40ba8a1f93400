import type { RepositoryName } from "../../bitbucket/site";
import type { StoredToken } from "../../credentials/tokenStore";
import { UserError, type ErrorKind } from "../../errors";
import { toPresented } from "../clone/listRepositoriesReach";
import type { Ports } from "../ports";
import { proveAccess } from "./proveAccess";

const telling: readonly ErrorKind[] = [
  "TokenRejected",
  "TokenLacksScope",
  "RepositoryNotFound",
  "WrongRepository",
];

/**
 * Git's door gives one answer to a bad token, to one without access and for a repository that isn't there: REST tells
 * which. Undefined where Bitbucket can't be asked, or finds nothing wrong.
 */
export async function findCause(
  ports: Ports,
  repository: RepositoryName,
  token: StoredToken,
  needs: readonly string[],
  signal: AbortSignal,
): Promise<UserError | undefined> {
  const question = { repository, token: toPresented(token), needs };
  const error: unknown = await proveAccess(ports, question, signal).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return error instanceof UserError && telling.includes(error.code) ? error : undefined;
}

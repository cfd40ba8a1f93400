import type { RepositoryName } from "../../bitbucket/site";
import { toRepositoryName } from "../../bitbucket/answers";
import type { RefusedTokens } from "../../credentials/refusedTokens";
import type { KnownToken } from "../../credentials/tokenReach";
import type { StoredToken } from "../../credentials/tokenStore";
import { UserError, type ErrorKind } from "../../errors";
import { addToken } from "./addToken";
import { findAdded, findDescribed, type TokenDescription } from "./describeTokens";
import { RequestQueue } from "../clone/listRepositoriesQueue";
import { toPresented } from "../clone/listRepositoriesReach";
import type { Ports } from "../ports";
import { isForPushing, proveAccess } from "./proveAccess";

export type CheckOutcome =
  "reads" | "pushes" | "refused" | "lacksScope" | "gone" | "offline" | "limited" | "unclear";

/** What Bitbucket says of a token for one repository. */
export interface RepositoryCheck {
  readonly repository: RepositoryName;
  readonly outcome: CheckOutcome;
  /** Where it doesn't work: what happened and what to do next, said of the repository that was asked for. */
  readonly message: string | undefined;
}

export interface TokenCheck {
  readonly checkedAt: Date;
  readonly checks: readonly RepositoryCheck[];
}

/** These are the same for every repository, so one answer is enough. */
const sameForAll: readonly CheckOutcome[] = ["refused", "offline", "limited"];

/**
 * Asks Bitbucket about one kept token for each repository that it serves: whether it reads, and where it was connected
 * to push, whether it still pushes. Nothing changes there. Repositories that have another token by now are left out.
 */
export async function checkKeptToken(
  ports: Ports,
  refused: RefusedTokens,
  token: TokenDescription,
  signal: AbortSignal,
): Promise<TokenCheck> {
  const kept = await findKept(ports, token);
  const checks = await checkAll(ports, kept, signal);
  const [first] = kept;
  if (first) remember(refused, first.stored.secret, checks);
  const added = first ? undefined : await findAdded(ports, token);
  return { checkedAt: new Date(), checks: added ? await checkAdded(ports, refused, added, signal) : checks };
}

/** What no repository is connected with is asked about where it is known to work, which is what is known from then on. */
async function checkAdded(
  ports: Ports,
  refused: RefusedTokens,
  { token, reach }: KnownToken,
  signal: AbortSignal,
): Promise<readonly RepositoryCheck[]> {
  const places = [
    ...reach.repositories.map(toRepositoryName),
    ...reach.workspaces.map((workspace) => ({ workspace })),
  ];
  const request = { token: toPresented(token), places, expires: token.expires, isPlaceOptional: true };
  try {
    const added = await addToken(ports, request, signal);
    refused.remove(token.secret);
    const where = added.kind === "repository" ? added.repositories : added.workspaces.map(wholeWorkspace);
    const outcome = isForPushing(added.scopes) ? "pushes" : "reads";
    return where.map((repository) => ({ repository, outcome, message: undefined }));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (error.code === "TokenRejected") refused.add(token.secret);
    const [workspace = "*"] = reach.workspaces;
    return [{ repository: wholeWorkspace(workspace), outcome: toOutcome(error), message: error.message }];
  }
}

/** As a row names it: `acme/*`. */
function wholeWorkspace(workspace: string): RepositoryName {
  return { workspace, slug: "*" };
}

interface Kept {
  readonly repository: RepositoryName;
  readonly stored: StoredToken;
}

async function findKept(ports: Ports, token: TokenDescription): Promise<readonly Kept[]> {
  if (token.isElsewhere) return [];
  const found = await Promise.all(
    token.repositories.map(async (repository) => {
      const stored = await findDescribed(ports, token, repository);
      return stored && { repository, stored };
    }),
  );
  return found.filter((one) => one !== undefined);
}

/** The first one alone: where the token is dead or Bitbucket out of reach, the others need not be asked. */
async function checkAll(
  ports: Ports,
  [first, ...others]: readonly Kept[],
  signal: AbortSignal,
): Promise<readonly RepositoryCheck[]> {
  if (!first) return [];
  const check = await checkOne(ports, first, signal);
  if (sameForAll.includes(check.outcome))
    return [check, ...others.map(({ repository }) => ({ ...check, repository, message: undefined }))];
  const queue = new RequestQueue();
  const rest = others.map((one) => queue.run(() => checkOne(ports, one, signal)));
  return [check, ...(await Promise.all(rest))];
}

async function checkOne(
  ports: Ports,
  { repository, stored }: Kept,
  signal: AbortSignal,
): Promise<RepositoryCheck> {
  signal.throwIfAborted();
  try {
    return { repository, outcome: await ask(ports, repository, stored, signal), message: undefined };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { repository, outcome: toOutcome(error), message: error.message };
  }
}

/** The scopes of a token of the environment are known from the answer alone. */
async function ask(
  ports: Ports,
  repository: RepositoryName,
  stored: StoredToken,
  signal: AbortSignal,
): Promise<"reads" | "pushes"> {
  const prove = (...needs: readonly string[]) =>
    proveAccess(ports, { repository, token: toPresented(stored), needs }, signal);
  const isKnownToPush = isForPushing(stored.scopes);
  const { scopes } = await prove(isKnownToPush ? "repository:write" : "repository");
  if (!isKnownToPush && isForPushing(scopes)) await prove("repository:write");
  return isKnownToPush || isForPushing(scopes) ? "pushes" : "reads";
}

/** An API token without its account's e-mail is refused by REST alone: git may go on with it. */
function toOutcome({ code, field }: UserError): CheckOutcome {
  return field === "account" ? "unclear" : (outcomes[code] ?? "unclear");
}

const outcomes: Partial<Record<ErrorKind, CheckOutcome>> = {
  TokenRejected: "refused",
  TokenLacksScope: "lacksScope",
  RepositoryNotFound: "gone",
  WrongRepository: "gone",
  Offline: "offline",
  RateLimited: "limited",
};

/** The push button tells of it too. */
function remember(refused: RefusedTokens, secret: string, checks: readonly RepositoryCheck[]): void {
  if (checks.some(({ outcome }) => outcome === "refused")) refused.add(secret);
  else if (checks.some(({ outcome }) => outcome === "reads" || outcome === "pushes")) refused.remove(secret);
}

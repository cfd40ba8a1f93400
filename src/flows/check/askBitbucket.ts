import { BitbucketClient, type PresentedToken, type VerifiedToken } from "../../bitbucket/client";
import { withDeadline } from "../../bitbucket/deadline";
import { readAdvertisement } from "../../bitbucket/gitAdvertisement";
import { isSameRepository, repositoryKey, type RepositoryName } from "../../bitbucket/site";
import { tokenHint } from "../../bitbucket/token";
import { UserError } from "../../errors";
import type { Ports } from "../ports";
import { tokenInUse, type Scene } from "./scene";

/** What Bitbucket says of one token for one repository. */
export interface Verdict {
  readonly repository: RepositoryName;
  readonly token: PresentedToken;
  readonly outcome: VerifiedToken | UserError;
  /** Bitbucket's clock less ours, in milliseconds, where it answered. */
  readonly clockLeadMs: number | undefined;
}

/** One call for each token that git would send from here: one, nearly always. */
export async function askBitbucket(
  scene: Scene,
  clock: () => number,
  signal: AbortSignal,
): Promise<readonly Verdict[]> {
  const { subject, tokenUrls, secretPlaces, ports } = scene;
  const inUse = subject && tokenInUse(subject);
  const questions = [
    ...(subject && inUse ? [{ repository: subject.repository, token: inUse }] : []),
    ...tokenUrls.flatMap(({ repository, token }) => (repository ? [{ repository, token }] : [])),
    ...secretPlaces.flatMap(({ repositories, token }) =>
      repositories.map((repository) => ({ repository, token })),
    ),
  ];
  const unique = new Map(
    questions.map((one) => [`${repositoryKey(one.repository)} ${one.token.secret}`, one]),
  );
  return Promise.all(
    [...unique.values()].map(({ repository, token }) => ask(ports, repository, token, clock, signal)),
  );
}

export function findVerdict(
  verdicts: readonly Verdict[],
  repository: RepositoryName,
  token: PresentedToken,
): Verdict | undefined {
  return verdicts.find(
    (one) => isSameRepository(one.repository, repository) && one.token.secret === token.secret,
  );
}

/** Proves a token with Bitbucket. REST wants an account's e-mail beside an API token; git's own door doesn't. */
export async function proveToken(
  ports: Pick<Ports, "site" | "client" | "send">,
  repository: RepositoryName,
  token: PresentedToken,
  signal: AbortSignal,
): Promise<VerifiedToken> {
  try {
    return await ports.client.verifyToken(repository, token, signal);
  } catch (error) {
    if (!(error instanceof UserError) || error.field !== "account") throw error;
    const proved = { kind: "api", repository, scopes: [] } as const;
    const question = { ...proved, site: ports.site, secret: token.secret, signal };
    await readAdvertisement(ports.send, { ...question, service: "git-upload-pack" });
    return proved;
  }
}

/** The token is of no use for this repository: it is dead, an app password, or another's. */
export function isUseless({ outcome, token }: Verdict): boolean {
  if (tokenHint(token.secret) === "appPassword") return true;
  return (
    outcome instanceof UserError &&
    ["TokenRejected", "TokenLacksScope", "RepositoryNotFound", "WrongRepository"].includes(outcome.code)
  );
}

async function ask(
  { site, send }: Ports,
  repository: RepositoryName,
  token: PresentedToken,
  clock: () => number,
  signal: AbortSignal,
): Promise<Verdict> {
  let clockLeadMs: number | undefined;
  const within = withDeadline(send);
  const listening: typeof send = async (request) => {
    const answer = await within({ ...request, canWait: true });
    const date = Date.parse(answer.header("date") ?? "");
    if (!Number.isNaN(date)) clockLeadMs = date - clock();
    return answer;
  };
  const ports = { site, send: listening, client: new BitbucketClient(site, listening) };
  const outcome = await proveToken(ports, repository, token, signal).catch((error: unknown) => {
    if (error instanceof UserError) return error;
    throw error;
  });
  return { repository, token, outcome, clockLeadMs };
}

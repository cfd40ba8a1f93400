import * as l10n from "@vscode/l10n";
import { UserError } from "../errors";
import { isWebPage, webPage } from "./answers";
import type { HttpAnswer, Send } from "./http";
import { lacksScope, refusedByAccessControl, toRefusal } from "../failures/rest";
import { basic } from "./signInWays";
import { fullName, remoteUrl, type BitbucketSite, type RepositoryName } from "./site";
import { gitUserName, type TokenKind } from "./token";

export type GitService = "git-upload-pack" | "git-receive-pack";

/** Branch and tag names with the commits they are at, as the server lists them before any transfer. */
export type AdvertisedRefs = ReadonlyMap<string, string>;

export interface AdvertisementRequest {
  readonly site: BitbucketSite;
  readonly repository: RepositoryName;
  readonly kind: TokenKind;
  readonly secret: string;
  /** The scopes that REST told, to name what is missing. */
  readonly scopes: readonly string[];
  readonly service: GitService;
  readonly signal: AbortSignal;
}

/** About half a million branches and tags. */
const refsLimitBytes = 64 * 1024 * 1024;

/**
 * Asks git's own front door what a push or fetch would be told first. Nothing changes on the server, and 200 or
 * 403 is the proof of what the token can do. The refs are listed for a push alone.
 * https://git-scm.com/docs/http-protocol#_smart_clients
 */
export async function readAdvertisement(send: Send, request: AdvertisementRequest): Promise<AdvertisedRefs> {
  const answer = await send({
    url: `${remoteUrl(request.site, request.repository)}/info/refs?service=${request.service}`,
    authorization: basic(gitUserName(request.kind), request.secret),
    accept: `application/x-${request.service}-advertisement`,
    // A reader needs no list of refs, which protocol version 2 leaves out; a pusher gets it in any case.
    ...(request.service === "git-upload-pack" && { gitProtocol: "version=2" }),
    limitBytes: refsLimitBytes,
    signal: request.signal,
  });
  if (answer.status !== 200) throw explainRefusal(answer, request);
  if (isWebPage(answer.body)) throw webPage();
  if (!isAdvertisement(answer.body, request.service)) throw notGit(request.repository);
  return parseRefs(answer.body);
}

function explainRefusal(answer: HttpAnswer, request: AdvertisementRequest): UserError {
  const tokenPage = request.kind === "api" ? "api" : "access";
  const context = { site: request.site, repository: request.repository, tokenPage } as const;
  // Git's door answers 403 in plain text, so the missing scope is told from the service that was asked for.
  if (answer.status === 403 && !isWebPage(answer.body)) {
    return (
      refusedByAccessControl(answer, context) ?? lacksScope(request.scopes, requiredScopes(request), context)
    );
  }
  return toRefusal(answer, context);
}

function requiredScopes({ service, kind }: AdvertisementRequest): string[] {
  const isPush = service === "git-receive-pack";
  if (kind === "api") return [isPush ? "write:repository:bitbucket" : "read:repository:bitbucket"];
  return [isPush ? "repository:write" : "repository"];
}

/** Whoever answered speaks something else. */
export function notGit(repository: RepositoryName): UserError {
  return new UserError(
    "BadAnswer",
    l10n.t(
      "{0} didn't answer as a Git server. Check whether a proxy replaces answers, or try again later.",
      fullName(repository),
    ),
    { fixes: [{ kind: "retry", title: l10n.t("Try again"), change: {} }] },
  );
}

/** git leaves the first line out in version 2. */
function isAdvertisement(body: string, service: GitService): boolean {
  const first = body.slice(4);
  return (
    first.startsWith(`# service=${service}`) ||
    (service === "git-upload-pack" && first.startsWith("version 2"))
  );
}

/**
 * pkt-lines: four hex digits of length, then `<commit> <ref>`, the first one followed by NUL and capabilities. Lengths
 * are in bytes and the body is text, so lines are told by their form. https://git-scm.com/docs/gitprotocol-pack
 */
function parseRefs(body: string): AdvertisedRefs {
  const lines = body.matchAll(/[0-9a-f]{4}([0-9a-f]{40}(?:[0-9a-f]{24})?) (refs\/[^\0\n]+)/g);
  return new Map([...lines].map(([, commit = "", ref = ""]) => [ref, commit]));
}

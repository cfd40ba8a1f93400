import type { IncomingMessage, ServerResponse } from "node:http";
import type { Contract } from "./contract/contract";
import type { BareRepositories } from "./git/bareRepositories";
import { parseGitAddress } from "./git/gitAddress";
import type { GitDoor } from "./git/gitDoor";
import { parseLfsAddress } from "./lfs/lfsAddress";
import type { LfsDoor } from "./lfs/lfsDoor";
import { signIn, type SignIn, type SignInRules } from "./model/signIn";
import type { Tokens } from "./model/tokens";
import type { World } from "./model/world";
import { selectFields } from "./rest/fields";
import type { Links } from "./rest/links";
import { answerRest } from "./rest/restDoor";
import { answerWeb } from "./web/webDoor";
import { send, type Answer } from "./wire/answer";
import { breakAnswer } from "./wire/breakAnswer";
import type { Faults } from "./wire/faults";
import { parseBody, readBody } from "./wire/readBody";
import { toSeenRequest, type RequestLog, type SeenRequest } from "./wire/requestLog";
import { wait } from "./wire/wait";

export const apiPath = "/2.0";

export interface SiteParts {
  readonly world: World;
  readonly tokens: Tokens;
  readonly repositories: BareRepositories;
  readonly links: Links;
  readonly gitDoor: GitDoor;
  readonly lfsDoor: LfsDoor;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly contract: Contract | undefined;
  readonly contractViolations: string[];
  readonly rules: SignInRules;
  readonly latencyMs: () => number;
}

interface Visit {
  readonly seen: SeenRequest;
  readonly signIn: SignIn;
  readonly url: URL;
  readonly bodyDelayMs: number;
}

/** The way of every request: noted, perhaps broken on purpose, then answered at one of four doors. */
export class Site {
  constructor(private readonly parts: SiteParts) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { links, tokens, rules, log, faults } = this.parts;
    const url = new URL(request.url ?? "/", links.webUrl);
    const isRest = isApi(url);
    const signed = signIn(request.headers.authorization, isRest ? "rest" : "git", tokens, rules);
    const seen = toSeenRequest(request, url, signed);
    await log.record(seen, response);
    const fault = faults.take(seen);
    const broken = fault && (await breakAnswer(response, fault, isRest));
    if (broken?.kind === "answered" || response.destroyed) {
      request.resume();
      return;
    }
    await this.answer(request, response, {
      seen,
      signIn: signed,
      url,
      bodyDelayMs: broken?.bodyDelayMs ?? 0,
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse, visit: Visit): Promise<void> {
    const { seen, signIn, bodyDelayMs } = visit;
    const address = isApi(visit.url) ? undefined : parseGitAddress(seen.path, seen.service);
    if (address) {
      await this.parts.gitDoor.serve(request, response, { address, signIn, query: seen.query, bodyDelayMs });
      return;
    }
    const lfs = isApi(visit.url) ? undefined : parseLfsAddress(seen.path);
    if (lfs) {
      await this.parts.lfsDoor.serve(request, response, lfs, signIn, seen.query);
      return;
    }
    const text = await readBody(request);
    if (isApi(visit.url)) {
      await wait(this.parts.latencyMs(), response);
      await send(response, await this.rest(visit, parseBody(text)), bodyDelayMs);
    } else {
      await send(response, await this.web(visit, text), bodyDelayMs);
    }
  }

  private async rest({ seen, signIn, url }: Visit, body: unknown): Promise<Answer> {
    const { contract, contractViolations } = this.parts;
    const exchange = {
      method: seen.method,
      path: seen.path.slice(apiPath.length),
      query: url.searchParams,
      requestBody: body,
    };
    const requestProblems = contract?.checkRequest(exchange) ?? [];
    const answer = await answerRest({
      ...this.parts,
      method: seen.method,
      path: exchange.path,
      signIn,
      url,
      body,
    });
    const answerProblems = contract?.checkAnswer(exchange, answer) ?? [];
    contractViolations.push(...requestProblems, ...answerProblems);
    return trim(answer, url.searchParams.get("fields"));
  }

  private web({ seen, url }: Visit, text: string): Promise<Answer> {
    const { world, tokens, repositories, links } = this.parts;
    const form = new URLSearchParams(seen.method === "POST" ? text : "");
    return answerWeb({ world, tokens, repositories, webUrl: links.webUrl, method: seen.method, url, form });
  }
}

function isApi(url: URL): boolean {
  return url.pathname === apiPath || url.pathname.startsWith(`${apiPath}/`);
}

/** `fields` shapes good answers; errors stay whole. */
function trim(answer: Answer, fields: string | null): Answer {
  if (fields === null || answer.status >= 400) return answer;
  return { ...answer, body: JSON.stringify(selectFields(JSON.parse(answer.body), fields)) };
}

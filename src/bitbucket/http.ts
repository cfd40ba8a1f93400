import { setTimeout as waitFor } from "node:timers/promises";
import { UserError } from "../errors";
import { operationMs } from "./deadline";
import { exchange } from "./exchange";
import { faultOf, tookTooLong, toNetworkError } from "./networkFault";
import { RequestBudget } from "./requestBudget";
import { pauseBeforeRetry } from "./retries";
import { SharedRequests } from "./sharedRequests";
import { isSafeToSendTokens } from "./site";

/** One request to Bitbucket. The token travels in `authorization` alone. */
export interface HttpRequest {
  readonly url: string;
  readonly authorization: string;
  readonly accept: string;
  /** A JSON text to POST; without one it is a GET. */
  readonly body?: string;
  /** git's own header of the same name. */
  readonly gitProtocol?: string;
  /** The longest answer to read; 5 MB unless told. */
  readonly limitBytes?: number;
  readonly signal?: AbortSignal;
  /** When all of this must have ended, by `performance.now()`. */
  readonly deadline?: number;
  /** It is no single action of the person: refused here, unasked, once the hour's requests are spent. */
  readonly canWait?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

/** What the log may know of a request: never headers, never a query, never a body. */
export interface RequestTrace {
  readonly method: "GET" | "POST";
  readonly host: string;
  readonly path: string;
  /** A status of HTTP, or why there is none. */
  readonly status: number | string;
  readonly elapsedMs: number;
  /** It is sent again after this many milliseconds. */
  readonly againInMs?: number;
}

/** How time and chance are had. */
export interface SendOptions {
  /** The longest wait for one answer; two in a row stay within the 15 s that a failure may take. */
  readonly timeoutMs?: number;
  /** From 0 to 1. */
  readonly random?: () => number;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

const defaults = {
  timeoutMs: 7_000,
  random: Math.random,
  wait: (ms: number, signal: AbortSignal) => waitFor(ms, undefined, { signal }),
};

/**
 * Sends over node-fetch, whose requests go through the editor's patched `http` and `https`: its proxy and certificate
 * settings count. Any HTTP status is an answer; what never became one is thrown as a UserError. A GET is repeated after
 * a failure that may pass, and equal ones at the same time are one request. The budget is this sender's: share it.
 */
export function createSend(trace: (request: RequestTrace) => void, options: SendOptions = {}): Send {
  const sender = new Sender(trace, { ...defaults, ...options });
  return (request) => sender.send(request);
}

class Sender {
  private readonly budget = new RequestBudget(() => performance.now());
  private readonly shared = new SharedRequests();

  constructor(
    private readonly trace: (request: RequestTrace) => void,
    private readonly options: Required<SendOptions>,
  ) {}

  async send(request: HttpRequest): Promise<HttpAnswer> {
    request.signal?.throwIfAborted();
    if (!isSafeToSendTokens(new URL(request.url))) throw new Error("refused to send a token over plain http");
    if (request.canWait) this.budget.check(request.authorization);
    const deadline = request.deadline ?? performance.now() + operationMs;
    return this.shared.run({ ...request, deadline }, (signal) => this.persist(request, deadline, signal));
  }

  private async persist(request: HttpRequest, deadline: number, signal: AbortSignal): Promise<HttpAnswer> {
    const { random, wait } = this.options;
    for (let retries = 0; ; retries++) {
      const startedAt = performance.now();
      const outcome = await this.attempt(request, deadline, signal);
      const now = performance.now();
      const pauseMs =
        request.body === undefined
          ? pauseBeforeRetry(outcome, { retries, random, leftMs: deadline - now })
          : undefined;
      this.tell(request, outcome, now - startedAt, pauseMs);
      if (pauseMs !== undefined) await wait(pauseMs, signal);
      else if (outcome instanceof UserError) throw outcome;
      else return outcome;
    }
  }

  /** An error is returned where asking again may help; an abort is thrown. */
  private async attempt(
    request: HttpRequest,
    deadline: number,
    signal: AbortSignal,
  ): Promise<HttpAnswer | UserError> {
    const startedAt = performance.now();
    const { host } = new URL(request.url);
    const limitMs = Math.round(Math.min(this.options.timeoutMs, deadline - startedAt));
    if (limitMs <= 0) return tookTooLong(host);
    const timeout = AbortSignal.timeout(limitMs);
    this.budget.spend(request);
    try {
      const answer = await exchange(request, AbortSignal.any([signal, timeout]));
      this.budget.learn(request, answer, startedAt);
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      return timeout.aborted ? tookTooLong(host) : toNetworkError(error, host);
    }
  }

  private tell(
    request: HttpRequest,
    outcome: HttpAnswer | UserError,
    elapsedMs: number,
    pauseMs: number | undefined,
  ): void {
    const { host, pathname } = new URL(request.url);
    this.trace({
      method: request.body === undefined ? "GET" : "POST",
      host,
      path: pathname,
      status: outcome instanceof UserError ? (faultOf(outcome)?.code ?? outcome.code) : outcome.status,
      elapsedMs: Math.round(elapsedMs),
      ...(pauseMs !== undefined && { againInMs: Math.round(pauseMs) }),
    });
  }
}

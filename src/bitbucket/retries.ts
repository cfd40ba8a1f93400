import { UserError } from "../errors";
import type { HttpAnswer } from "./http";
import { faultOf } from "./networkFault";
import { parseRetryAfter } from "./retryAfter";

export interface RetryState {
  /** How often it was repeated. */
  readonly retries: number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Until all must have ended. */
  readonly leftMs: number;
}

const retryLimit = 2;
/** A person waits this long for one repetition, not longer. */
const patienceMs = 5_000;
/** What the repetition itself may take. */
const answerMs = 1_000;
const firstPauseMs = 300;

/** Broken on the way: asked again, it may go through. A name that isn't there, a refused port, a bad certificate won't. */
const passingCodes = new Set([
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "ENETRESET",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

/** Milliseconds until a GET may be asked again; undefined where it makes no sense, or doesn't fit in the time left. */
export function pauseBeforeRetry(outcome: HttpAnswer | UserError, state: RetryState): number | undefined {
  if (state.retries >= retryLimit) return undefined;
  const pauseMs = outcome instanceof UserError ? afterFault(outcome, state) : afterAnswer(outcome, state);
  return pauseMs !== undefined && pauseMs + answerMs <= state.leftMs ? pauseMs : undefined;
}

function afterFault(error: UserError, state: RetryState): number | undefined {
  return passingCodes.has(faultOf(error)?.code ?? "") ? jitter(state) : undefined;
}

function afterAnswer(answer: HttpAnswer, state: RetryState): number | undefined {
  const isLimit = answer.status === 429;
  if (!isLimit && ![502, 503, 504].includes(answer.status)) return undefined;
  const seconds = parseRetryAfter(answer);
  if (seconds === undefined) return isLimit ? undefined : jitter(state);
  if (seconds * 1000 > patienceMs || (isLimit && state.retries > 0)) return undefined;
  return seconds * 1000 + jitter(state);
}

/** Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
function jitter({ retries, random }: RetryState): number {
  return random() * firstPauseMs * 2 ** retries;
}

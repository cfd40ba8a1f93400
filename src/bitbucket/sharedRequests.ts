import type { HttpAnswer, HttpRequest } from "./http";

interface Running {
  readonly answer: Promise<HttpAnswer>;
  readonly abort: AbortController;
  readonly deadline: number;
  callers: number;
}

/** Equal GETs at the same time are one request. It is aborted when the last of its callers has gone. */
export class SharedRequests {
  private readonly running = new Map<string, Running>();

  async run(
    request: HttpRequest & { readonly deadline: number },
    start: (signal: AbortSignal) => Promise<HttpAnswer>,
  ): Promise<HttpAnswer> {
    const key = keyOf(request);
    const known = this.running.get(key);
    // One that may go on for longer than this caller would is no use to it.
    const joined = known && known.deadline <= request.deadline ? known : begin(request, start);
    if (request.body === undefined && joined !== known) this.running.set(key, joined);
    joined.callers++;
    try {
      return await untilAborted(joined.answer, request.signal);
    } finally {
      if (--joined.callers === 0) {
        if (this.running.get(key) === joined) this.running.delete(key);
        joined.abort.abort();
      }
    }
  }
}

function keyOf({ url, authorization, accept, gitProtocol, limitBytes, body }: HttpRequest): string {
  return JSON.stringify([url, authorization, accept, gitProtocol, limitBytes, body]);
}

function begin(
  { deadline }: { readonly deadline: number },
  start: (signal: AbortSignal) => Promise<HttpAnswer>,
) {
  const abort = new AbortController();
  return { answer: start(abort.signal), abort, deadline, callers: 0 };
}

/** The abort of one caller ends its own waiting alone. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", abort, { once: true });
    promise
      .finally(() => {
        signal.removeEventListener("abort", abort);
      })
      .then(resolve, reject);
  });
}

import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { errorAnswer } from "../rest/errors";
import { html, plainText, redirect, send, type Answer } from "./answer";
import type { FaultKind } from "./faults";
import { wait } from "./wait";

export type BrokenAnswer =
  /** The fault was the answer. */
  | { readonly kind: "answered" }
  /** The real answer is still to be given, its body after a delay. */
  | { readonly kind: "goOn"; readonly bodyDelayMs: number };

const answered: BrokenAnswer = { kind: "answered" };
const halfAnswer = '{"type": "repository", "full_name": "acme/';

/** Does to the answer what the fault says. `isRest` chooses between Bitbucket's JSON and git's plain text. */
export async function breakAnswer(
  response: ServerResponse,
  fault: FaultKind,
  isRest: boolean,
): Promise<BrokenAnswer> {
  switch (fault.kind) {
    case "slowHeaders":
      await wait(fault.delayMs, response);
      return response.destroyed ? answered : { kind: "goOn", bodyDelayMs: 0 };
    case "slowBody":
      return { kind: "goOn", bodyDelayMs: fault.delayMs };
    case "reset":
      response.socket?.resetAndDestroy();
      return answered;
    case "truncated":
      truncate(response, fault.body ?? halfAnswer);
      return answered;
    case "gzipBomb":
      await sendBomb(response, fault.bytes ?? 100_000_000);
      return answered;
    case "status":
    case "html":
    case "empty":
    case "badJson":
    case "redirect":
    case "rateLimit":
      await send(response, toAnswer(fault, isRest));
      return answered;
  }
}

type WholeFault = Extract<
  FaultKind,
  { kind: "status" | "html" | "empty" | "badJson" | "redirect" | "rateLimit" }
>;

function toAnswer(fault: WholeFault, isRest: boolean): Answer {
  switch (fault.kind) {
    case "status": {
      const words = fault.body ?? `Made to fail with ${fault.status}.`;
      const answer =
        isRest && fault.body === undefined
          ? errorAnswer(fault.status, words)
          : plainText(fault.status, words);
      return { ...answer, headers: { ...answer.headers, ...fault.headers } };
    }
    case "html":
      return html(
        fault.status ?? 503,
        fault.body ?? "<html><body><h1>Service unavailable</h1></body></html>",
      );
    case "empty":
      return { status: fault.status ?? 200, headers: {}, body: "" };
    case "badJson":
      return { status: 200, headers: { "content-type": "application/json" }, body: halfAnswer };
    case "redirect":
      return redirect(fault.status ?? 302, fault.location);
    case "rateLimit":
      return rateLimit(fault.retryAfter === undefined ? 60 : fault.retryAfter, isRest);
  }
}

function rateLimit(retryAfter: number | null, isRest: boolean): Answer {
  const headers = retryAfter === null ? {} : { "retry-after": String(retryAfter) };
  const words = "Rate limit for this resource has been exceeded";
  const answer = isRest ? errorAnswer(429, words) : plainText(429, words);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function truncate(response: ServerResponse, body: string): void {
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body) + 1000,
  });
  response.write(body, () => response.socket?.end());
}

async function sendBomb(response: ServerResponse, bytes: number): Promise<void> {
  response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
  const chunk = Buffer.alloc(1_000_000);
  function* zeros() {
    for (let left = bytes; left > 0; left -= chunk.length)
      yield chunk.subarray(0, Math.min(left, chunk.length));
  }
  try {
    await pipeline(Readable.from(zeros()), createGzip({ level: 1 }), response);
  } catch {
    response.destroy(); // the client had enough
  }
}

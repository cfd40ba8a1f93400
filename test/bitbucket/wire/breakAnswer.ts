import type { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { plainText, redirect, reshape, send, type Answer } from "./answer";
import type { FaultKind } from "./faults";
import { toOddJson } from "./oddJson";
import { allowListed, inOwnWords, proxyPage, rateLimited } from "./ownWords";
import { drip, resetAfter } from "./shapeWire";
import { wait } from "./wait";

export type BrokenAnswer =
  /** The fault was the answer. */
  | { readonly kind: "answered" }
  /** The real answer is still to be given, its body after a delay. */
  | { readonly kind: "goOn"; readonly bodyDelayMs: number };

const answered: BrokenAnswer = { kind: "answered" };
const goOn: BrokenAnswer = { kind: "goOn", bodyDelayMs: 0 };
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
      return response.destroyed ? answered : goOn;
    case "slowBody":
      return { kind: "goOn", bodyDelayMs: fault.delayMs };
    case "drip":
      drip(response, fault.everyMs);
      return goOn;
    case "clock":
      response.setHeader("date", new Date(Date.now() + fault.offsetMs).toUTCString());
      return goOn;
    case "oddJson":
      if (isRest) reshape(response, (body) => toOddJson(body, fault.how));
      return goOn;
    case "reset":
      return reset(response, fault.afterBytes ?? 0);
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
    case "brokenGzip":
    case "redirect":
    case "rateLimit":
    case "allowList":
      await send(response, toAnswer(fault, isRest));
      return answered;
  }
}

type WholeFault = Exclude<
  FaultKind,
  {
    kind: "slowHeaders" | "slowBody" | "drip" | "clock" | "oddJson" | "reset" | "truncated" | "gzipBomb";
  }
>;

function toAnswer(fault: WholeFault, isRest: boolean): Answer {
  switch (fault.kind) {
    case "status": {
      const { status, body, headers } = fault;
      const answer = body === undefined ? inOwnWords(status, isRest) : plainText(status, body);
      return { ...answer, headers: { ...answer.headers, ...headers } };
    }
    case "html":
      return proxyPage(fault.status ?? 503, fault.body);
    case "empty":
      return { status: fault.status ?? 200, headers: {}, body: "" };
    case "badJson":
      return { status: 200, headers: { "content-type": "application/json" }, body: halfAnswer };
    case "brokenGzip":
      return {
        status: 200,
        headers: { "content-type": "application/json", "content-encoding": "gzip" },
        body: halfAnswer,
      };
    case "redirect":
      return redirect(fault.status ?? 302, fault.location);
    case "rateLimit":
      return rateLimited(fault.retryAfter === undefined ? 60 : fault.retryAfter, isRest);
    case "allowList":
      return allowListed(isRest);
  }
}

function reset(response: ServerResponse, afterBytes: number): BrokenAnswer {
  if (afterBytes > 0) {
    resetAfter(response, afterBytes);
    return goOn;
  }
  response.socket?.resetAndDestroy();
  return answered;
}

function truncate(response: ServerResponse, body: string): void {
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body) + 1000,
  });
  response.write(body, () => response.socket?.end());
}

/** By what they unpack to: packing takes its time. */
const bombs = new Map<number, Promise<Buffer>>();

async function sendBomb(response: ServerResponse, bytes: number): Promise<void> {
  const bomb = bombs.get(bytes) ?? promisify(gzip)(Buffer.alloc(bytes), { level: 1 });
  bombs.set(bytes, bomb);
  const body = await bomb;
  response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
  response.end(body);
}

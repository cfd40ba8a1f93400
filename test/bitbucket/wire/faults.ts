import type { OutgoingHttpHeaders } from "node:http";
import type { SeenRequest } from "./requestLog";

/** What goes wrong. Most replace the answer; the slow ones delay the real one. */
export type FaultKind =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string;
      readonly headers?: OutgoingHttpHeaders;
    }
  /** A page of a proxy or an outage, 503 unless told otherwise. */
  | { readonly kind: "html"; readonly status?: number; readonly body?: string }
  /** No body at all, status 200 unless told otherwise. */
  | { readonly kind: "empty"; readonly status?: number }
  /** Promises more bytes than it sends, then closes the connection. */
  | { readonly kind: "truncated"; readonly body?: string }
  /** Status 200 and half a JSON text. */
  | { readonly kind: "badJson" }
  /** The connection is reset before any answer. */
  | { readonly kind: "reset" }
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
  /** A small body that unpacks to `bytes` zeros, 100 MB unless told otherwise. */
  | { readonly kind: "gzipBomb"; readonly bytes?: number }
  /** 429; `retryAfter` in seconds, left out where null, 60 unless told otherwise. */
  | { readonly kind: "rateLimit"; readonly retryAfter?: number | null }
  /** `Infinity` never answers. */
  | { readonly kind: "slowHeaders"; readonly delayMs: number }
  | { readonly kind: "slowBody"; readonly delayMs: number };

export type FaultMatch =
  | ((request: SeenRequest) => boolean)
  | { readonly path?: RegExp; readonly method?: string; readonly token?: string };

export type Fault = FaultKind & {
  /** Every request, where absent. */
  readonly match?: FaultMatch;
  /** How many requests it breaks; all of them until it is taken away, where absent. */
  readonly times?: number;
};

/** Faults on demand. The first that matches, in the order they were added, breaks the request. */
export class Faults {
  private active: { readonly fault: Fault; left: number }[] = [];

  /** Returns what takes the fault away again. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Infinity };
    this.active.push(entry);
    return () => {
      this.active = this.active.filter((other) => other !== entry);
    };
  }

  clear(): void {
    this.active = [];
  }

  take(request: SeenRequest): Fault | undefined {
    const entry = this.active.find(({ fault, left }) => left > 0 && matches(fault.match, request));
    if (!entry) return undefined;
    entry.left--;
    return entry.fault;
  }
}

function matches(match: FaultMatch | undefined, request: SeenRequest): boolean {
  if (match === undefined) return true;
  if (typeof match === "function") return match(request);
  return (
    (match.path?.test(request.path) ?? true) &&
    (match.method === undefined || match.method === request.method) &&
    (match.token === undefined || match.token === request.token)
  );
}

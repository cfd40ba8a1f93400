import type { OutgoingHttpHeaders } from "node:http";
import type { OddJson } from "./oddJson";
import type { SeenRequest } from "./requestLog";

/** What goes wrong. Most replace the answer; the slow, the cut and the odd ones do something to the real one. */
export type FaultKind =
  /** In Bitbucket's own words for it, unless told otherwise. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string;
      readonly headers?: OutgoingHttpHeaders;
    }
  /** A page of a proxy or an outage, 503 unless told otherwise; 200 and 511 are a captive portal's. */
  | { readonly kind: "html"; readonly status?: number; readonly body?: string }
  /** No body at all, status 200 unless told otherwise. */
  | { readonly kind: "empty"; readonly status?: number }
  /** Promises more bytes than it sends, then closes the connection. */
  | { readonly kind: "truncated"; readonly body?: string }
  /** Status 200 and half a JSON text. */
  | { readonly kind: "badJson" }
  /** Says that it is packed, and can't be unpacked. */
  | { readonly kind: "brokenGzip" }
  /** The connection is reset: at once, or when so many bytes of the real answer are out, its head among them. */
  | { readonly kind: "reset"; readonly afterBytes?: number }
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
  /** A small body that unpacks to `bytes` zeros, 100 MB unless told otherwise. */
  | { readonly kind: "gzipBomb"; readonly bytes?: number }
  /** 429; `retryAfter` in seconds or as an HTTP date, left out where null, 60 unless told otherwise. */
  | { readonly kind: "rateLimit"; readonly retryAfter?: number | Date | null }
  /** 403: the workspace lets in certain addresses alone, and this is none of them. */
  | { readonly kind: "allowList" }
  /** `Infinity` never answers. */
  | { readonly kind: "slowHeaders"; readonly delayMs: number }
  | { readonly kind: "slowBody"; readonly delayMs: number }
  /** The real answer, one byte at a time from the status line on. */
  | { readonly kind: "drip"; readonly everyMs: number }
  /** The real answer, dated by a clock that is off by so much. */
  | { readonly kind: "clock"; readonly offsetMs: number }
  /** The real answer of REST, valid JSON still. */
  | { readonly kind: "oddJson"; readonly how: OddJson };

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

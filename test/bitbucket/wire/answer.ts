import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { wait } from "./wait";

/** A whole HTTP answer. What git streams doesn't pass through here. */
export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

export function json(status: number, value: unknown, headers: OutgoingHttpHeaders = {}): Answer {
  const body = JSON.stringify(value);
  return { status, headers: { "content-type": "application/json; charset=utf-8", ...headers }, body };
}

export function html(status: number, body: string): Answer {
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body };
}

export function plainText(status: number, body: string, headers: OutgoingHttpHeaders = {}): Answer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers }, body };
}

export function redirect(status: number, location: string): Answer {
  return { status, headers: { location }, body: "" };
}

const reshapes = new WeakMap<ServerResponse, (body: string) => string>();

/** The body that this response will be sent is changed on its way. */
export function reshape(response: ServerResponse, change: (body: string) => string): void {
  reshapes.set(response, change);
}

/** With a delay, the headers and half of the body go out at once and the rest waits. */
export async function send(response: ServerResponse, answer: Answer, bodyDelayMs = 0): Promise<void> {
  const body = Buffer.from(reshapes.get(response)?.(answer.body) ?? answer.body);
  response.writeHead(answer.status, { "content-length": body.length, ...answer.headers });
  if (bodyDelayMs > 0) {
    response.write(body.subarray(0, Math.floor(body.length / 2)));
    await wait(bodyDelayMs, response);
    response.end(body.subarray(Math.floor(body.length / 2)));
  } else {
    response.end(body);
  }
}

import type { ServerResponse } from "node:http";

/** Waits, for ever if asked to, but no longer than the client does. */
export function wait(delayMs: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) {
      resolve();
      return;
    }
    const timer = Number.isFinite(delayMs) ? setTimeout(done, delayMs) : undefined;
    response.once("close", done);
    function done() {
      clearTimeout(timer);
      response.off("close", done);
      resolve();
    }
  });
}

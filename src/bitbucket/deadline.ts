import type { Send } from "./http";

/** The longest that an operation may take, with its retries and its ways to sign in: failures end within 15 s. */
export const operationMs = 14_000;

/** All that is sent with it ends together, however many requests there are. An earlier deadline stays. */
export function withDeadline(send: Send, limitMs = operationMs): Send {
  const deadline = performance.now() + limitMs;
  return (request) => send({ ...request, deadline: Math.min(request.deadline ?? deadline, deadline) });
}

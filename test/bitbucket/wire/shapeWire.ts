import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Lets so many bytes of the answer out, counted from its status line, and resets the connection. */
export function resetAfter(response: ServerResponse, bytes: number): void {
  let left = bytes;
  const taken = takeOver(response, (socket, chunk, write) => {
    if (left === 0) return;
    const part = chunk.subarray(0, left);
    left -= part.length;
    // The server may hold back what is written until its answer is whole, and a reset would lose that.
    write(part, () => {
      if (left > 0) return;
      socket.destroySoon = () => socket.destroy(); // a reset goes through it, and must not say goodbye first
      socket.resetAndDestroy();
    });
  });
  if (!taken) return;
  const destroySoon = taken.destroySoon.bind(taken);
  taken.destroySoon = () => {
    if (left > 0) destroySoon(); // it was shorter, and ends as it should
  };
}

/** Lets the answer out a byte at a time, for as long as the client listens. */
export function drip(response: ServerResponse, everyMs: number): void {
  let waiting = Buffer.alloc(0);
  let timer: NodeJS.Timeout | undefined;
  let end: (() => void) | undefined;
  const next = (socket: Socket, write: Write) => {
    if (!socket.destroyed && waiting.length > 0) {
      write(waiting.subarray(0, 1));
      waiting = waiting.subarray(1);
      return;
    }
    clearInterval(timer);
    timer = undefined;
    end?.();
  };
  const socket = takeOver(response, (from, chunk, write) => {
    waiting = Buffer.concat([waiting, chunk]);
    timer ??= setInterval(next, everyMs, from, write);
  });
  if (!socket) return;
  // Once the answer is whole the server ends the connection, which would cut short what still waits.
  const destroySoon = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    end = destroySoon;
    if (!timer) destroySoon();
  };
}

type Write = (chunk: Buffer, done?: () => void) => void;

/** What the server writes goes through `pass`. The connection serves no other request then. */
function takeOver(
  response: ServerResponse,
  pass: (socket: Socket, chunk: Buffer, write: Write) => void,
): Socket | undefined {
  const { socket } = response;
  if (!socket) return undefined;
  response.shouldKeepAlive = false;
  const write = socket.write.bind(socket) as Write;
  socket.write = (chunk: Uint8Array | string, ...rest: readonly unknown[]) => {
    const [encoding] = rest;
    const bytes =
      typeof chunk === "string"
        ? Buffer.from(chunk, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8")
        : Buffer.from(chunk);
    pass(socket, bytes, write);
    const done = rest.find((one) => typeof one === "function") as (() => void) | undefined;
    if (done) process.nextTick(done);
    return true;
  };
  return socket;
}

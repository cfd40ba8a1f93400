import { spawn, type ChildProcess } from "node:child_process";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { wait } from "../wire/wait";
import { serverEnvironment } from "./runGit";

export interface BackendCall {
  readonly projectRoot: string;
  /** Below the project root: `/acme/api.git/info/refs`. */
  readonly pathInfo: string;
  readonly query: string;
  /** Who writes; git refuses pushes of nobody. */
  readonly user: string | undefined;
  readonly hooksDir: string;
  readonly extraEnvironment: NodeJS.ProcessEnv;
  readonly bodyDelayMs: number;
}

/** Git's own server program, run once per request as a CGI. https://git-scm.com/docs/git-http-backend */
export class HttpBackend {
  private readonly children = new Set<ChildProcess>();

  /** Streams the request into git and git's answer out. */
  async serve(request: IncomingMessage, response: ServerResponse, call: BackendCall): Promise<void> {
    // A group of its own, so that ending it also ends what http-backend has started.
    const child = spawn("git", ["http-backend"], {
      env: cgiEnvironment(request, call),
      stdio: ["pipe", "pipe", "ignore"],
      detached: true,
    });
    this.children.add(child);
    child.once("close", () => this.children.delete(child));
    response.once("close", () => {
      if (!response.writableFinished) stop(child);
    });
    await Promise.all([
      pipeline(request, child.stdin).catch(() => undefined), // git may stop reading early; its answer says why
      answer(child.stdout, response, call.bodyDelayMs),
    ]);
  }

  async close(): Promise<void> {
    const ended = [...this.children].map((child) => new Promise((resolve) => child.once("close", resolve)));
    for (const child of this.children) stop(child);
    await Promise.all(ended);
  }
}

function stop(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL"); // it ended meanwhile, or groups are unknown here
  }
}

function cgiEnvironment(request: IncomingMessage, call: BackendCall): NodeJS.ProcessEnv {
  const { headers } = request;
  return {
    ...serverEnvironment(),
    ...call.extraEnvironment,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "core.hooksPath",
    GIT_CONFIG_VALUE_0: call.hooksDir,
    GIT_HTTP_EXPORT_ALL: "1",
    GIT_PROJECT_ROOT: call.projectRoot,
    PATH_INFO: call.pathInfo,
    QUERY_STRING: call.query,
    REQUEST_METHOD: request.method,
    REMOTE_ADDR: "127.0.0.1",
    ...(call.user !== undefined && { REMOTE_USER: call.user }),
    ...(headers["content-type"] !== undefined && { CONTENT_TYPE: headers["content-type"] }),
    // Without a length (a chunked body) git reads to the end.
    ...(headers["content-length"] !== undefined && { CONTENT_LENGTH: headers["content-length"] }),
    ...(headers["content-encoding"] !== undefined && { HTTP_CONTENT_ENCODING: headers["content-encoding"] }),
    ...(typeof headers["git-protocol"] === "string" && { GIT_PROTOCOL: headers["git-protocol"] }),
  };
}

async function answer(stdout: Readable, response: ServerResponse, bodyDelayMs: number): Promise<void> {
  const head = await readHead(stdout);
  if (response.destroyed) return;
  response.writeHead(head.status, head.headers);
  if (bodyDelayMs > 0) {
    response.flushHeaders();
    await wait(bodyDelayMs, response);
  }
  if (response.req.method === "GET") {
    // What git tells of refs is small. In one piece it is as many bytes on the wire each time, which faults count.
    const rest = await buffer(stdout).catch(() => Buffer.alloc(0)); // the client left
    response.end(Buffer.concat([head.rest, rest]));
    return;
  }
  response.write(head.rest);
  await pipeline(stdout, response).catch(() => undefined); // the client left
}

interface Head {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  /** What came of the body with the headers. */
  readonly rest: Buffer;
}

async function readHead(stdout: Readable): Promise<Head> {
  let read = Buffer.alloc(0);
  while (!read.includes("\r\n\r\n")) {
    const chunk = await readChunk(stdout);
    if (!chunk) return { status: 500, headers: {}, rest: Buffer.from("git http-backend gave no answer") };
    read = Buffer.concat([read, chunk]);
  }
  const end = read.indexOf("\r\n\r\n");
  const fields = read.subarray(0, end).toString("latin1").split("\r\n").map(toField);
  const status = fields.find(([name]) => name === "status")?.[1] ?? "200";
  const headers = Object.fromEntries(fields.filter(([name]) => name !== "status"));
  return { status: Number.parseInt(status, 10), headers, rest: read.subarray(end + 4) };
}

async function readChunk(stream: Readable): Promise<Buffer | undefined> {
  for (;;) {
    const chunk: unknown = stream.read();
    if (Buffer.isBuffer(chunk)) return chunk;
    if (stream.readableEnded || stream.destroyed) return undefined;
    await new Promise<void>((resolve) => {
      stream.once("readable", resolve).once("end", resolve).once("close", resolve);
    });
  }
}

function toField(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

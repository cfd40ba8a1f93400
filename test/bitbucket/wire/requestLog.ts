import type { IncomingMessage, ServerResponse } from "node:http";
import type { SignIn } from "../model/signIn";

export type GitService = "git-upload-pack" | "git-receive-pack";

/** What is known of a request when it arrives. Never holds a secret. */
export interface SeenRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** The token that was presented, by its name, even where it was refused. */
  readonly token: string | undefined;
  /** How the request signed in, whatever came of it. */
  readonly scheme: "none" | "basic" | "bearer" | "other";
  /** For requests of git: to read (`git-upload-pack`) or to write (`git-receive-pack`). */
  readonly service: GitService | undefined;
  readonly startedAt: Date;
}

export interface LoggedRequest extends SeenRequest {
  /** Undefined while the answer is on its way, and for ever when none was given. */
  readonly status: number | undefined;
  readonly elapsedMs: number | undefined;
  /** Of the answer as it went over the wire, its head included. */
  readonly answerBytes: number | undefined;
}

export type RequestListener = (request: SeenRequest) => void | Promise<void>;

export class RequestLog {
  private readonly listeners = new Set<RequestListener>();
  private entries: { -readonly [Key in keyof LoggedRequest]: LoggedRequest[Key] }[] = [];

  get requests(): readonly LoggedRequest[] {
    return this.entries;
  }

  clear(): void {
    this.entries = [];
  }

  /** The listener's promise holds the request back, before anything is done about it. Returns what takes it away. */
  onRequest(listener: RequestListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  async record(seen: SeenRequest, response: ServerResponse): Promise<void> {
    const entry = {
      ...seen,
      status: undefined as number | undefined,
      elapsedMs: undefined as number | undefined,
      answerBytes: undefined as number | undefined,
    };
    this.entries.push(entry);
    const startedMs = performance.now();
    const { socket } = response;
    const bytesBefore = socket?.bytesWritten ?? 0;
    response.once("close", () => {
      entry.elapsedMs = Math.round(performance.now() - startedMs);
      if (response.headersSent) entry.status = response.statusCode;
      entry.answerBytes = (socket?.bytesWritten ?? 0) - bytesBefore;
    });
    for (const listener of this.listeners) await listener(seen);
  }
}

export function toSeenRequest(request: IncomingMessage, url: URL, signIn: SignIn): SeenRequest {
  const signedIn = signIn.kind === "anonymous" ? undefined : signIn;
  return {
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.search.slice(1),
    token: signedIn?.token?.name,
    scheme: signedIn?.scheme ?? "none",
    service: gitService(url),
    startedAt: new Date(),
  };
}

function gitService(url: URL): GitService | undefined {
  const name = url.pathname.endsWith("/info/refs")
    ? url.searchParams.get("service")
    : url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
  return name === "git-upload-pack" || name === "git-receive-pack" ? name : undefined;
}

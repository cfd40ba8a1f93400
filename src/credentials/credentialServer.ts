import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  formatCredential,
  maxRequestBytes,
  parseCredentialRequest,
  type CredentialRequest,
  type GitCredential,
  type RefusedCredential,
} from "./credentialProtocol";
import { createPipeEntry, createSocketEntry, removeDeadEntries, type WindowEntry } from "./windowEntry";

export interface CredentialServerOptions {
  /** `installHelper` tells it. */
  readonly socketsDir: string;
  readonly isWindows?: boolean;
  readonly lookUp: (request: CredentialRequest) => Promise<GitCredential | undefined>;
  /** git was refused with this credential. */
  readonly onErase: (refused: RefusedCredential) => void;
  /** A failure of `lookUp` or `onErase`; git is answered as if nothing were known. */
  readonly onError?: (error: unknown) => void;
}

/** The header that carries a pipe's key. */
export const keyHeader = "x-bitbucket-connect-key";

/** Generous: on a busy machine a request can lie unread for seconds, and would be taken for a silent one. */
const limits = {
  headersTimeout: 15_000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 5000,
  maxHeaderSize: 8192,
};
/** Above what a hundred repositories ask at once; what comes beyond is dropped. */
const maxConnections = 512;

/** Often enough that a person hardly notices, seldom enough that a laptop doesn't either. */
const refreshMs = 15_000;

/** Answers git's credential helper over a local socket that only this user can open. */
export class CredentialServer {
  private open: { readonly server: Server; readonly entry: WindowEntry } | undefined;
  private opening: Promise<void> | undefined;
  private refreshing: NodeJS.Timeout | undefined;

  constructor(private readonly options: CredentialServerOptions) {}

  /** The entry's name in the sockets folder while the server runs. */
  get entryName(): string | undefined {
    return this.open?.entry.name;
  }

  async start(): Promise<void> {
    await this.listen();
    this.refreshing = setInterval(() => {
      this.refresh().catch((error: unknown) => this.options.onError?.(error));
    }, refreshMs).unref();
  }

  /** Listens anew where its socket is gone. */
  async refresh(): Promise<void> {
    this.opening ??= this.listenAnew().finally(() => {
      this.opening = undefined;
    });
    await this.opening;
  }

  async dispose(): Promise<void> {
    clearInterval(this.refreshing);
    this.refreshing = undefined;
    await this.opening?.catch(() => undefined); // told already
    await this.close();
  }

  private async listenAnew(): Promise<void> {
    if (this.refreshing === undefined || (await this.open?.entry.refresh())) return;
    await this.close();
    await this.listen();
  }

  private async listen(): Promise<void> {
    const { socketsDir, isWindows = process.platform === "win32" } = this.options;
    await fs.mkdir(socketsDir, { recursive: true, mode: 0o700 });
    await fs.chmod(socketsDir, 0o700);
    await removeDeadEntries(socketsDir);
    const entry = isWindows ? createPipeEntry(socketsDir) : await createSocketEntry(socketsDir);
    const server = createServer({ ...limits, keepAlive: false }, (request, response) => {
      void this.handle(request, response);
    });
    server.maxConnections = maxConnections;
    this.open = { server, entry };
    server.listen({ path: entry.address, backlog: maxConnections });
    await once(server, "listening");
    await entry.publish();
  }

  private async close(): Promise<void> {
    const { open } = this;
    if (!open) return;
    open.server.close();
    open.server.closeAllConnections();
    await open.entry.remove();
    this.open = undefined;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("connection", "close");
    try {
      const { status, body } = await this.answer(request);
      response.writeHead(status).end(body);
    } catch (error) {
      response.writeHead(500).end();
      this.options.onError?.(error);
    }
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    if (!this.isAdmitted(request)) return { status: 403 };
    if (request.method !== "POST") return { status: 405 };
    const body = await readBody(request);
    if (body === undefined) return { status: 413 };
    const asked = parseCredentialRequest(body);
    if (!asked) return { status: 400 };
    if (request.url === "/get") return this.get(asked);
    if (request.url === "/erase") this.options.onErase(asked);
    return request.url === "/erase" ? { status: 204 } : { status: 404 };
  }

  /** 404 lets `curl --fail` print nothing, so that the helper goes on to the next window. */
  private async get(asked: CredentialRequest): Promise<Answer> {
    const credential = await this.options.lookUp(asked);
    const body = credential && formatCredential(credential);
    return body === undefined ? { status: 404 } : { status: 200, body };
  }

  private isAdmitted(request: IncomingMessage): boolean {
    const key = this.open?.entry.key;
    if (key === undefined) return true;
    const given = Buffer.from(String(request.headers[keyHeader]));
    return given.length === key.length && timingSafeEqual(given, Buffer.from(key));
  }
}

interface Answer {
  readonly status: number;
  readonly body?: string;
}

/** `undefined` where it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxRequestBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

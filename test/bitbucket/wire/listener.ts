import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { errorAnswer } from "../rest/errors";
import { send } from "./answer";

export interface TlsOptions {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
}

export interface ListenerOptions {
  readonly port?: number;
  readonly hostName?: string;
  readonly tls?: TlsOptions;
}

export interface RequestHandler {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** The socket: open first, because the server's own addresses need its port, then given to whoever answers. */
export class Listener {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open({ port = 0, hostName = "127.0.0.1", tls }: ListenerOptions): Promise<Listener> {
    const server = tls ? createHttpsServer({ key: tls.key, cert: tls.cert }) : createHttpServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    const { port: chosen } = server.address() as AddressInfo;
    return new Listener(server, `${tls ? "https" : "http"}://${hostName}:${chosen}`);
  }

  serve(handler: RequestHandler): void {
    this.server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      handler.handle(request, response).catch((error: unknown) => sendFailure(response, error));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
      this.server.closeAllConnections();
    });
  }
}

/** A mistake of ours, or an address that can't be decoded: told to the client rather than left hanging. */
async function sendFailure(response: ServerResponse, error: unknown): Promise<void> {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = error instanceof URIError ? 400 : 500;
  await send(
    response,
    errorAnswer(status, error instanceof Error ? (error.stack ?? error.message) : String(error)),
  );
}

import { createServer, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

/** A proxy on this machine that knows every name below `.test`: they are all here. */
export class Proxy {
  /** What it was asked to connect to, `host:port`. */
  readonly targets: string[] = [];
  /** What it answers in place of connecting. */
  refusal: { readonly status: number; readonly body: string } | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on("connection", (socket) => {
      this.keep(socket);
    });
    server.on("connect", ({ url = "" }, socket: Socket) => {
      this.tunnel(url, socket);
    });
  }

  static async open(): Promise<Proxy> {
    const proxy = new Proxy(createServer());
    await new Promise<void>((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  reset(): void {
    this.targets.length = 0;
    this.refusal = undefined;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private tunnel(target: string, socket: Socket): void {
    this.targets.push(target);
    const [host = "", port = ""] = target.split(":");
    if (this.refusal) {
      const { status, body } = this.refusal;
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
      return;
    }
    if (!host.endsWith(".test")) {
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const there = connect(Number(port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      there.pipe(socket);
      socket.pipe(there);
    });
    this.keep(there);
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.once("close", () => this.sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  }
}

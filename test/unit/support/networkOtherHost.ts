import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Where redirects lead: it asks for a sign-in, and keeps all that it was told. */
export async function startOtherHost() {
  let told = "";
  const server = createServer((request, response) => {
    told += `${request.method ?? ""} ${request.url ?? ""}\n${request.rawHeaders.join("\n")}\n`;
    request.on("data", (chunk: Buffer) => (told += chunk.toString("latin1")));
    response.writeHead(401, { "www-authenticate": 'Basic realm="Somebody else"' }).end("Sign in");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    /** Another port of the same machine. */
    url: `http://127.0.0.1:${port}`,
    /** Another name, too. */
    namedUrl: `http://localhost:${port}`,
    /** Every byte of every request. */
    told: () => told,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export type OtherHost = Awaited<ReturnType<typeof startOtherHost>>;

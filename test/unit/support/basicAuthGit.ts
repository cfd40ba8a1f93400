import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** One request that carried a credential, as the server saw it. */
export interface SeenCredential {
  readonly repository: string;
  readonly user: string;
  readonly password: string;
}

/** A git server on a loopback port that wants each repository's own token, as Bitbucket does. */
export async function startBasicAuthGit(root: string) {
  const template = join(root, "template");
  createRepository(template);
  const tokens = new Map<string, string>();
  const seen: SeenCredential[] = [];
  const server = createServer((request, response) => {
    const repository = /^\/([^/]+\/[^/]+)\.git\//.exec(request.url ?? "")?.[1] ?? "";
    const [user = "", password = ""] = basicCredential(request);
    if (password !== "") seen.push({ repository, user, password });
    if (password === "" || password !== tokens.get(repository)) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="Bitbucket"' }).end();
      return;
    }
    runBackend(root, request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const webUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    webUrl,
    seen,
    tokens,
    /** A repository with one commit. */
    addRepository(name: string, token: string) {
      cpSync(template, join(root, `${name}.git`), { recursive: true });
      tokens.set(name, token);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function createRepository(dir: string): void {
  mkdirSync(dir, { recursive: true });
  const git = (...args: string[]) => execFileSync("git", args, { cwd: dir, input: "" }).toString().trim();
  git("init", "-q", "--bare", "-b", "main");
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  const commit = git(...who, "commit-tree", "-m", "First", git("mktree"));
  git("update-ref", "refs/heads/main", commit);
}

function basicCredential(request: IncomingMessage): string[] {
  const [, encoded = ""] = /^Basic (.+)$/.exec(request.headers.authorization ?? "") ?? [];
  const [, user = "", password = ""] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  return [user, password];
}

/** https://git-scm.com/docs/git-http-backend */
function runBackend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://localhost");
  const backend = spawn("git", ["http-backend"], {
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      REMOTE_USER: "token",
    },
  });
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  backend.on("close", () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf("\r\n\r\n");
    for (const line of output.subarray(0, end).toString().split("\r\n")) {
      const [name = "", value = ""] = line.split(": ");
      if (name === "Status") response.statusCode = Number.parseInt(value, 10);
      else if (name) response.setHeader(name, value);
    }
    response.end(output.subarray(end + 4));
  });
}

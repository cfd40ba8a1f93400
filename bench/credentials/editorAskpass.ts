import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { join, resolve } from "node:path";
import * as v from "valibot";

const askpassRequest = v.object({ argv: v.array(v.string()) });

interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * VS Code's askpass as git runs it (its real scripts), with a stand-in for the editor's end of the socket. As the
 * editor does, it asks a provider when git wants a user name, and keeps the answer by host until git wants the
 * password. https://github.com/microsoft/vscode/blob/1.139.1/extensions/git/src/askpass.ts
 */
export async function startEditorAskpass(root: string, provide: (url: string) => Credentials | undefined) {
  const kept = new Map<string, Credentials>();
  const answer = (argv: readonly string[]): string => {
    const [, , what = "", , quoted = ""] = argv;
    const url = quoted.replace(/^["']+|["':]+$/g, "");
    const host = new URL(url).host;
    if (/password/i.test(what)) {
      const password = kept.get(host)?.password ?? "";
      kept.delete(host);
      return password;
    }
    const credentials = provide(url);
    if (credentials) kept.set(host, credentials);
    return credentials?.username ?? "";
  };
  const server = createServer((request, response) => {
    void readArguments(request).then((argv) => response.end(JSON.stringify(answer(argv))));
  });
  const socket = join(root, "askpass.sock");
  server.listen(socket);
  await once(server, "listening");
  const host = readdirSync(".vscode-test").find((name) => name.startsWith("host-"));
  if (!host) throw new Error("There is no VS Code here yet: run npm start once.");
  const dist = resolve(".vscode-test", host, "node_modules/code-server/lib/vscode/extensions/git/dist");
  return {
    env: {
      GIT_ASKPASS: join(dist, "askpass.sh"),
      VSCODE_GIT_ASKPASS_NODE: process.execPath,
      VSCODE_GIT_ASKPASS_MAIN: join(dist, "askpass-main.js"),
      VSCODE_GIT_ASKPASS_EXTRA_ARGS: "",
      VSCODE_GIT_IPC_HANDLE: socket,
    },
    close: () => {
      server.close();
    },
  };
}

async function readArguments(request: IncomingMessage): Promise<readonly string[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return v.parse(askpassRequest, JSON.parse(Buffer.concat(chunks).toString())).argv;
}

/**
 * The helper where the shell has no curl, and on Windows: a program of its own, run by git through the helper script
 * in the sockets folder, with `get` or `erase` as its argument. It must not import what the extension imports.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { request } from "node:http";

const timeoutMs = 12_000;

interface Window {
  readonly socketPath: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function main(verb: string): Promise<void> {
  const asked = await readStandardInput();
  const socketsDir = process.cwd();
  const answers = readdirSync(".").map((name) => {
    process.chdir(socketsDir);
    const window = findWindow(name);
    return window ? ask(window, verb, asked) : Promise.resolve(undefined); // the connection begins at once, in this folder
  });
  if (verb !== "get") await Promise.all(answers);
  else await writeFirst(answers);
}

/** A window that is slow or gone is not waited for. */
async function writeFirst(answers: readonly Promise<string | undefined>[]): Promise<void> {
  const known = answers.map(async (asked) => {
    const answer = await asked;
    if (answer === undefined) throw new Error("not known there");
    return answer;
  });
  const first = await Promise.any(known);
  process.stdout.write(first, () => process.exit(0));
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function findWindow(name: string): Window | undefined {
  if (name.endsWith(".sock")) return enterSocketFolder(name);
  return name.endsWith(".pipe") ? readPipe(name) : undefined;
}

/**
 * As the shell does it (`helperScript.ts`): from within, the folder that was looked at is the one that is used. The
 * path is short, too: a socket's address has room for about a hundred bytes.
 */
function enterSocketFolder(name: string): Window | undefined {
  try {
    process.chdir(name);
    return isOwn(".") && isOwn("git") ? { socketPath: "./git", headers: {} } : undefined;
  } catch {
    return undefined; // gone, or another user's
  }
}

function isOwn(file: string): boolean {
  const { uid, mode } = statSync(file);
  return uid === process.geteuid?.() && (mode & 0o022) === 0;
}

function readPipe(name: string): Window | undefined {
  const [socketPath, key] = readFileSync(name, "utf8").split("\n");
  return socketPath && key ? { socketPath, headers: { "x-bitbucket-connect-key": key } } : undefined;
}

/** `undefined` where the window doesn't know, or is gone. */
function ask(window: Window, verb: string, body: Buffer): Promise<string | undefined> {
  return new Promise((resolve) => {
    const giveUp = () => {
      resolve(undefined);
    };
    const sent = request({ ...window, method: "POST", path: `/${verb}`, agent: false, timeout: timeoutMs });
    sent.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("error", giveUp).on("end", () => {
        resolve(response.statusCode === 200 && text !== "" ? text : undefined);
      });
    });
    sent.on("timeout", () => sent.destroy()).on("error", giveUp);
    sent.end(body);
  });
}

// Whatever goes wrong here, git goes on to ask as usual.
main(process.argv[2] ?? "").catch(() => undefined);

// What each way of giving git a token adds to a fetch, over the token in the URL.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { CredentialServer } from "../src/credentials/credentialServer";
import { matchRequest } from "../src/credentials/matchRequest";
import { createGitMachine, type GitMachine } from "../test/unit/support/gitMachine";
import { setUpGlobally } from "./credentials/globalSetUp";
import { startEditorAskpass } from "./credentials/editorAskpass";
import { median } from "./support/median";

const rounds = 30;
const atOnce = 20;
const username = "x-token-auth";

/** A way, and how git is called for it in a repository's clone. */
interface Way {
  readonly name: string;
  readonly connect: (repository: string) => string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function run(): Promise<Record<string, unknown>> {
  const machine = await createGitMachine();
  try {
    const repositories = Array.from({ length: atOnce }, (_, i) => `ws/repository-${String(i)}`);
    for (const name of repositories) machine.server.addRepository(name, `token-of-${name.replace("/", "-")}`);
    const { ways, close } = await prepareWays(machine, repositories);
    try {
      const overheadMs = await measureOverheads(machine, ways, repositories[0] ?? "");
      const correct: Record<string, string> = {};
      for (const way of ways) correct[way.name] = await countCorrect(machine, way, repositories);
      const ratioOf = (way: string) =>
        Number(((overheadMs[way] ?? Number.NaN) / (overheadMs["askpass"] ?? Number.NaN)).toFixed(3));
      return {
        bench: "credentials",
        rival: "askpass with a provider",
        ratio: ratioOf("curl"),
        globalRatio: ratioOf("global"),
        runs: rounds,
        correct: correct["curl"],
        overheadMs,
        correctAtOnce: correct,
      };
    } finally {
      await close();
    }
  } finally {
    await machine.remove();
  }
}

async function prepareWays(
  machine: GitMachine,
  repositories: readonly string[],
): Promise<{ ways: readonly Way[]; close: () => Promise<void> }> {
  const { server, root, env } = machine;
  const tokenOf = (name: string) => server.tokens.get(name) ?? "";
  const site = { webUrl: server.webUrl, apiUrl: server.webUrl };
  const curl = await machine.install({ storageDir: join(root, "curl") });
  const node = await machine.install({ storageDir: join(root, "node"), hasCurl: false });
  const windows = [curl, node].map(
    ({ socketsDir }) =>
      new CredentialServer({
        socketsDir,
        lookUp: (request) => {
          const name = matchRequest(request, site);
          return Promise.resolve(name && { username, password: tokenOf(`${name.workspace}/${name.slug}`) });
        },
        onErase: () => undefined,
      }),
  );
  await Promise.all(windows.map((window) => window.start()));
  const global = await setUpGlobally(machine, site, repositories);
  const askpass = await startEditorAskpass(root, (url) => {
    const name = new URL(url).pathname.slice(1).replace(/\.git$/, "");
    return { username, password: tokenOf(name) };
  });

  const connect = (way: string, helper: string) => (name: string) =>
    machine.connect(name, helper, join(root, way));
  const stored = (way: string, helper: string) => (name: string) => {
    const dir = connect(way, helper)(name);
    const credential = `url=${server.webUrl}/${name}.git\nusername=${username}\npassword=${tokenOf(name)}\n\n`;
    execFileSync("git", ["credential", "approve"], { cwd: dir, env, input: credential });
    return dir;
  };
  const inUrl = (name: string) => {
    const dir = connect("url", "")(name);
    const url = server.webUrl.replace("//", `//${username}:${tokenOf(name)}@`);
    execFileSync("git", ["remote", "set-url", "origin", `${url}/${name}.git`], { cwd: dir, env });
    return dir;
  };
  const ways: readonly Way[] = [
    { name: "url", connect: inUrl },
    { name: "curl", connect: connect("curl-work", curl.configValue) },
    { name: "global", connect: global.connect, env: global.env },
    { name: "node", connect: connect("node-work", node.configValue) },
    { name: "store", connect: stored("store", "store") },
    { name: "cache", connect: stored("cache", "cache --timeout 3600") },
    { name: "askpass", connect: connect("askpass", ""), env: askpass.env },
  ];
  const close = async () => {
    await Promise.all([...windows.map((window) => window.dispose()), global.close()]);
    askpass.close();
    execFileSync("git", ["credential-cache", "exit"], { env });
  };
  return { ways, close };
}

/** Each round fetches once in each way, so that a busy moment strikes all of them. */
async function measureOverheads(machine: GitMachine, ways: readonly Way[], repository: string) {
  const dirs = new Map(ways.map((way) => [way.name, way.connect(repository)]));
  const overheads = new Map(ways.slice(1).map((way) => [way.name, [] as number[]]));
  for (let round = -1; round < rounds; round++) {
    const times = new Map<string, number>();
    for (const way of rotate(ways, round + 1)) {
      const { ms, code, stderr } = await machine.git(dirs.get(way.name) ?? "", ["fetch", "-q"], way.env);
      if (code !== 0) throw new Error(`${way.name}: ${stderr}`);
      times.set(way.name, ms);
    }
    // The first round warms up.
    if (round < 0) continue;
    for (const [name, list] of overheads) list.push((times.get(name) ?? 0) - (times.get("url") ?? 0));
  }
  return Object.fromEntries([...overheads].map(([name, list]) => [name, Number(median(list).toFixed(1))]));
}

async function countCorrect(machine: GitMachine, way: Way, repositories: readonly string[]): Promise<string> {
  const dirs = repositories.map((name) => way.connect(name));
  const results = await Promise.all(dirs.map((dir) => machine.git(dir, ["fetch", "-q"], way.env)));
  return `${results.filter(({ code }) => code === 0).length}/${repositories.length}`;
}

function rotate<T>(list: readonly T[], by: number): readonly T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

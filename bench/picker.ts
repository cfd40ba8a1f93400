// How soon the picker has 10,000 repositories, against pages × latency ÷ requests at once, and how it answers keys.
import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { Worker } from "node:worker_threads";
import { createSend } from "../src/bitbucket/http";
import { RepositoryListClient } from "../src/bitbucket/repositoryListClient";
import { RepositoryLister, type FoundRepository } from "../src/flows/clone/listRepositories";
import { parallelRequests } from "../src/flows/clone/listRepositoriesQueue";
import type { TokenReach } from "../src/flows/clone/listRepositoriesReach";
import { RepositoryPickerModel } from "../src/ui/clone/repositoryPickerModel";
import { median } from "./support/median";

const rounds = 10;
const latencyMs = 30;
const workspaces = ["acme", "globex", "initech"];
const perWorkspace = [3334, 3333, 3333];
const pageLength = 100;
const keyPauseMs = 23;
/** A person's list: the first page of the workspace that the token is used in needs no other answer before it. */
const pageCount = perWorkspace.reduce((sum, size) => sum + Math.ceil(size / pageLength), 0);

export async function run(): Promise<Record<string, unknown>> {
  const server = new Worker(serverScript, {
    eval: true,
    workerData: { latencyMs, workspaces, perWorkspace, pageLength },
  });
  try {
    const [port] = (await once(server, "message")) as [number];
    const apiUrl = `http://127.0.0.1:${port}/2.0`;
    const results: (Round & { readonly bareMs: number })[] = [];
    for (let round = -1; round < rounds; round++) {
      const bareMs = await readBare(apiUrl);
      const result = { ...(await measure(apiUrl)), bareMs };
      if (round >= 0) results.push(result); // the first warms up
    }
    const idealMs = (pageCount * latencyMs) / parallelRequests;
    const wholeMs = median(results.map((one) => one.wholeMs));
    return {
      bench: "picker",
      rival: "pages × latency ÷ parallel requests",
      ratio: Number((wholeMs / idealMs).toFixed(3)),
      runs: rounds,
      correct: `${Math.min(...results.map((one) => one.count))}/10000`,
      idealMs: Math.round(idealMs),
      wholeMs: Math.round(wholeMs),
      // The same pages read by node:http, so many at once, and thrown away: what this machine makes of the ideal now.
      bareMs: Math.round(median(results.map((one) => one.bareMs))),
      overBare: Number(median(results.map((one) => one.wholeMs / one.bareMs)).toFixed(3)),
      firstRowsMs: Number(median(results.map((one) => one.firstMs)).toFixed(1)),
      pagesBeforeFirstRows: Math.max(...results.map((one) => one.pagesBeforeFirst)),
      latencyMs,
      parallelRequests,
      keys: results.flatMap((one) => one.keysMs).length,
      keyMedianMs: Number(median(results.flatMap((one) => one.keysMs)).toFixed(2)),
      keyWorkWorstMs: Number(Math.max(...results.flatMap((one) => one.workMs)).toFixed(1)),
      keyWorstMs: Number(Math.max(...results.flatMap((one) => one.keysMs)).toFixed(1)),
    };
  } finally {
    await server.terminate();
  }
}

interface Round {
  readonly firstMs: number;
  readonly pagesBeforeFirst: number;
  readonly wholeMs: number;
  readonly count: number;
  /** From when each key was due to when its rows were there. */
  readonly keysMs: readonly number[];
  /** How much of that was ours, the rest being others' turn of the processor. */
  readonly workMs: readonly number[];
}

async function measure(apiUrl: string): Promise<Round> {
  const model = new RepositoryPickerModel<FoundRepository>(() => undefined, true);
  const started = performance.now();
  let firstMs: number | undefined;
  let answers = 0;
  let pagesBeforeFirst = 0;
  const send = createSend(({ path }) => {
    if (path.includes("/repositories/")) answers++;
  });
  const add = (repositories: readonly FoundRepository[]) => {
    model.add(repositories);
    if (firstMs !== undefined) return;
    model.rows();
    firstMs = performance.now() - started;
    pagesBeforeFirst = answers;
  };
  const fail = ({ error }: { error: Error }) => {
    throw error;
  };
  const lister = new RepositoryLister(
    [createReach(apiUrl, send)],
    { add, fail },
    new AbortController().signal,
  );
  const keys = typeKeys(model);
  await lister.listAll();
  const wholeMs = performance.now() - started;
  const { keysMs, workMs } = keys.stop();
  model.type("");
  const count = model.rows().filter(({ kind }) => kind === "repository").length;
  return { firstMs: firstMs ?? Infinity, pagesBeforeFirst, wholeMs, count, keysMs, workMs };
}

async function readBare(apiUrl: string): Promise<number> {
  const started = performance.now();
  const agent = new Agent({ keepAlive: true });
  const urls = workspaces.flatMap((workspace, w) =>
    Array.from(
      { length: Math.ceil((perWorkspace[w] ?? 0) / pageLength) },
      (_, i) => `${apiUrl}/repositories/${workspace}?page=${i + 1}`,
    ),
  );
  const readOn = async () => {
    for (let url = urls.shift(); url !== undefined; url = urls.shift()) {
      const [response] = (await once(get(url, { agent }), "response")) as [IncomingMessage];
      await once(response.resume(), "end");
    }
  };
  await Promise.all(Array.from({ length: parallelRequests }, readOn));
  agent.destroy();
  return performance.now() - started;
}

function createReach(apiUrl: string, send: ReturnType<typeof createSend>): TokenReach {
  const storedFor = { workspace: "acme", slug: "repository-1" };
  const stored = { secret: "a-token-for-the-bench", kind: "api" as const, scopes: [], savedAt: "" };
  const token = { ...stored, account: "ada@example.com" };
  const lists = new RepositoryListClient({ site: { webUrl: apiUrl, apiUrl }, send, token, storedFor });
  return {
    stored,
    kind: "api",
    repositories: [storedFor],
    workspaces: ["acme"],
    isBounded: true,
    refused: [],
    lists,
    listWorkspaces: (signal) => lists.workspaces(signal),
  };
}

/** A person who types and deletes all the while. */
function typeKeys(model: RepositoryPickerModel<FoundRepository>) {
  const texts = Array.from({ length: 13 }, (_, i) => "repository-12".slice(0, i + 1));
  const keysMs: number[] = [];
  const workMs: number[] = [];
  let due = performance.now() + keyPauseMs;
  let n = 0;
  let timer: NodeJS.Timeout;
  const press = () => {
    const started = performance.now();
    model.type(texts[n++ % texts.length] ?? "");
    model.rows();
    workMs.push(performance.now() - started);
    keysMs.push(performance.now() - due);
    due = Math.max(due + keyPauseMs, performance.now());
    timer = setTimeout(press, due - performance.now());
  };
  timer = setTimeout(press, keyPauseMs);
  return {
    stop: () => {
      clearTimeout(timer);
      return { keysMs, workMs };
    },
  };
}

/**
 * Bitbucket's lists, rendered beforehand and answered after a fixed time, in a thread of their own: what is measured is
 * the client.
 */
const serverScript = `
const { createServer } = require("node:http");
const { parentPort, workerData } = require("node:worker_threads");
const { latencyMs, workspaces, perWorkspace, pageLength } = workerData;
const pages = new Map();
pages.set("/2.0/user/workspaces?1", JSON.stringify({ values: workspaces.map((slug) => ({ workspace: { slug } })) }));
workspaces.forEach((workspace, w) => {
  const size = perWorkspace[w];
  for (let page = 1; page <= Math.ceil(size / pageLength); page++) {
    const count = Math.min(pageLength, size - (page - 1) * pageLength);
    const values = Array.from({ length: count }, (_, i) => {
      const n = (page - 1) * pageLength + i;
      return {
        full_name: workspace + "/repository-" + n,
        description: "The service that does what number " + n + " is there for",
        is_private: n % 5 !== 0,
        updated_on: new Date(Date.UTC(2026, 10, 24) - n * 3600000).toISOString(),
        mainbranch: { name: "main" },
      };
    });
    pages.set("/2.0/repositories/" + workspace + "?" + page, JSON.stringify({ size, values }));
  }
});
const server = createServer((request, response) => {
  const url = new URL(request.url, "http://127.0.0.1");
  const body = pages.get(url.pathname + "?" + (url.searchParams.get("page") ?? "1"));
  setTimeout(() => {
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(body ?? "{}");
  }, latencyMs);
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

// The whole connect, push included, over the article's own shell commands with the token in the URL.
import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { connectRepository } from "../src/flows/connect/connectRepository";
import { startBitbucket, type Bitbucket } from "../test/bitbucket/startBitbucket";
import {
  connectRequest,
  createRepository,
  createStage,
  openPorts,
  removeStage,
  useHome,
  type ConnectStage,
} from "../test/unit/support/connectStage";
import { GitRepository } from "../test/unit/support/gitRepository";
import { median } from "./support/median";

const rounds = 20;
/** To the next data centre and back; the article's commands take the same way. */
const awayMs = 50;

export async function run(): Promise<Record<string, unknown>> {
  const [here, away] = [await compare(0), await compare(awayMs)];
  return {
    bench: "connect",
    rival: "git remote add, git config user.email and git push, with the token in the URL",
    ratio: here.ratio,
    [`ratioAt${awayMs}Ms`]: away.ratio,
    runs: rounds,
    correct: `${here.runs + away.runs}/${2 * rounds}`,
    oursMs: here.oursMs,
    shellMs: here.shellMs,
    [`oursAt${awayMs}Ms`]: away.oursMs,
    [`shellAt${awayMs}Ms`]: away.shellMs,
    restCalls: Math.max(here.restCalls, away.restCalls),
  };
}

/** With a Bitbucket that takes this long for every answer, beside its own time. */
async function compare(latencyMs: number) {
  const bitbucket = await startBitbucket({ checkContract: false });
  if (latencyMs > 0) bitbucket.onRequest(() => delay(latencyMs));
  const stage = createStage({ webUrl: bitbucket.webUrl, apiUrl: bitbucket.apiUrl });
  useHome(stage);
  const open = openPorts(stage);
  const pairs: { readonly oursMs: number; readonly shellMs: number; readonly restCalls: number }[] = [];
  try {
    for (let round = -1; round < rounds; round++) {
      const ours = () => connect(bitbucket, stage, open.ports, `ours-${round}`);
      const shell = () => shellOut(bitbucket, stage, `shell-${round}`);
      // Who goes first takes turns.
      const first = round % 2 === 0 ? await ours() : await shell();
      const second = round % 2 === 0 ? await shell() : await ours();
      const [mine, theirs] = round % 2 === 0 ? [first, second] : [second, first];
      if (round < 0) continue; // the first warms up
      pairs.push({ oursMs: mine.ms, shellMs: theirs.ms, restCalls: mine.restCalls });
    }
  } finally {
    await open.close();
    removeStage(stage);
    await bitbucket.close();
  }
  return {
    ratio: Number(median(pairs.map(({ oursMs, shellMs }) => oursMs / shellMs)).toFixed(3)),
    runs: pairs.length,
    oursMs: Math.round(median(pairs.map(({ oursMs }) => oursMs))),
    shellMs: Math.round(median(pairs.map(({ shellMs }) => shellMs))),
    restCalls: Math.max(...pairs.map(({ restCalls }) => restCalls)),
  };
}

/** The editor has these in memory. */
class OpenRepository extends GitRepository {
  override get currentBranch() {
    return "main";
  }

  override get hasCommits() {
    return true;
  }
}

interface Outcome {
  readonly ms: number;
  readonly restCalls: number;
}

function prepare(bitbucket: Bitbucket, stage: ConnectStage, slug: string) {
  bitbucket.addRepository(`acme/${slug}`);
  const scopes = ["repository", "repository:write"];
  const token = { kind: "repository", repository: `acme/${slug}`, scopes, name: slug } as const;
  const { secret, botEmail } = bitbucket.addToken(token);
  const local = new OpenRepository(createRepository(stage, slug).root);
  bitbucket.clearRequests();
  return { local, secret, botEmail };
}

async function connect(
  bitbucket: Bitbucket,
  stage: ConnectStage,
  ports: ReturnType<typeof openPorts>["ports"],
  slug: string,
): Promise<Outcome> {
  const { local, secret, botEmail } = prepare(bitbucket, stage, slug);
  const repository = { workspace: "acme", slug };
  const request = connectRequest({ repository, token: { secret }, email: botEmail });
  const started = performance.now();
  const { signal } = new AbortController();
  await connectRepository(ports, local, request, () => undefined, signal);
  const ms = performance.now() - started;
  const restCalls = bitbucket.requests.filter(({ path }) => path.startsWith("/2.0/")).length;
  await assertPushed(bitbucket, slug);
  return { ms, restCalls };
}

async function shellOut(bitbucket: Bitbucket, stage: ConnectStage, slug: string): Promise<Outcome> {
  const { local, secret, botEmail } = prepare(bitbucket, stage, slug);
  const url = bitbucket.webUrl.replace("://", `://x-token-auth:${encodeURIComponent(secret)}@`);
  const script = `git remote add origin ${url}/acme/${slug}.git && git config user.email ${botEmail} && git push -q origin main`;
  const started = performance.now();
  await promisify(execFile)("sh", ["-c", script], { cwd: local.root });
  const ms = performance.now() - started;
  await assertPushed(bitbucket, slug);
  return { ms, restCalls: 0 };
}

async function assertPushed(bitbucket: Bitbucket, slug: string): Promise<void> {
  const refs = await bitbucket.refs(`acme/${slug}`);
  if (!refs.has("refs/heads/main")) throw new Error(`${slug} was not pushed`);
}

// What our clone costs over a bare `git clone` of the same repository, taken in pairs.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cloneRepository } from "../src/flows/clone/cloneRepository";
import { startBitbucket, type Bitbucket } from "../test/bitbucket/startBitbucket";
import {
  createStage,
  openPorts,
  removeStage,
  useHome,
  type ConnectStage,
} from "../test/unit/support/connectStage";
import { median } from "./support/median";

const pairs = Number(process.env["BENCH_PAIRS"] ?? 7);
const files = 20_000;
const fileBytes = 10_000; // 200 MB together
const foldersOf = 100;

export async function run(): Promise<Record<string, unknown>> {
  const seed = mkdtempSync(join(tmpdir(), "bench-clone-"));
  await makeSeed(seed);
  const bitbucket = await startBitbucket({ checkContract: false });
  const stage = createStage({ webUrl: bitbucket.webUrl, apiUrl: bitbucket.apiUrl });
  useHome(stage);
  try {
    return await compare(bitbucket, stage, seed);
  } finally {
    removeStage(stage);
    await bitbucket.close();
    rmSync(seed, { recursive: true });
  }
}

async function compare(
  bitbucket: Bitbucket,
  stage: ConnectStage,
  seed: string,
): Promise<Record<string, unknown>> {
  bitbucket.addRepository("acme/large", { seedFrom: seed });
  await bitbucket.gitDir("acme/large");
  const { secret } = bitbucket.addToken({
    kind: "repository",
    repository: "acme/large",
    scopes: ["repository"],
    name: "bench",
  });
  const open = openPorts(stage);
  const ratios: number[] = [];
  const times: { ours: number; bare: number }[] = [];
  let reports = 0;
  const ours = async () => {
    const request = {
      repository: { workspace: "acme", slug: "large" },
      directory: stage.root,
      name: "ours",
      token: { secret },
      gitAccess: "vscode",
      useBotEmail: false,
    } as const;
    await cloneRepository(open.ports, request, () => reports++, new AbortController().signal);
  };
  const bare = async () => {
    const url = `${bitbucket.webUrl.replace("//", `//x-token-auth:${encodeURIComponent(secret)}@`)}/acme/large.git`;
    await promisify(execFile)("git", ["clone", "--progress", url, join(stage.root, "bare")], {
      maxBuffer: 1e8,
    });
  };
  for (let pair = -1; pair < pairs; pair++) {
    const order = pair % 2 === 0 ? (["ours", "bare"] as const) : (["bare", "ours"] as const);
    const ms = { ours: 0, bare: 0 };
    for (const which of order) {
      await settle();
      const started = performance.now();
      await (which === "ours" ? ours() : bare());
      ms[which] = performance.now() - started;
      rmSync(join(stage.root, which), { recursive: true });
    }
    if (pair < 0) continue; // warms up
    times.push(ms);
    ratios.push(ms.ours / ms.bare);
  }
  await open.close();
  return {
    bench: "clone",
    rival: "git clone with the token in the URL",
    ratio: Number(median(ratios).toFixed(3)),
    runs: pairs,
    files,
    megabytes: (files * fileBytes) / 1_000_000,
    oursMs: Math.round(median(times.map((one) => one.ours))),
    bareMs: Math.round(median(times.map((one) => one.bare))),
    ratios: ratios.map((one) => Number(one.toFixed(3))),
    progressReports: reports,
  };
}

/** Both begin with nothing left to write. */
async function settle(): Promise<void> {
  await promisify(execFile)("sync").catch(() => undefined);
}

async function makeSeed(dir: string): Promise<void> {
  const git = (...args: string[]) => promisify(execFile)("git", args, { cwd: dir });
  await git("init", "-q", "-b", "main");
  for (let n = 0; n < files; n++) {
    const folder = join(dir, `folder-${n % foldersOf}`);
    if (n < foldersOf) mkdirSync(folder);
    // Random bytes, which no compression makes less of.
    writeFileSync(join(folder, `file-${n}.bin`), randomBytes(fileBytes));
  }
  await git("add", ".");
  await git("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-q", "-m", "Large");
  // As Bitbucket keeps it, so that serving it costs little.
  await git("repack", "-a", "-d", "-q", "--window=0");
}

// What the truth about a repository costs: git processes that we start, and when the push button is right, beside the Git
// extension's own in the same window. With 50,000 refs, with 100 repositories on Bitbucket, and with 100 elsewhere.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../test/e2e/driver/until";
import { ConnectScene, git } from "../test/e2e/scene/connectScene";
import { makeSampleRepository } from "../test/host/sampleRepository.mjs";
import { median } from "./support/median";

const refs = 50_000;
const many = 100;
const rounds = 2;
/** Nobody has started a git for this long: all is read. */
const quietMs = 5_000;
const idleMs = 5_000;
const longestMs = 120_000;

export const needsEditor = true;

interface Scenario {
  readonly name: string;
  /** Or a `.code-workspace` file. */
  readonly folder: string;
  readonly repositories: number;
  readonly isOnBitbucket: boolean;
}

interface Taken {
  readonly oursMs: number | undefined;
  readonly rivalMs: number | undefined;
  readonly oursGits: number;
  readonly rivalGits: number;
  readonly oursIdleGits: number;
}

export async function run(): Promise<Record<string, unknown>> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "bench-repository-")));
  const scene = await ConnectScene.open();
  try {
    const log = join(root, "gits");
    const settings = { "git.path": writeCountingGit(root, log), "git.autofetch": false };
    const scenarios = prepare(root, scene.bitbucket.webUrl);
    const results: Record<string, unknown> = {};
    const ratios: number[] = [];
    let [right, expected] = [0, 0];
    for (const scenario of scenarios) {
      const all: Taken[] = [];
      for (let round = 0; round < rounds; round++) all.push(await measure(scene, settings, log, scenario));
      const times = all.flatMap(({ oursMs, rivalMs }) =>
        oursMs === undefined || rivalMs === undefined ? [] : [oursMs / rivalMs],
      );
      if (scenario.isOnBitbucket) ratios.push(median(times));
      expected += rounds;
      right += scenario.isOnBitbucket
        ? times.length
        : all.filter(({ oursMs }) => oursMs === undefined).length;
      results[scenario.name] = summarize(all);
    }
    return {
      rival: "the Git extension in the same window",
      ratio: Number(median(ratios).toFixed(3)),
      runs: rounds,
      correct: `${right}/${expected}`,
      ...results,
    };
  } finally {
    await scene.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Tells whose each call is: the Git extension marks its own. */
function writeCountingGit(root: string, log: string): string {
  const file = join(root, "git");
  const real = execFileSync("which", ["git"], { encoding: "utf8" }).trim();
  writeFileSync(
    file,
    `#!/bin/sh\necho "\${VSCODE_GIT_COMMAND:+theirs}" "$*" >>'${log}'\nexec '${real}' "$@"\n`,
  );
  chmodSync(file, 0o755);
  return file;
}

function prepare(root: string, webUrl: string): readonly Scenario[] {
  const big = makeRepository(join(root, "big"), `${webUrl}/acme/big.git`);
  const commit = git(big, "rev-parse", "HEAD");
  const packed = Array.from(
    { length: refs },
    (_, n) => `${commit} refs/tags/v${String(n).padStart(6, "0")}\n`,
  );
  writeFileSync(join(big, ".git", "packed-refs"), `# pack-refs with: sorted\n${packed.join("")}`);
  return [
    { name: "refs50000", folder: big, repositories: 1, isOnBitbucket: true },
    { ...workspaceOf(root, "bitbucket", `${webUrl}/acme/`), name: "bitbucket100", isOnBitbucket: true },
    {
      ...workspaceOf(root, "elsewhere", "https://github.com/acme/"),
      name: "elsewhere100",
      isOnBitbucket: false,
    },
  ];
}

function workspaceOf(root: string, name: string, base: string): Pick<Scenario, "folder" | "repositories"> {
  const sample = makeRepository(join(root, `${name}-sample`), `${base}sample.git`);
  const folders = Array.from({ length: many }, (_, n) => {
    const folder = join(root, name, `r${n}`);
    cpSync(sample, folder, { recursive: true });
    git(folder, "remote", "set-url", "origin", `${base}r${n}.git`);
    return { path: folder };
  });
  const file = join(root, `${name}.code-workspace`);
  writeFileSync(file, JSON.stringify({ folders }));
  return { folder: file, repositories: many };
}

/** One commit ahead of what it follows, so that both have something to count. */
function makeRepository(folder: string, url: string): string {
  makeSampleRepository(folder);
  git(folder, "remote", "add", "origin", url);
  git(folder, "update-ref", "refs/remotes/origin/main", "HEAD~");
  git(folder, "branch", "-q", "--set-upstream-to=origin/main");
  return folder;
}

async function measure(
  scene: ConnectScene,
  settings: Readonly<Record<string, unknown>>,
  log: string,
  { folder, isOnBitbucket }: Scenario,
): Promise<Taken> {
  const window = await scene.openWindow({ settings });
  try {
    await window.page.addInitScript(watchStatusBar);
    writeFileSync(log, "");
    await window.openFolder(folder);
    const seen = () => window.page.evaluate(() => Reflect.get(globalThis, "seenMs") as Seen);
    const isThere = ({ ours, rival }: Seen) => rival !== undefined && (ours !== undefined || !isOnBitbucket);
    await until("the buttons", async () => (isThere(await seen()) ? true : undefined), longestMs).catch(
      () => undefined,
    );
    await untilQuiet(log);
    const { ours, rival } = await seen();
    const opened = countGits(log);
    await sleep(idleMs);
    const oursIdleGits = countGits(log).ours - opened.ours;
    return { oursMs: ours, rivalMs: rival, oursGits: opened.ours, rivalGits: opened.rival, oursIdleGits };
  } finally {
    await window.close();
  }
}

interface Seen {
  readonly ours?: number;
  readonly rival?: number;
}

/** In the page: when each item first tells of the one commit, in milliseconds since it was opened. */
function watchStatusBar(): void {
  const seen: { ours?: number; rival?: number } = {};
  Reflect.set(globalThis, "seenMs", seen);
  const look = () => {
    for (const { textContent } of document.querySelectorAll(".statusbar-item")) {
      if (/acme\/\S+ ↑1/.test(textContent)) seen.ours ??= Math.round(performance.now());
      if (/1↑/.test(textContent)) seen.rival ??= Math.round(performance.now());
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
}

async function untilQuiet(log: string): Promise<void> {
  let before = -1;
  for (const end = Date.now() + longestMs; Date.now() < end;) {
    await sleep(quietMs);
    const { ours, rival } = countGits(log);
    if (ours + rival === before) return;
    before = ours + rival;
  }
}

function countGits(log: string): { readonly ours: number; readonly rival: number } {
  const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean) : [];
  // The Git extension marks all but its first, by which it finds Git.
  const rival = lines.filter((line) => /^theirs|^ --version$/.test(line)).length;
  return { ours: lines.length - rival, rival };
}

function summarize(all: readonly Taken[]): Record<string, unknown> {
  const middle = (values: readonly (number | undefined)[]) => {
    const known = values.flatMap((value) => value ?? []);
    return known.length === 0 ? null : median(known);
  };
  return {
    oursMs: middle(all.map(({ oursMs }) => oursMs)),
    rivalMs: middle(all.map(({ rivalMs }) => rivalMs)),
    oursGits: Math.max(...all.map(({ oursGits }) => oursGits)),
    rivalGits: middle(all.map(({ rivalGits }) => rivalGits)),
    oursIdleGits: Math.max(...all.map(({ oursIdleGits }) => oursIdleGits)),
  };
}

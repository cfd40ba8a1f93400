// How soon a commit made in a terminal stands on our push button, beside the git extension's own item in the same window.
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { ConnectForm } from "../test/e2e/scene/connectForm";
import { ConnectScene, git, type Prepared } from "../test/e2e/scene/connectScene";
import { median } from "./support/median";

const rounds = 12;
/** The git extension looks at a repository at most every five seconds. */
const restMs = 6_000;
/** Not seen by then, it counts as never. */
const longestMs = 30_000;

export const needsEditor = true;

interface Round {
  /** From the end of `git commit`, in milliseconds. */
  readonly oursMs: number;
  readonly rivalMs: number;
}

export async function run(): Promise<Record<string, unknown>> {
  const scene = await ConnectScene.open();
  try {
    const prepared = scene.prepare();
    const window = await scene.openWindow({ folder: prepared.folder });
    const form = await ConnectForm.open(window);
    await form.fill(prepared.repository, prepared.token);
    await form.connect();
    await form.button("Close").click();
    const taken: Round[] = [];
    for (let ahead = 1; ahead <= rounds + 1; ahead++) {
      const round = await measure(window.page, prepared, ahead);
      if (ahead > 1 && round) taken.push(round); // the first warms up
    }
    await window.close();
    return toReport(taken);
  } finally {
    await scene.close();
  }
}

async function measure(
  page: Page,
  { folder, repository }: Prepared,
  ahead: number,
): Promise<Round | undefined> {
  await sleep(restMs);
  const seen = Promise.all([seenAt(page, `${repository} ↑${ahead}`), seenAt(page, `${ahead}↑`)]);
  await page.evaluate(() => undefined); // both wait in the page by then
  git(folder, "commit", "-q", "--allow-empty", "-m", `Commit ${ahead}`);
  const committedAt = Date.now();
  const [oursAt, rivalAt] = await seen;
  if (oursAt === undefined || rivalAt === undefined) return undefined;
  return { oursMs: oursAt - committedAt, rivalMs: rivalAt - committedAt };
}

/** When a text first stands in an item of the status bar, by the clock that this process has too; undefined for never. */
function seenAt(page: Page, text: string): Promise<number | undefined> {
  return page.evaluate(
    ({ wanted, limitMs }) =>
      new Promise<number | undefined>((resolve) => {
        setTimeout(() => {
          resolve(undefined);
        }, limitMs);
        const observer = new MutationObserver(() => {
          const items = [...document.querySelectorAll(".statusbar-item")];
          if (!items.some((item) => item.textContent.includes(wanted))) return;
          observer.disconnect();
          resolve(Date.now());
        });
        const changes = { subtree: true, childList: true, characterData: true };
        observer.observe(document.querySelector(".part.statusbar") ?? document.body, changes);
      }),
    { wanted: text, limitMs: longestMs },
  );
}

function toReport(taken: readonly Round[]): Record<string, unknown> {
  const lateMs = taken.map(({ oursMs, rivalMs }) => oursMs - rivalMs);
  return {
    bench: "statusBar",
    rival: "the git extension's own sync item in the same window",
    ratio: Number(median(taken.map(({ oursMs, rivalMs }) => oursMs / rivalMs)).toFixed(3)),
    runs: taken.length,
    correct: `${taken.length}/${rounds}`,
    oursMs: Math.round(median(taken.map((one) => one.oursMs))),
    rivalMs: Math.round(median(taken.map((one) => one.rivalMs))),
    lateMedianMs: median(lateMs),
    lateWorstMs: Math.max(...lateMs),
  };
}

import { setTimeout as sleep } from "node:timers/promises";

const pauseMs = 100;

/** Asks again until there is an answer; for what no locator can wait for, such as files and processes. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(pauseMs);
  }
  throw new Error(`Not within ${timeoutMs / 1000} s: ${what}`);
}

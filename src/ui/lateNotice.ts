import { setTimeout as delay } from "node:timers/promises";

/** Work that a notice tells of. */
export interface NoticedWork {
  /** Never rejects. */
  readonly end: Promise<void>;
  /** Called with what is said now, and from then on with what is said next. */
  readonly follow: (tell: (message: string) => void) => void;
  readonly cancel: () => void;
}

/**
 * Runs work, and shows a notice of it once it has taken `afterMs`; one that can't be shown is no failure of the work.
 * `undefined` where it was cancelled.
 */
export async function withLateNotice<T>(
  run: (signal: AbortSignal, say: (message: string) => void) => Promise<T>,
  show: (work: NoticedWork) => PromiseLike<unknown>,
  afterMs: number,
): Promise<T | undefined> {
  const abort = new AbortController();
  let said = "";
  let tell: ((message: string) => void) | undefined;
  const work = run(abort.signal, (message) => {
    said = message;
    tell?.(message);
  });
  const end = work.then(ignore, ignore);
  const isLate = await Promise.race([end, delay(afterMs, "late", { ref: false })]);
  if (isLate === "late") {
    const follow = (follower: (message: string) => void) => {
      tell = follower;
      if (said !== "") follower(said);
    };
    const cancel = () => {
      abort.abort();
    };
    await show({ end, follow, cancel }).then(ignore, ignore);
  }
  return work.catch((error: unknown) => {
    if (abort.signal.aborted) return undefined;
    throw error;
  });
}

function ignore(): void {}

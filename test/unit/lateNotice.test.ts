import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { withLateNotice, type NoticedWork } from "../../src/ui/lateNotice";

const afterMs = 30;
const workMs = 90;

describe("the notice of work that takes its time", () => {
  let shown: string[];
  const show = async ({ end, follow }: NoticedWork) => {
    shown.push("shown");
    follow((message) => shown.push(message));
    await end;
    shown.push("gone");
  };
  const cancelling = async (work: NoticedWork) => {
    work.cancel();
    await show(work);
  };
  beforeEach(() => {
    shown = [];
  });

  it("is not there for work that is over soon", async () => {
    assert.equal(await withLateNotice(() => Promise.resolve("done"), show, afterMs), "done");
    await delay(2 * afterMs);
    assert.deepEqual(shown, []);
  });

  it("tells what was said last, and what is said from then on, until the end", async () => {
    const work = async (_: AbortSignal, say: (message: string) => void) => {
      say("one");
      say("two");
      await delay(workMs);
      say("three");
      return "done";
    };
    assert.equal(await withLateNotice(work, show, afterMs), "done");
    assert.deepEqual(shown, ["shown", "two", "three", "gone"]);
  });

  for (const [when, ms] of [
    ["before it is shown", 0],
    ["while it is shown", workMs],
  ] as const) {
    it(`leaves a failure ${when} to the caller`, async () => {
      const work = async () => {
        await delay(ms);
        throw new Error("of the work");
      };
      await assert.rejects(withLateNotice(work, show, afterMs), /of the work/);
    });
  }

  it("cancels the work, whose end is no failure then", async () => {
    const work = (signal: AbortSignal) => delay(60_000, "done", { signal });
    assert.equal(await withLateNotice(work, cancelling, afterMs), undefined);
    assert.deepEqual(shown, ["shown", "gone"]);
  });

  it("leaves what was done all the same to the caller", async () => {
    assert.equal(await withLateNotice(() => delay(workMs, "done"), cancelling, afterMs), "done");
  });

  it("can't be shown, and the work goes on", async () => {
    const work = () => delay(workMs, "done");
    assert.equal(await withLateNotice(work, () => Promise.reject(new Error("no window")), afterMs), "done");
  });
});

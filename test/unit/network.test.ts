import assert from "node:assert/strict";
import { isThorough } from "../extent.mjs";
import { assertCell, runCell, type CellOutcome } from "./support/networkCell";
import { networkFaults, type NetworkFault } from "./support/networkFaults";
import { operations, type Ending, type Operation } from "./support/networkOperations";
import { createNetworkStage, type NetworkStage } from "./support/networkStage";

/** Every failure ends within it (P3). */
const limitMs = 15_000;
/** git itself waits half a minute for a silent server, and asks it twice: one that is at work may be silent for long. */
const gitsLimitMs = 75_000;
const isGitsWait = ({ operation, fault }: Pick<CellPlan, "operation" | "fault">) =>
  operation.door === "git" && fault.waits === true;
/** More at once would only wait for each other's git. */
const laneCount = 2;

interface CellPlan {
  readonly operation: Operation;
  readonly fault: NetworkFault;
  readonly ending: Ending;
}

const plans: readonly CellPlan[] = operations.flatMap((operation) =>
  networkFaults.flatMap((fault) => {
    const ending = fault.except?.[operation.name] ?? fault.ends[operation.door];
    const meets = operation.meets?.test(fault.name) ?? true;
    const isLeftOut = isGitsWait({ operation, fault }) && !isThorough;
    return ending === undefined || !meets || isLeftOut ? [] : [{ operation, fault, ending }];
  }),
);

/**
 * Those that cost waiting wait at the same time. The others come after, one after the other in a few lanes, so that
 * none of them runs out of time for want of a processor.
 */
function startAll(stage: NetworkStage): ReadonlyMap<CellPlan, Promise<CellOutcome>> {
  const run = ({ operation, fault }: CellPlan) => runCell(stage, operation, fault);
  const waiting = plans.filter(({ fault }) => fault.waits);
  const outcomes = new Map(waiting.map((plan) => [plan, run(plan)]));
  const lanes = Array.from({ length: laneCount }, () => Promise.allSettled(outcomes.values()));
  for (const [index, plan] of plans.filter(({ fault }) => !fault.waits).entries()) {
    const lane = index % laneCount;
    const outcome = Promise.resolve(lanes[lane]).then(() => run(plan));
    lanes[lane] = Promise.allSettled([outcome]); // its own test tells of a failure
    outcomes.set(plan, outcome);
  }
  return outcomes;
}

describe("the network as it is", () => {
  let stage: NetworkStage;
  let outcomes: ReadonlyMap<CellPlan, Promise<CellOutcome>>;
  const seen = new Set<CellPlan>();

  before(async () => {
    stage = await createNetworkStage();
    outcomes = startAll(stage);
    void Promise.allSettled(outcomes.values());
  });
  after(() => stage.close());

  for (const plan of plans) {
    const { operation, fault, ending } = plan;
    const words = ending === "works" ? "works" : `ends with ${ending} and changes nothing`;
    it(`${operation.name}, when ${fault.name}, ${words}`, async function () {
      this.timeout(2 * gitsLimitMs);
      // Looked at twice, it is run again, and by itself.
      const outcome = await (seen.has(plan) ? runCell(stage, operation, fault) : outcomes.get(plan));
      seen.add(plan);
      assert.ok(outcome);
      assertCell(outcome, ending, isGitsWait(plan) ? gitsLimitMs : limitMs);
    });
  }

  it("was spoken through as Bitbucket's API description says", function () {
    const { plain, secure } = stage.bitbuckets;
    if (!plain.checksContract) this.skip();
    assert.deepEqual([...plain.contractViolations, ...secure.contractViolations], []);
  });
});

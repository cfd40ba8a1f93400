import assert from "node:assert/strict";
import { isThorough } from "../extent.mjs";
import type { SeenRequest } from "../bitbucket/wire/requestLog";
import { runCell, type CellOutcome } from "./support/networkCell";
import { operations, type Operation } from "./support/networkOperations";
import { createNetworkStage, type NetworkStage } from "./support/networkStage";

/** At how many bytes, spread over each answer: all of them in a thorough run. */
const places = isThorough ? Infinity : 12;
/** More at once would only wait for each other's git. */
const laneCount = 4;
/** The end of a chunked answer, after which nothing follows that git needs. */
const closingBytes = 7;

const exchanges = [
  { operation: "cloning", moment: "git is told what there is", path: /\/info\/refs$/ },
  { operation: "cloning", moment: "git receives the commits", path: /\/git-upload-pack$/ },
  { operation: "pushing", moment: "git is told what there is", path: /\/info\/refs$/ },
  { operation: "pushing", moment: "git is told how it went", path: /\/git-receive-pack$/ },
] as const;

describe("a connection that is reset at any byte", () => {
  let stage: NetworkStage;

  before(async () => {
    stage = await createNetworkStage();
  });
  after(() => stage.close());

  for (const { operation: name, moment, path } of exchanges) {
    it(`${name}, while ${moment}, ends with Offline and leaves nothing half done`, async function () {
      this.timeout(places === Infinity ? 30 * 60_000 : 60_000);
      const found = operations.find((one) => one.name === name);
      assert.ok(found);
      const breaks = (request: SeenRequest) => path.test(request.path) && request.token !== undefined;
      const operation = { ...found, breaks };
      const length = await lengthOf(operation);
      await inLanes(offsets(length), async (afterBytes) => {
        const outcome = await meet(operation, { kind: "reset", afterBytes });
        const place = `after ${afterBytes} of ${length} bytes: ${outcome.message}`;
        assert.deepEqual(outcome.leaks, [], place);
        if (outcome.ending === "works" && afterBytes > length - closingBytes) return;
        assert.equal(outcome.ending, "Offline", place);
        assert.deepEqual(outcome.changed, [], place);
      });
    });
  }

  function meet(
    operation: Operation,
    fault: { readonly kind: "reset"; readonly afterBytes: number },
  ): Promise<CellOutcome> {
    return runCell(stage, operation, { name: "the connection is reset", make: () => fault, ends: {} });
  }

  /** Of the answer that is to be cut, on a connection that serves no other, as the cut ones do. */
  async function lengthOf(operation: Operation & { breaks: (request: SeenRequest) => boolean }) {
    const { plain } = stage.bitbuckets;
    plain.clearRequests();
    const { ending, message } = await meet(operation, { kind: "reset", afterBytes: Infinity });
    assert.equal(ending, "works", message);
    const length = plain.requests.find(operation.breaks)?.answerBytes ?? 0;
    assert.ok(length > places || length > 100, String(length));
    return length;
  }
});

function offsets(length: number): readonly number[] {
  if (places >= length) return Array.from({ length: length - 1 }, (_, index) => index + 1);
  const spread = (index: number) => 1 + Math.floor((index * (length - 2)) / (places - 1));
  return [...Array.from({ length: places }, (_, index) => spread(index)), length - closingBytes];
}

async function inLanes<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: laneCount }, lane));
}

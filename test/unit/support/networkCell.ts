import assert from "node:assert/strict";
import { UserError } from "../../../src/errors";
import type { SeenRequest } from "../../bitbucket/wire/requestLog";
import type { NetworkFault } from "./networkFaults";
import type { Ending, Operation } from "./networkOperations";
import { Cell, type NetworkStage } from "./networkStage";

export interface CellOutcome {
  readonly ending: Ending;
  readonly elapsedMs: number;
  readonly message: string;
  /** Names of files and the like that aren't as before. */
  readonly changed: readonly string[];
  /** Where a secret was found that doesn't belong there. */
  readonly leaks: readonly string[];
}

/** What is beyond it is a hang, and is cut off so that the tests end. */
const hangMs = 100_000;

/** Prepares a cell, breaks the network and lets the operation meet it. */
export async function runCell(
  stage: NetworkStage,
  operation: Operation,
  fault: NetworkFault,
): Promise<CellOutcome> {
  const cell = new Cell(stage, fault.site ?? "plain");
  const run = await operation.prepare(cell);
  const before = cell.snapshot();
  const made = fault.make?.(stage);
  const { breaks = () => true } = operation;
  const match = (request: SeenRequest) =>
    cell.owns(request) && breaks(request) && (!fault.onlySignedIn || request.token !== undefined);
  const mend = made && cell.bitbucket.faults.add({ ...made, match });
  try {
    const { ending, message, elapsedMs } = await meet(run);
    const after = cell.snapshot();
    cell.said.push(message);
    return { ending, elapsedMs, message, changed: differences(before, after), leaks: findLeaks(cell, stage) };
  } finally {
    mend?.();
    await cell.close();
  }
}

async function meet(run: (signal: AbortSignal) => Promise<unknown>) {
  const startedAt = performance.now();
  const timeout = AbortSignal.timeout(hangMs);
  const finish = (ending: Ending, message: string) => {
    return { ending, message, elapsedMs: performance.now() - startedAt };
  };
  try {
    const result = await run(timeout);
    if (timeout.aborted) throw new Error(`did not end within ${hangMs} ms`);
    return finish(typeof result === "string" ? (result as Ending) : "works", "");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return finish(error.code, allWords(error));
  }
}

/** The log has an error's stack and causes. */
function allWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\n${allWords(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

function differences(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]);
}

function findLeaks(cell: Cell, stage: NetworkStage): readonly string[] {
  const places = { "a message or log line": cell.said.join("\n"), "another host": stage.otherHost.told() };
  return Object.entries(places)
    .filter(([, text]) => cell.spellings().some((spelling) => text.includes(spelling)))
    .map(([place]) => place);
}

export function assertCell(outcome: CellOutcome, ending: Ending, limitMs: number): void {
  assert.equal(outcome.ending, ending, outcome.message);
  assert.deepEqual(outcome.leaks, []);
  if (ending !== "works") assert.deepEqual(outcome.changed, []);
  assert.ok(outcome.elapsedMs <= limitMs, `took ${Math.round(outcome.elapsedMs)} ms`);
}

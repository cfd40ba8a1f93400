// An editor that is killed: connects as told in its argument, and dies by SIGKILL at the n-th thing that it does.
import { connectRepository } from "../../../src/flows/connect/connectRepository";
import type { ConnectRequest } from "../../../src/flows/connect/connectRequest";
import { openPorts, useHome, type ConnectStage } from "./connectStage";
import { GitRepository } from "./gitRepository";

/** The secret comes on standard input: a test must not do what the product may not. */
export interface ChildOrder {
  readonly stage: ConnectStage;
  readonly root: string;
  readonly request: ConnectRequest;
  readonly dieAt: number;
}

let count = 0;

function dieIfDue(dieAt: number, action: string): void {
  count++;
  if (count !== dieAt) return;
  process.stdout.write(action);
  process.kill(process.pid, "SIGKILL");
}

async function main(): Promise<void> {
  let input = "";
  for await (const chunk of process.stdin) input += String(chunk);
  const { stage, root, request, dieAt } = JSON.parse(input) as ChildOrder;
  useHome(stage);
  const at = (action: string) => {
    dieIfDue(dieAt, action);
  };
  const { ports, close } = openPorts(stage, { at });
  const local = new GitRepository(root, at);
  await connectRepository(ports, local, request, () => undefined, new AbortController().signal);
  await close();
}

void main();

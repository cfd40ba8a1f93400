import { existsSync, readdirSync, readFileSync } from "node:fs";
import { until } from "./until";

/**
 * The process in which a window's extensions run, found through /proc among the server's descendants. Where there
 * is no /proc, windows open all the same; only what asks for the process fails.
 */
export class ExtensionHost {
  private earlier: ReadonlySet<number> = new Set();
  private latest: number | undefined;

  constructor(private readonly serverPid: number) {}

  /** Notes the extension host that `start` brings about. */
  async awaitNew(start: () => Promise<unknown>): Promise<void> {
    this.forget();
    await start();
    if (existsSync("/proc")) await this.pid();
  }

  /** After a kill: of the one that the editor started in its place. */
  async pid(): Promise<number> {
    this.latest ??= await until("a new extension host", () => {
      return extensionHosts(this.serverPid).find((pid) => !this.earlier.has(pid));
    });
    return this.latest;
  }

  /** As a crash or the kernel's out-of-memory killer does it: nothing in it gets to finish. */
  async kill(): Promise<void> {
    const pid = await this.pid();
    this.forget();
    process.kill(pid, "SIGKILL");
    await waitForEndOf(pid);
  }

  async waitForEnd(): Promise<void> {
    if (this.latest !== undefined) await waitForEndOf(this.latest);
  }

  private forget(): void {
    this.earlier = new Set(extensionHosts(this.serverPid));
    this.latest = undefined;
  }
}

async function waitForEndOf(pid: number): Promise<void> {
  await until(`extension host ${pid} ends`, () => (readCommandLine(pid) === "" ? true : undefined));
}

function extensionHosts(serverPid: number): readonly number[] {
  return descendants(serverPid).filter((pid) => readCommandLine(pid).includes("--type=extensionHost"));
}

function descendants(root: number): readonly number[] {
  const processes = listProcesses();
  const found = [root];
  // Grows while it is walked, by the children of each.
  for (const ancestor of found) {
    for (const { pid, parent } of processes) if (parent === ancestor) found.push(pid);
  }
  return found;
}

function listProcesses(): readonly { pid: number; parent: number }[] {
  if (!existsSync("/proc")) return [];
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return pids.map((pid) => ({ pid, parent: readParent(pid) }));
}

/** `pid (name) state parent …`, where the name may hold spaces and parentheses. */
function readParent(pid: number): number {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

/** Empty for a process that has ended, also while its parent has not noticed. */
function readCommandLine(pid: number): string {
  return readOrEmpty(`/proc/${pid}/cmdline`);
}

/** Processes end while one looks. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

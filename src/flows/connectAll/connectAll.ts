import type { PresentedToken } from "../../bitbucket/client";
import { fullName } from "../../bitbucket/site";
import { isSame } from "../../credentials/connectionStore";
import type { LocalRepository } from "../../git/localRepository";
import type { GitAccess } from "../../protocol/formMessages";
import { noToken } from "../clone/cloneToken";
import { toPresented } from "../clone/listRepositoriesReach";
import { connectRepository } from "../connect/connectRepository";
import type { ConnectRequest } from "../connect/connectRequest";
import { disconnectRepository } from "../connect/disconnectRepository";
import type { Ports } from "../ports";
import { findServingToken } from "../tokens/findServingToken";
import type { FoundRepository, LeftRepository } from "./describeAll";

export interface ConnectAllOptions {
  readonly gitAccess: GitAccess;
  readonly openLocal: (root: string) => LocalRepository;
  readonly report: (done: number, repository: string) => void;
  readonly signal: AbortSignal;
}

export interface AllOutcome {
  readonly connected: readonly FoundRepository[];
  readonly left: readonly LeftRepository[];
  /** Disconnects those that this run has connected. */
  readonly undo: () => Promise<void>;
}

/** Git, the disk and Bitbucket wait for one another: more at once is no quicker. */
const atOnce = 4;

/**
 * Connects repositories as one is connected, each with the stored token that serves it, or else the one that its URL holds.
 * One that fails is left as it was and costs only itself. A cancel takes back what was done and gives undefined.
 */
export async function connectAll(
  ports: Ports,
  found: readonly FoundRepository[],
  options: ConnectAllOptions,
): Promise<AllOutcome | undefined> {
  const connected: FoundRepository[] = [];
  const changed: FoundRepository[] = [];
  const left: LeftRepository[] = [];
  const waiting = [...found];
  const work = async () => {
    for (let one = waiting.shift(); one && !options.signal.aborted; one = waiting.shift()) {
      try {
        if (!one.isConnected && (await connectOne(ports, one, options))) changed.push(one);
        connected.push(one);
        options.report(found.length - waiting.length, fullName(one.repository));
      } catch (error) {
        left.push({ folder: one.folder, error });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const undo = () => disconnectAll(ports, changed, options.openLocal);
  if (options.signal.aborted) {
    await undo();
    return undefined;
  }
  return { connected: found.filter((one) => connected.includes(one)), left, undo };
}

async function connectOne(
  ports: Ports,
  one: FoundRepository,
  { gitAccess, openLocal, signal }: ConnectAllOptions,
): Promise<boolean> {
  const { remote, repository } = one;
  const { token, expires } = await tokenFor(ports, one, signal);
  const request: ConnectRequest = {
    ...{ repository, token, remote, gitAccess, expires },
    scopes: [],
    email: undefined,
    existingRemote: "ask",
    branch: undefined,
  };
  const outcome = await connectRepository(ports, openLocal(one.root), request, () => undefined, signal);
  return outcome !== undefined;
}

async function tokenFor(
  ports: Ports,
  { repository, tokenInUrl }: FoundRepository,
  signal: AbortSignal,
): Promise<{ readonly token: PresentedToken; readonly expires: string | undefined }> {
  const found = await findServingToken(ports, repository, (token) =>
    ports.client.verifyToken(repository, token, signal),
  );
  if (found) return { token: toPresented(found.candidate.token), expires: found.candidate.token.expires };
  if (tokenInUrl) return { token: tokenInUrl, expires: undefined };
  throw noToken(ports, repository);
}

/** The last one first, as it was done. */
async function disconnectAll(
  ports: Ports,
  connected: readonly FoundRepository[],
  openLocal: ConnectAllOptions["openLocal"],
): Promise<void> {
  for (const { commonDir, repository, root } of [...connected].reverse()) {
    const records = await ports.connections.get(commonDir);
    const record = records.find((one) => isSame(one, { ...ports.site, ...repository }));
    if (record) await disconnectRepository(ports, openLocal(root), record, false);
  }
}

import { fullName, remoteUrl } from "../../bitbucket/site";
import type { LocalRepository } from "../../git/localRepository";
import { findCommonDir } from "../../git/commonDir";
import type { StepId } from "../../protocol/formMessages";
import { beginConnect } from "./beginConnect";
import { checkConnect, type Situation } from "./checkConnect";
import type { ConnectOutcome, ConnectRequest, ReportStep } from "./connectRequest";
import { letGitSignIn, pushFirst, setAddress, setRemote, storeToken, type ConnectWork } from "./connectSteps";
import { finishConnect } from "./finishConnect";
import type { Ports } from "../ports";
import { proveAccess } from "../tokens/proveAccess";
import { recoverConnect } from "./recoverConnect";
import { notTakenBack, undoConnect } from "./undoConnect";
import { neededScopes, verifyConnect, type Verified } from "./verifyConnect";

/**
 * Connects a local repository with one on Bitbucket: proves the token, keeps it, sets the remote, lets git have the
 * token, sets the commit address and pushes. The repository is as before or as after, never between: a failure undoes
 * everything and is thrown, a cancel undoes everything and gives undefined, a killed editor leaves a journal to
 * recover from. Throws a UserError of any kind that can arise on the way.
 */
export async function connectRepository(
  ports: Ports,
  local: LocalRepository,
  request: ConnectRequest,
  report: ReportStep,
  signal: AbortSignal,
): Promise<ConnectOutcome | undefined> {
  const run = stepRunner(report, signal);
  try {
    const commonDir = await findCommonDir(local.root);
    await recoverConnect(ports, local, commonDir, request.takeOver);
    const [situation, verified] = await checkAndVerify(ports, local, commonDir, request, run, signal);
    return await changeOrUndo(
      await beginConnect(ports, local, request, situation, verified),
      run,
      report,
      signal,
    );
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** Bitbucket is asked while git is: neither changes anything, and most of the time is the network's. */
async function checkAndVerify(
  ports: Ports,
  local: LocalRepository,
  commonDir: string,
  request: ConnectRequest,
  run: RunStep,
  signal: AbortSignal,
): Promise<[Situation, Verified]> {
  const gaveUp = new AbortController();
  const checking = run("check", () => checkConnect(ports, local, commonDir, request));
  const question = { ...request, needs: neededScopes(request) };
  const proving = proveAccess(ports, question, AbortSignal.any([signal, gaveUp.signal]));
  proving.catch(() => undefined); // told by the next step, unless this one has failed
  try {
    const situation = await checking;
    const verify = async () => verifyConnect(ports, local, request, situation, await proving);
    return [situation, await run("verify", verify)];
  } finally {
    gaveUp.abort();
  }
}

async function changeOrUndo(
  work: ConnectWork,
  run: RunStep,
  report: ReportStep,
  signal: AbortSignal,
): Promise<ConnectOutcome> {
  const { edits, request, verified } = work;
  const done: StepId[] = [];
  const change = async (id: StepId, isNeeded: boolean, doIt: () => Promise<void>) => {
    if (isNeeded) done.push(id);
    if (isNeeded) await run(id, doIt);
    else report(id, "skipped");
  };
  try {
    await change("store", true, () => storeToken(work));
    await change("remote", edits.remote.length > 0, () => setRemote(work));
    await change("credentials", true, () => letGitSignIn(work));
    await change("address", edits.address.length > 0, () => setAddress(work));
    await change("push", request.branch !== undefined, () =>
      pushFirst(
        work,
        (detail) => {
          report("push", "running", detail);
        },
        signal,
      ),
    );
    await finishConnect(work.ports, work);
  } catch (error) {
    await undoOrSay(work, error);
    for (const id of done) if (id !== done.at(-1) || signal.aborted) report(id, "undone");
    throw error;
  }
  await work.local.refresh();
  return {
    repository: fullName(verified.repository),
    remote: request.remote,
    url: remoteUrl(work.ports.site, verified.repository),
    branch: request.branch,
    pushed: request.branch !== undefined && !verified.isUpToDate,
    notes: verified.notes,
  };
}

/** What can't be undone now is undone by the next try or start, and the person is told. */
async function undoOrSay(work: ConnectWork, error: unknown): Promise<void> {
  try {
    await undoConnect(work.ports, work.local, work);
  } catch (cause) {
    await work.journal.release();
    throw notTakenBack(error, cause);
  } finally {
    await work.local.refresh();
  }
}

type RunStep = <T>(id: StepId, work: () => Promise<T>) => Promise<T>;

function stepRunner(report: ReportStep, signal: AbortSignal): RunStep {
  return async (id, work) => {
    signal.throwIfAborted();
    report(id, "running");
    try {
      const result = await work();
      report(id, "done");
      return result;
    } catch (error) {
      report(id, signal.aborted ? "undone" : "failed");
      throw error;
    }
  };
}

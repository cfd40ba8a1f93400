import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import type { StepId, StepState } from "../protocol/formMessages";
import type { Log } from "./log";
import { stepLabel } from "./connect/stepWords";

export type ReportStep = (id: StepId, state: StepState, detail?: string) => void;

/** Runs a flow behind a notification that tells its steps and can cancel it. */
export function withSteps<T>(
  title: string,
  log: Log,
  run: (report: ReportStep, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  return withProgress(title, (signal, say) =>
    run((id, state, detail) => {
      if (state === "running") say(detail ? `${stepLabel(id)}: ${detail}` : stepLabel(id));
      else log.step(stepLabel(id), state);
    }, signal),
  );
}

/** What ends sooner is over before its notification could be read. */
const noticeAfterMs = 500;

/** Runs work behind a notification with a cancel; `undefined` where the person pressed it. */
export async function withProgress<T>(
  title: string,
  run: (signal: AbortSignal, say: (message: string) => void) => Promise<T>,
): Promise<T | undefined> {
  const abort = new AbortController();
  let message = "";
  let show: ((message: string) => void) | undefined;
  const work = run(abort.signal, (said) => {
    message = said;
    show?.(said);
  });
  const end = work.then(ignore, ignore);
  if ((await Promise.race([end, delay(noticeAfterMs, "late", { ref: false })])) === "late") {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    await vscode.window.withProgress(options, async (progress, cancellation) => {
      const listener = cancellation.onCancellationRequested(() => {
        abort.abort();
      });
      show = (said) => {
        progress.report({ message: said });
      };
      show(message);
      await end;
      listener.dispose();
    });
  }
  return work.catch((error: unknown) => {
    if (abort.signal.aborted) return undefined;
    throw error;
  });
}

function ignore(): void {}

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

/** Runs work behind a notification with a cancel; `undefined` where the person pressed it. */
export async function withProgress<T>(
  title: string,
  run: (signal: AbortSignal, say: (message: string) => void) => Promise<T>,
): Promise<T | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, cancellation) => {
    const abort = new AbortController();
    const listener = cancellation.onCancellationRequested(() => {
      abort.abort();
    });
    try {
      return await run(abort.signal, (message) => {
        progress.report({ message });
      });
    } catch (error) {
      if (abort.signal.aborted) return undefined;
      throw error;
    } finally {
      listener.dispose();
    }
  });
}

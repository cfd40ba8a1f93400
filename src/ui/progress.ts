import * as vscode from "vscode";
import type { StepId, StepState } from "../protocol/formMessages";
import type { Log } from "./log";
import { stepLabel } from "./stepWords";

export type ReportStep = (id: StepId, state: StepState, detail?: string) => void;

/** Runs a flow behind a notification that tells its steps and can cancel it. */
export async function withSteps<T>(
  title: string,
  log: Log,
  run: (report: ReportStep, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, cancellation) => {
    const abort = new AbortController();
    const listener = cancellation.onCancellationRequested(() => {
      abort.abort();
    });
    try {
      return await run((id, state, detail) => {
        if (state !== "running") log.step(stepLabel(id), state);
        else progress.report({ message: detail ? `${stepLabel(id)}: ${detail}` : stepLabel(id) });
      }, abort.signal);
    } finally {
      listener.dispose();
    }
  });
}

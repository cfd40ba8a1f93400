import * as vscode from "vscode";
import type { StepId, StepState } from "../protocol/formMessages";
import type { Log } from "./log";
import { withLateNotice, type NoticedWork } from "./lateNotice";
import { stepLabel } from "./connect/stepWords";
import { withoutLinks } from "./withoutLinks";

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

/**
 * What ends sooner is over before its notification could be read. And of the notifications that come within 0.8 s, VS Code
 * hides all after the third: one of a quick work might be the one too many, and its result the one that is hidden.
 * https://github.com/microsoft/vscode/blob/1.100.0/src/vs/workbench/browser/parts/notifications/notificationsToasts.ts
 */
const noticeAfterMs = 500;

/** Runs work behind a notification with a cancel; `undefined` where the person pressed it. */
export function withProgress<T>(
  title: string,
  run: (signal: AbortSignal, say: (message: string) => void) => Promise<T>,
): Promise<T | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: withoutLinks(title),
    cancellable: true,
  };
  const show = ({ end, follow, cancel }: NoticedWork) =>
    vscode.window.withProgress(options, async (progress, cancellation) => {
      const listener = cancellation.onCancellationRequested(cancel);
      follow((message) => {
        progress.report({ message: withoutLinks(message) });
      });
      await end;
      listener.dispose();
    });
  return withLateNotice(run, show, noticeAfterMs);
}

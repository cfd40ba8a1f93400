import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { checkConnection, type Examination } from "../flows/check/checkConnection";
import type { FindingId, Severity } from "../flows/check/finding";
import { readExpiryReminderDays } from "../settings";
import { showFindings } from "../ui/check/findingsPicker";
import { withProgress } from "../ui/progress";
import { parseCheckArgument } from "./arguments";
import { isCalledByCode } from "./plainArgument";
import { askTarget, settingsOf, type CommandContext } from "./context";
import type { Command } from "./register";
import { runByHand } from "./runByHand";

export interface CheckResult {
  /** `fix` is what the fix is called. */
  readonly findings: readonly {
    readonly id: FindingId;
    readonly severity: Severity;
    readonly message: string;
    readonly fix?: string;
  }[];
}

/** Called with an argument object it shows nothing and changes nothing; by hand it lists the findings with their fixes. */
export function checkConnectionCommand(context: CommandContext): Command {
  return async (untyped): Promise<CheckResult | undefined> => {
    const argument = parseCheckArgument(untyped);
    const target = await askTarget(context, argument.folder, untyped);
    if (!target) return undefined;
    // As a command of its own, so that a failure's buttons are about this repository, whatever is open by then.
    if (untyped === undefined)
      return runByHand<CheckResult | undefined>("checkConnection", {
        folder: vscode.Uri.file(target.local.root),
      });
    const { ports, local } = target;
    const reminderDays = readExpiryReminderDays(settingsOf(vscode.Uri.file(local.root)));
    const check = (signal: AbortSignal) =>
      checkConnection(ports, local, { reminderDays, clock: Date.now, signal });
    if (isCalledByCode(untyped)) return toResult(await check(new AbortController().signal));
    const examination = await withProgress(l10n.t("Checking the connection"), check);
    if (!examination) return undefined;
    const onError = (error: unknown) => {
      context.log.bug("checkConnection", error);
    };
    await showFindings({ check, onError }, examination);
    return toResult(examination);
  };
}

function toResult({ findings }: Examination): CheckResult {
  return {
    findings: findings.map(({ id, severity, message, fix }) => ({
      id,
      severity,
      message,
      ...(fix && { fix: fix.title }),
    })),
  };
}

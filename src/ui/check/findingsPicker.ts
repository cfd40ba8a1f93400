import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { repairAll, repairsOf, type Examination } from "../../flows/check/checkConnection";
import type { Advice, Finding, Question, Undo } from "../../flows/check/finding";
import { UserError } from "../../errors";
import { healthyMessage, previewAll, previewOf, titleOf, toReport, toRows } from "./findings";
import { askDialog, showInformation, showWarning } from "../messages";
import { applyFix, offerFixes } from "../offerFixes";
import { withProgress } from "../progress";

export interface FindingsHost {
  /** Looks again. */
  check(signal: AbortSignal): Promise<Examination>;
  /** Whatever goes wrong behind a notification that nobody waits for. */
  onError(error: unknown): void;
}

type Choice =
  | { readonly kind: "finding"; readonly finding: Finding }
  | { readonly kind: "fixAll" }
  | { readonly kind: "copyReport" };

type Item = vscode.QuickPickItem & { readonly choice?: Choice };

/** Lists what was found, and does what the person chooses, until nothing is left or they go away. */
export async function showFindings(host: FindingsHost, start: Examination): Promise<void> {
  let examination: Examination | undefined = start;
  if (start.findings.length === 0) letGo(host, announceHealthy(start));
  while (examination && examination.findings.length > 0) {
    const choice = await choose(examination);
    if (!choice) return;
    examination = await carryOut(host, examination, choice);
  }
}

/** Undefined where there is nothing more to show. */
async function carryOut(
  host: FindingsHost,
  examination: Examination,
  choice: Choice,
): Promise<Examination | undefined> {
  switch (choice.kind) {
    case "copyReport":
      await copyReport(examination);
      return undefined;
    case "fixAll":
      return fixAll(host, examination);
    case "finding":
      return fixOne(host, examination, choice.finding);
  }
}

async function choose(examination: Examination): Promise<Choice | undefined> {
  const items: Item[] = toRows(examination).map(({ icon, label, description, detail, finding }) => ({
    label: `$(${icon}) ${label}`,
    description,
    detail,
    choice: { kind: "finding", finding },
  }));
  items.push({ label: "", kind: vscode.QuickPickItemKind.Separator });
  if (repairsOf(examination).length > 1)
    items.push({ label: `$(wand) ${l10n.t("Fix all")}`, choice: { kind: "fixAll" } });
  items.push({ label: `$(copy) ${l10n.t("Copy report")}`, choice: { kind: "copyReport" } });
  const chosen = await vscode.window.showQuickPick(items, {
    title: l10n.t("Connection to {0}", examination.repository ?? "Bitbucket"),
    placeHolder: l10n.t("Choose what to fix. You'll review changes first."),
    ignoreFocusOut: true,
    matchOnDetail: true,
  });
  return chosen?.choice;
}

async function fixOne(
  host: FindingsHost,
  examination: Examination,
  { id, message, fix }: Finding,
): Promise<Examination | undefined> {
  const title = titleOf(id);
  if (!fix) {
    await askDialog(title, message);
    return examination;
  }
  if (fix.kind === "lead") {
    if (!(await confirm(title, fix.title, [message]))) return examination;
    await applyFix(fix.fix, () => Promise.resolve());
    return undefined;
  }
  const answer = fix.question && (await ask(title, fix.question));
  const isCancelled = fix.question !== undefined && answer === undefined;
  if (isCancelled || !(await confirm(title, fix.title, [message, ...previewOf(fix, answer)])))
    return examination;
  const repaired = await withProgress(fix.title, (signal) => fix.apply(signal, answer));
  if (!repaired) return examination;
  announceFixed(host, l10n.t("Fixed: {0}", title), repaired.undo, repaired.advice ? [repaired.advice] : []);
  return lookAgain(host);
}

async function fixAll(host: FindingsHost, start: Examination): Promise<Examination | undefined> {
  const title = l10n.t("Fix all");
  if (!(await confirm(l10n.t("Fix all of these?"), title, previewAll(start)))) return start;
  const done = await withProgress(title, (signal) => repairAll(() => host.check(signal), start, signal));
  if (!done) return start;
  announceFixed(host, l10n.t("Fixed everything that can be fixed here."), done.undo, done.advice);
  return done.examination;
}

function lookAgain(host: FindingsHost): Promise<Examination | undefined> {
  return withProgress(l10n.t("Checking the connection"), (signal) => host.check(signal));
}

function ask(title: string, { prompt, value, problem }: Question): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title,
    prompt,
    ...(value !== undefined && { value }),
    ignoreFocusOut: true,
    validateInput: problem,
  });
}

async function confirm(title: string, button: string, lines: readonly string[]): Promise<boolean> {
  const detail = lines.join("\n\n");
  return (await askDialog(title, detail, button)) === button;
}

/** Two notices, since they wait for different things: what was done can be undone, what is left is done elsewhere. */
function announceFixed(host: FindingsHost, message: string, undo: Undo, advice: readonly Advice[]): void {
  letGo(host, offerUndo(message, undo));
  for (const one of advice) letGo(host, offerAdvice(one));
}

/** A notification waits for the person; nothing waits for it. */
function letGo(host: FindingsHost, notice: Promise<void>): void {
  notice.catch((error: unknown) => {
    host.onError(error);
  });
}

async function offerUndo(message: string, undo: Undo): Promise<void> {
  const button = l10n.t("Undo");
  if ((await showInformation(message, button)) !== button) return;
  try {
    await undo();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await offerFixes(error, () => Promise.resolve());
    return;
  }
  await showInformation(l10n.t("Changes undone."));
}

async function offerAdvice({ message, fix }: Advice): Promise<void> {
  const chosen = await showWarning(message, fix.title);
  if (chosen === fix.title) await applyFix(fix, () => Promise.resolve());
}

async function announceHealthy(examination: Examination): Promise<void> {
  const button = l10n.t("Copy report");
  const chosen = await showInformation(healthyMessage(examination), button);
  if (chosen === button) await copyReport(examination);
}

async function copyReport(examination: Examination): Promise<void> {
  const versions = [
    [vscode.env.appName, vscode.version],
    [l10n.t("System"), process.platform],
  ] as const;
  await vscode.env.clipboard.writeText(toReport(examination, versions));
  void showInformation(l10n.t("Copied the report. It contains no token and no email."));
}

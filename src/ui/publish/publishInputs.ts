import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { StepAnswer, StepPosition } from "./publishSteps";

/** Every question is one of the same dialog. */
export function titled(position: StepPosition): StepTitle {
  return { ...position, title: l10n.t("Publish to Bitbucket") };
}

export type StepTitle = StepPosition & { readonly title: string };

/** What the kinds of input have in common. */
type Input = vscode.QuickInput & {
  buttons: readonly vscode.QuickInputButton[];
  readonly onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
  readonly onDidAccept: vscode.Event<void>;
};

/**
 * Shows an input as one step of several. `accept` gives the answers, or undefined where what is entered won't do;
 * `signal` ends with the step, for what is looked up meanwhile.
 */
export async function askStep<T>(
  input: Input,
  { title, step, total }: StepTitle,
  accept: () => T | undefined,
  start: (signal: AbortSignal) => void = () => undefined,
): Promise<StepAnswer<T>> {
  const closed = new AbortController();
  Object.assign(input, { title, step, totalSteps: total, ignoreFocusOut: true });
  if (step > 1) input.buttons = [vscode.QuickInputButtons.Back];
  try {
    return await new Promise((resolve) => {
      input.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) resolve({ kind: "back" });
      });
      input.onDidAccept(() => {
        const answers = accept();
        if (answers !== undefined) resolve({ kind: "next", answers });
      });
      input.onDidHide(() => {
        resolve(undefined);
      });
      input.show();
      start(closed.signal);
    });
  } finally {
    closed.abort();
    input.dispose();
  }
}

/** Fills a list once its items are there. Without them it stays as it is: what is typed counts all the same. */
export function fillLater<T extends vscode.QuickPickItem>(
  pick: vscode.QuickPick<T>,
  items: Promise<readonly T[]>,
  signal: AbortSignal,
): void {
  pick.busy = true;
  void items
    .then(
      (found) => {
        if (!signal.aborted) pick.items = found;
      },
      () => undefined,
    )
    .finally(() => {
      if (!signal.aborted) pick.busy = false;
    });
}

export interface ValueItem extends vscode.QuickPickItem {
  readonly value: string;
}

export function withValue<T>(
  pick: vscode.QuickPick<ValueItem>,
  toAnswers: (value: string) => T,
): T | undefined {
  const [item] = pick.activeItems;
  return item && toAnswers(item.value);
}

/** One of two ways. */
export interface ChoiceItem extends vscode.QuickPickItem {
  readonly isChosen: boolean;
}

interface Choice {
  readonly items: readonly ChoiceItem[];
  readonly placeholder: string;
  readonly chosen: boolean;
  readonly position: StepPosition;
}

export function askChoice<T>(
  { items, placeholder, chosen, position }: Choice,
  toAnswers: (isChosen: boolean) => T,
) {
  const pick = vscode.window.createQuickPick<ChoiceItem>();
  pick.items = items;
  pick.placeholder = placeholder;
  pick.activeItems = items.filter((item) => item.isChosen === chosen);
  return askStep(pick, titled(position), () => {
    const [item] = pick.activeItems;
    return item && toAnswers(item.isChosen);
  });
}

interface TextQuestion {
  readonly value: string;
  readonly prompt: string;
  readonly isGood: (text: string) => boolean;
  readonly position: StepPosition;
}

export function askText<T>(
  { value, prompt, isGood, position }: TextQuestion,
  toAnswers: (text: string) => T,
) {
  const input = vscode.window.createInputBox();
  Object.assign(input, { value, prompt });
  input.onDidChangeValue(() => (input.validationMessage = undefined));
  return askStep(input, titled(position), () => {
    const text = input.value.trim();
    if (isGood(text)) return toAnswers(text);
    input.validationMessage = l10n.t("Git doesn't allow this. Correct it.");
    return undefined;
  });
}

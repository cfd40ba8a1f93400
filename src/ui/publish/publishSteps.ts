/** Where a question stands among those still to come, counted from 1. */
export interface StepPosition {
  readonly step: number;
  readonly total: number;
}

/** Undefined where the person went away. */
export type StepAnswer<T> =
  { readonly kind: "next"; readonly answers: T } | { readonly kind: "back" } | undefined;

export interface Step<T> {
  /** Judged by the answers so far, and again when one changes. */
  readonly isNeeded: (answers: T) => boolean;
  /** Shows what was answered before, where the person has come back. */
  readonly ask: (answers: T, position: StepPosition) => Promise<StepAnswer<T>>;
}

/** Asks one question after the other, with a way back to each. Undefined where the person went away. */
export async function runSteps<T>(steps: readonly Step<T>[], initial: T): Promise<T | undefined> {
  const asked: number[] = [];
  let answers = initial;
  let current = nextNeeded(steps, answers, 0);
  while (current !== undefined) {
    const answer = await steps[current]?.ask(answers, positionOf(steps, answers, asked.length, current));
    if (!answer) return undefined;
    if (answer.kind === "back") {
      current = asked.pop() ?? current;
      continue;
    }
    answers = answer.answers;
    asked.push(current);
    current = nextNeeded(steps, answers, current + 1);
  }
  return answers;
}

function nextNeeded<T>(steps: readonly Step<T>[], answers: T, from: number): number | undefined {
  const index = steps.findIndex((step, i) => i >= from && step.isNeeded(answers));
  return index < 0 ? undefined : index;
}

function positionOf<T>(steps: readonly Step<T>[], answers: T, asked: number, current: number): StepPosition {
  const left = steps.filter((step, i) => i > current && step.isNeeded(answers)).length;
  return { step: asked + 1, total: asked + 1 + left };
}

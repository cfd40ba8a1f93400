/**
 * What Esc does: it cancels what runs, else closes. Over text that closing would lose, the first press only
 * warns; any other key or a click takes the warning back.
 */
export interface EscapeActions {
  readonly isRunning: () => boolean;
  readonly wouldLoseText: () => boolean;
  readonly cancel: () => void;
  readonly close: () => void;
  readonly warn: (isWarning: boolean) => void;
}

export function watchEscape(actions: EscapeActions): void {
  let isWarned = false;
  const setWarned = (value: boolean): void => {
    if (isWarned === value) return;
    isWarned = value;
    actions.warn(value);
  };
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) {
      setWarned(false);
      return;
    }
    event.preventDefault();
    if (actions.isRunning()) actions.cancel();
    else if (isWarned || !actions.wouldLoseText()) actions.close();
    else setWarned(true);
  });
  document.addEventListener("pointerdown", () => {
    setWarned(false);
  });
}

import * as l10n from "@vscode/l10n";
import { element, openAround, say } from "./element";

export interface FieldOptions {
  readonly id: string;
  /** The control's accessible name, exactly. */
  readonly label: string;
  readonly required?: boolean;
  readonly hint?: string;
}

/** Where a problem is shown and where the keyboard goes for it. */
export interface FaultTarget {
  showError(message: string | undefined): void;
  focus(): void;
}

/** A control with its label, a hint, a warning and an error, all tied to it for assistive technology. */
export class Field<Control extends HTMLInputElement | HTMLSelectElement> implements FaultTarget {
  readonly root: HTMLElement;
  readonly #mark = element("span", { class: "mark" }, l10n.t("required"));
  readonly #hint: HTMLElement;
  readonly #warning: HTMLElement;
  readonly #error: HTMLElement;

  constructor(
    readonly control: Control,
    options: FieldOptions,
  ) {
    const { id } = options;
    this.#hint = element("p", { class: "hint", id: `${id}-hint` });
    this.#warning = element("p", { class: "warning", id: `${id}-warning` });
    this.#error = element("p", { class: "error", id: `${id}-error` });
    control.id = id;
    control.setAttribute("aria-describedby", `${id}-error ${id}-warning ${id}-hint`);
    this.root = element(
      "div",
      { class: "field" },
      // The mark stands beside the label, so that the accessible name stays the label alone.
      element("div", { class: "label-row" }, element("label", { for: id }, options.label), this.#mark),
      control,
      this.#error,
      this.#warning,
      this.#hint,
    );
    this.setRequired(options.required ?? false);
    this.showHint(options.hint);
    this.showWarning(undefined);
    this.showError(undefined);
  }

  setRequired(isRequired: boolean): void {
    this.control.required = isRequired;
    this.#mark.hidden = !isRequired;
  }

  showHint(text: string | undefined): void {
    say(this.#hint, text);
  }

  showWarning(text: string | undefined): void {
    say(this.#warning, text);
  }

  showError(message: string | undefined): void {
    say(this.#error, message);
    if (message) this.control.setAttribute("aria-invalid", "true");
    else this.control.removeAttribute("aria-invalid");
  }

  focus(): void {
    openAround(this.root);
    this.control.focus();
  }
}

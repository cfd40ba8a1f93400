import { element, openAround, say } from "./element";
import type { FaultTarget } from "./field";

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** The accessible name, where the label would be another field's too. */
  readonly name?: string;
  readonly detail?: string;
}

/** Radio buttons under one legend, each with a line of explanation. */
export class ChoiceGroup<Value extends string> implements FaultTarget {
  readonly root: HTMLFieldSetElement;
  readonly #error: HTMLElement;
  readonly #legend: HTMLLegendElement;
  readonly #choices = element("div", { class: "choices" });
  readonly #inputs = new Map<Value, HTMLInputElement>();

  constructor(
    private readonly name: string,
    legend = "",
    choices: readonly Choice<Value>[] = [],
  ) {
    this.#error = element("p", { class: "error", id: `${name}-error` });
    this.#legend = element("legend", { id: `${name}-legend` });
    this.root = element(
      "fieldset",
      {
        class: "field",
        role: "radiogroup",
        "aria-labelledby": `${name}-legend`,
        "aria-describedby": `${name}-error`,
      },
      this.#legend,
      this.#choices,
      this.#error,
    );
    this.show(legend, choices);
    this.showError(undefined);
  }

  /** Replaces legend and choices; what was chosen stays chosen where it still exists. */
  show(legend: string, choices: readonly Choice<Value>[]): void {
    const chosen = this.#inputs.size > 0 ? this.value : undefined;
    this.#legend.textContent = legend;
    this.#inputs.clear();
    this.#choices.replaceChildren(...choices.map((choice) => this.#row(choice)));
    const next = choices.find((choice) => choice.value === chosen) ?? choices[0];
    if (next) this.value = next.value;
  }

  get value(): Value {
    for (const [value, input] of this.#inputs) if (input.checked) return value;
    return this.#first;
  }

  set value(value: Value) {
    const input = this.#inputs.get(value);
    if (input) input.checked = true;
  }

  onChange(listener: () => void): void {
    this.root.addEventListener("change", listener);
  }

  setEnabled(value: Value, isEnabled: boolean): void {
    const input = this.#inputs.get(value);
    if (input) input.disabled = !isEnabled;
  }

  showError(message: string | undefined): void {
    say(this.#error, message);
    if (message) this.root.setAttribute("aria-invalid", "true");
    else this.root.removeAttribute("aria-invalid");
  }

  focus(): void {
    openAround(this.root);
    this.#inputs.get(this.value)?.focus();
  }

  get #first(): Value {
    const [first] = this.#inputs.keys();
    if (first === undefined) throw new Error(`no choices in ${this.name}`);
    return first;
  }

  #row({ value, label, name, detail }: Choice<Value>): HTMLElement {
    const id = `${this.name}-${value}`;
    const input = element("input", {
      type: "radio",
      name: this.name,
      id,
      value,
      "aria-label": name,
      "aria-describedby": detail && `${id}-detail`,
    });
    this.#inputs.set(value, input);
    return element(
      "div",
      { class: "choice" },
      input,
      element("label", { for: id }, label),
      detail ? element("p", { class: "hint", id: `${id}-detail` }, detail) : undefined,
    );
  }
}

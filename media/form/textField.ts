import { element } from "./element";
import { Field, type FieldOptions } from "./field";

interface TextFieldOptions extends FieldOptions {
  readonly type?: "text" | "email" | "password" | "date";
}

/** A text box that knows whether its text is the person's or a proposal that may still change. */
export class TextField extends Field<HTMLInputElement> {
  #isTyped = false;

  constructor(options: TextFieldOptions) {
    const control = element("input", {
      type: options.type ?? "text",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
    });
    super(control, options);
    control.addEventListener("input", () => {
      this.#isTyped = true;
      this.showError(undefined);
    });
  }

  get value(): string {
    return this.control.value.trim();
  }

  /** Puts text in for good. */
  fill(text: string | undefined): void {
    if (text === undefined) return;
    this.control.value = text;
    this.#isTyped = true;
    this.showError(undefined);
  }

  /** Puts a proposal in, unless the person has typed. */
  propose(text: string): void {
    if (!this.#isTyped) this.control.value = text;
  }

  /** The text belongs to another repository now: proposals may replace it again. */
  forget(): void {
    this.#isTyped = false;
    this.control.value = "";
    this.showError(undefined);
  }
}

import { button, element, say } from "./element";

/**
 * What went wrong, read out at once, with a button for each way on. Where a field is at fault the buttons stand beside
 * it, under the field's own words; else the summary stands in its place at the end of the form.
 */
export class FaultSummary {
  readonly place = element("div", { class: "fault-place" });
  readonly #root: HTMLElement;
  readonly #message = element("p", { id: "fault" });
  readonly #buttons = element("div", { class: "buttons" });

  constructor(private readonly onFix: (index: number) => void) {
    const alert = element("div", { role: "alert" }, this.#message);
    this.#root = element("div", { class: "fault", tabindex: "-1" }, alert, this.#buttons);
    this.clear();
  }

  /** `field`: the one that shows the message itself. */
  show(message: string, fixes: readonly string[] = [], field?: Element): void {
    this.#root.classList.toggle("beside", field !== undefined);
    if (field) field.after(this.#root);
    else this.place.append(this.#root);
    this.#root.hidden = false;
    say(this.#message, message);
    this.#buttons.replaceChildren(
      ...fixes.map((title, index) =>
        button(title, () => {
          this.onFix(index);
        }),
      ),
    );
    this.#buttons.hidden = fixes.length === 0;
  }

  clear(): void {
    this.#root.hidden = true;
    say(this.#message, undefined);
    this.#buttons.replaceChildren();
  }

  focus(): void {
    this.#root.focus();
  }
}

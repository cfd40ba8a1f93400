import { button, element, say } from "./element";

/** What went wrong, read out at once, with a button for each way on. */
export class FaultSummary {
  readonly root: HTMLElement;
  readonly #message = element("p", { id: "fault" });
  readonly #buttons = element("div", { class: "buttons" });

  constructor(private readonly onFix: (index: number) => void) {
    const alert = element("div", { role: "alert" }, this.#message);
    this.root = element("div", { class: "fault", tabindex: "-1" }, alert, this.#buttons);
    this.clear();
  }

  show(message: string, fixes: readonly string[] = []): void {
    this.root.hidden = false;
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
    this.root.hidden = true;
    say(this.#message, undefined);
    this.#buttons.replaceChildren();
  }

  focus(): void {
    this.root.focus();
  }
}

import * as l10n from "@vscode/l10n";
import { announce, button, element } from "./element";

/** The button that goes, the one that stops, and a line of notice beside them. */
export class FormActions {
  readonly root: HTMLElement;
  readonly #connect = element("button", { type: "submit", class: "primary" }, l10n.t("Connect"));
  readonly #cancel: HTMLButtonElement;
  readonly #notice = element("p", { class: "hint", role: "status" });

  constructor(private readonly onCancel: () => void) {
    this.#cancel = button(l10n.t("Cancel"), () => {
      this.cancel();
    });
    this.root = element("div", { class: "actions" }, this.#connect, this.#cancel, this.#notice);
  }

  showRunning(): void {
    this.#connect.hidden = true;
    this.#cancel.hidden = false;
    this.#cancel.disabled = false;
    this.#cancel.textContent = l10n.t("Cancel");
    this.notify(undefined);
    this.#cancel.focus();
  }

  showIdle(canConnect: boolean): void {
    this.#connect.hidden = false;
    this.#connect.disabled = !canConnect;
    this.#cancel.hidden = true;
    this.notify(undefined);
  }

  /** Once: what runs stops when it can. */
  cancel(): void {
    if (this.#cancel.hidden || this.#cancel.disabled) return;
    this.#cancel.disabled = true;
    this.#cancel.textContent = l10n.t("Cancelling…");
    this.onCancel();
  }

  notify(text: string | undefined): void {
    announce(this.#notice, text);
  }

  focus(): void {
    this.#connect.focus();
  }
}

import * as l10n from "@vscode/l10n";
import { button, element } from "./element";
import type { Post } from "./post";

/** What was reached, what is worth knowing, and where to go from here. It takes the place of the form and its title. */
export class SuccessView {
  readonly root: HTMLElement;
  readonly #heading = element("h1", { tabindex: "-1" });
  readonly #notes = element("ul", { class: "notes" });

  constructor(post: Post) {
    const open = button(
      l10n.t("Open on Bitbucket"),
      () => {
        post({ type: "openRepositoryPage" });
      },
      "primary",
    );
    const close = button(l10n.t("Close"), () => {
      post({ type: "close" });
    });
    this.root = element(
      "section",
      { class: "success" },
      element("div", { role: "status" }, this.#heading, this.#notes),
      element("div", { class: "buttons" }, open, close),
    );
    this.root.hidden = true;
  }

  show(message: string, notes: readonly string[], progress: HTMLElement): void {
    document.querySelector("main > h1")?.remove();
    this.root.hidden = false;
    this.#heading.textContent = message;
    this.#notes.replaceChildren(...notes.map((note) => element("li", {}, note)));
    this.#notes.hidden = notes.length === 0;
    this.root.append(progress);
    this.#heading.focus();
  }
}

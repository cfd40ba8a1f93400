import * as l10n from "@vscode/l10n";
import type { FormState } from "../../src/protocol/formMessages";
import { button, element } from "./element";
import type { EmailField } from "./emailField";

/** By whom the next commit will be, beside the button that connects; the other choice is one click away. */
export class WhoseCommits {
  readonly root: HTMLElement;
  readonly #text = element("p", { role: "status" });
  readonly #other: HTMLButtonElement;
  #state: FormState | undefined;
  #shown = "";

  constructor(private readonly email: EmailField) {
    this.#other = button("", () => {
      const isAsGitSays = this.#other.value === this.#state?.author?.email;
      this.email.fill(isAsGitSays ? "" : this.#other.value);
      this.refresh();
    });
    this.root = element("div", { class: "whose" }, this.#text, this.#other);
  }

  show(state: FormState): void {
    this.#state = state;
    this.refresh();
  }

  /** As the email field has it now. */
  refresh(): void {
    const author = this.#state?.author;
    const isFixed = this.#state?.isAuthorFixed === true;
    const chosen = isFixed || this.email.value === "" ? author?.email : this.email.value;
    const text = whoseText(author?.name, chosen, isFixed);
    if (text !== this.#shown) this.#text.textContent = text; // every change is read out
    this.#shown = text;
    const other = isFixed ? undefined : this.email.choices.find((one) => one !== chosen);
    this.#other.hidden = other === undefined;
    this.#other.value = other ?? "";
    this.#other.textContent = other === undefined ? "" : l10n.t("Use {0}", other);
  }
}

function whoseText(name: string | undefined, email: string | undefined, isFixed: boolean): string {
  if (email === undefined)
    return l10n.t("No commit email is set. Use the one Bitbucket showed, or your own.");
  const author = name === undefined ? email : `${name} <${email}>`;
  return isFixed
    ? l10n.t("Next commit by {0}, as author.email in your Git config says.", author)
    : l10n.t("Next commit by {0}.", author);
}

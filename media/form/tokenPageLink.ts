import * as l10n from "@vscode/l10n";
import { fullName } from "../../src/bitbucket/site";
import { button, element, say } from "./element";
import type { FormFields } from "./formFields";
import type { Post } from "./post";

/** Opens the page where the token is made, or says what it takes to know which that is. */
export class TokenPageLink {
  readonly root: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #reason = element("p", { class: "hint", id: "token-page-reason" });

  constructor(post: Post, fields: () => FormFields) {
    this.#button = button(l10n.t("Open token page"), () => {
      const { repository, tokenKind } = fields().read();
      post({ type: "openTokenPage", repository, tokenKind });
    });
    this.#button.setAttribute("aria-describedby", this.#reason.id);
    this.root = element("div", { class: "aside" }, this.#button, this.#reason);
  }

  refresh(fields: FormFields): void {
    const repository = fields.repository.repository;
    const isApi = fields.kind.value === "api";
    this.#button.disabled = !isApi && !repository;
    if (isApi) {
      say(
        this.#reason,
        l10n.t("Your Atlassian account’s page: choose “Create API token with scopes”, then Bitbucket."),
      );
    } else if (repository) {
      say(
        this.#reason,
        l10n.t("The access tokens of {0}. Only its admins can create one.", fullName(repository)),
      );
    } else {
      say(this.#reason, l10n.t("Enter the repository first: the page is part of its settings."));
    }
  }
}

import * as l10n from "@vscode/l10n";
import type { FormState, GitAccess } from "../../src/protocol/formMessages";
import { ChoiceGroup, type Choice } from "./choiceGroup";
import { announce, element, openAround } from "./element";

/** How git gets the token. The default is right for nearly everybody. */
export class GitAccessField extends ChoiceGroup<GitAccess> {
  readonly #warning = element("p", { class: "warning", role: "status" });
  #isChosen = false;

  constructor() {
    super("gitAccess", l10n.t("How Git gets the token"), choices(true));
    this.root.append(this.#warning);
    this.onChange(() => {
      this.#isChosen = true;
      this.#warn();
    });
    this.#warn();
  }

  showState(state: FormState): void {
    this.show(l10n.t("How Git gets the token"), choices(state.hasCredentialHelper));
    this.setEnabled("credentialHelper", state.hasCredentialHelper);
    if (!this.#isChosen) this.value = state.gitAccess;
    this.#reveal();
  }

  fill(gitAccess: GitAccess | undefined): void {
    if (gitAccess === undefined) return;
    this.#isChosen = true;
    this.value = gitAccess;
    this.#reveal();
  }

  /** Anything but the default is worth seeing. */
  #reveal(): void {
    if (this.value !== "vscode") openAround(this.root);
    this.#warn();
  }

  #warn(): void {
    const text = l10n.t(
      "The token is stored in plain text in .git/config, for anyone who can read this folder, its backups or a screenshot of it.",
    );
    announce(this.#warning, this.value === "remoteUrl" ? text : undefined);
  }
}

function choices(hasCredentialHelper: boolean): readonly Choice<GitAccess>[] {
  return [
    {
      value: "vscode",
      label: l10n.t("From VS Code"),
      detail: l10n.t("It’s stored in the editor’s secret storage, where Git gets it from. Recommended."),
    },
    {
      value: "credentialHelper",
      label: l10n.t("From your own credential helper"),
      detail: hasCredentialHelper
        ? l10n.t("For work outside VS Code: your helper stores it.")
        : l10n.t("Git doesn’t have a credential helper here."),
    },
    {
      value: "remoteUrl",
      label: l10n.t("From its URL, in plain text"),
      detail: l10n.t("For tools that can’t use anything else."),
    },
  ];
}

import * as l10n from "@vscode/l10n";
import type { FormState } from "../../src/protocol/formMessages";
import { TextField } from "./textField";

/** `user.email` for this repository alone, beside what is set now. */
export class EmailField extends TextField {
  #useBotEmail = true;

  constructor() {
    super({ id: "email", label: l10n.t("Commit e-mail"), type: "email" });
  }

  show(state: FormState): void {
    this.#useBotEmail = state.useBotEmail;
    this.propose(state.localEmail ?? "");
    this.showHint(`${whatIsSet(state)} ${whatItDoes()}`);
  }

  /** Takes the bot's address that Bitbucket showed, where the person wants bot addresses. */
  takeBotEmail(email: string): boolean {
    if (this.#useBotEmail) this.fill(email);
    return this.#useBotEmail;
  }

  problem(): string | undefined {
    if (this.value === "" || /^[^\s@<>]+@[^\s@<>]+$/.test(this.value)) return undefined;
    return l10n.t("This is no e-mail address. Correct it, or leave it empty.");
  }
}

function whatIsSet({ localEmail, inheritedEmail }: FormState): string {
  if (localEmail) return l10n.t("Now: {0}, set in this repository.", localEmail);
  if (inheritedEmail) return l10n.t("Now: {0}, from your own git settings.", inheritedEmail);
  return l10n.t("Now: none set.");
}

function whatItDoes(): string {
  return l10n.t(
    "An address ending in @bots.bitbucket.org, as Bitbucket shows it, ties commits to the token’s bot. It is set for this repository only; empty leaves it as it is.",
  );
}

import * as l10n from "@vscode/l10n";
import type { FormState } from "../../src/protocol/formMessages";
import { TextField } from "./textField";

/** `user.email` for this repository alone, beside what is set now. */
export class EmailField extends TextField {
  #useBotEmail = true;
  /** The token's, as Bitbucket showed it, then the person's. */
  #botEmail: string | undefined;
  #own: readonly string[] = [];

  constructor() {
    super({ id: "email", label: l10n.t("Commit e-mail"), type: "email" });
  }

  show(state: FormState): void {
    this.#useBotEmail = state.useBotEmail;
    const { localEmail, inheritedEmail, author } = state;
    this.#own = [inheritedEmail, localEmail, author?.email].flatMap((email) => (email ? [email] : []));
    this.propose(state.localEmail ?? "");
    this.showHint(`${whatIsSet(state)} ${whatItDoes()}`);
  }

  /** Takes the bot's address that Bitbucket showed, where the person wants bot addresses. */
  takeBotEmail(email: string): boolean {
    this.#botEmail = email;
    if (this.#useBotEmail) this.fill(email);
    return this.#useBotEmail;
  }

  /** All that the commits may carry, as far as it is known. */
  get choices(): readonly string[] {
    return [...(this.#botEmail === undefined ? [] : [this.#botEmail]), ...this.#own];
  }

  override forget(): void {
    super.forget();
    this.#botEmail = undefined;
  }

  problem(): string | undefined {
    if (this.value === "" || /^[^\s@<>]+@[^\s@<>]+$/.test(this.value)) return undefined;
    return l10n.t("This isn’t a valid email. Correct it, or leave it empty.");
  }
}

function whatIsSet({ localEmail, inheritedEmail }: FormState): string {
  if (localEmail) return l10n.t("Now: {0}, set in this repository.", localEmail);
  if (inheritedEmail) return l10n.t("Now: {0}, from your own Git settings.", inheritedEmail);
  return l10n.t("Now: not set.");
}

function whatItDoes(): string {
  return l10n.t(
    "An email ending in @bots.bitbucket.org, as Bitbucket shows it, links commits to the token’s bot. It’s set only for this repository. If empty, nothing changes.",
  );
}

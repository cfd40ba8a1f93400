import * as l10n from "@vscode/l10n";
import { checkToken } from "../../src/bitbucket/token";
import { UserError } from "../../src/errors";
import { TextField } from "./textField";

/** The token's box: masked, never remembered, emptied when it is sent. */
export class TokenField extends TextField {
  #isKept = false;

  constructor() {
    super({ id: "token", label: l10n.t("Access token"), type: "password", required: true });
    // Password managers must not offer to keep it.
    this.control.setAttribute("autocomplete", "off");
    this.control.setAttribute("data-1p-ignore", "");
    this.control.addEventListener("change", () => {
      if (this.value !== "") this.showError(this.problem());
    });
    this.showKept(false);
  }

  /** The extension holds the token of the last try, or doesn't. */
  showKept(isKept: boolean): void {
    this.#isKept = isKept;
    this.setRequired(!isKept);
    this.control.placeholder = isKept ? l10n.t("Kept from the last try; paste another to replace it") : "";
    this.showHint(
      l10n.t("Paste the token, or everything that Bitbucket showed: what is in it goes to the right fields."),
    );
  }

  /** Hands the token over and forgets it. */
  take(): string {
    const token = this.value;
    this.control.value = "";
    return token;
  }

  problem(): string | undefined {
    if (this.value === "" && this.#isKept) return undefined;
    try {
      checkToken(this.value);
      return undefined;
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
  }
}

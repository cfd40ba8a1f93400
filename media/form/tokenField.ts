import * as l10n from "@vscode/l10n";
import { checkToken, tokenHint } from "../../src/bitbucket/token";
import { problemOf } from "../../src/errors";
import { TextField } from "./textField";

/** The token's box: masked, never remembered, emptied when it is sent. */
export class TokenField extends TextField {
  #isKept = false;
  #offer: { readonly from: string; readonly isOwn: boolean } | undefined;
  #creation: HTMLDetailsElement | undefined;

  constructor() {
    super({ id: "token", label: l10n.t("Access token"), type: "password", required: true });
    // Password managers must not offer to keep it.
    this.control.setAttribute("autocomplete", "off");
    this.control.setAttribute("data-1p-ignore", "");
    this.control.addEventListener("change", () => {
      if (this.value !== "") this.showError(this.problem());
    });
    this.control.addEventListener("input", () => {
      this.#showCreation();
    });
    this.showKept(false);
  }

  /** What creating a token needs goes, unless it is open, once there is an access token. */
  whileNone(creation: HTMLDetailsElement): void {
    this.#creation = creation;
  }

  override fill(token: string | undefined): void {
    super.fill(token);
    this.#showCreation();
  }

  #showCreation(): void {
    const creation = this.#creation;
    if (creation) creation.hidden = !creation.open && tokenHint(this.value) === "access";
  }

  /** The extension holds the token of the last try, or doesn't. */
  showKept(isKept: boolean): void {
    this.#isKept = isKept;
    this.#show();
  }

  /** A token is kept that is stored for this repository, or that may reach it and is stored `from` elsewhere. */
  showOffer(offer: { readonly from: string; readonly isOwn: boolean } | undefined): void {
    this.#offer = offer;
    this.#show();
  }

  /** The kept token is to be used, with what is known of it. */
  get isOfferTaken(): boolean {
    return this.value === "" && !this.#isKept && this.#offer !== undefined;
  }

  #show(): void {
    this.setRequired(!this.#isKept && this.#offer === undefined);
    this.control.placeholder = this.#isKept
      ? l10n.t("Stored from the last attempt; paste another to replace it")
      : this.#offer
        ? l10n.t("Leave empty to use the token of {0}", this.#offer.from)
        : "";
    this.showHint(this.#isKept || !this.#offer ? pasteHint() : offerHint(this.#offer));
  }

  /** Hands the token over and forgets it. */
  take(): string {
    const token = this.value;
    this.control.value = "";
    this.#showCreation();
    return token;
  }

  problem(): string | undefined {
    if (this.isOfferTaken || (this.value === "" && this.#isKept)) return undefined;
    return problemOf(() => checkToken(this.value));
  }
}

function pasteHint(): string {
  return l10n.t("Paste the token, or everything that Bitbucket showed: the rest fills the other fields.");
}

function offerHint({ from, isOwn }: { readonly from: string; readonly isOwn: boolean }): string {
  return isOwn
    ? l10n.t("A token for {0} is stored. Leave this empty to use it, or paste another.", from)
    : l10n.t(
        "The token stored for {0} may have access too. Leave this empty to try it, or paste another.",
        from,
      );
}

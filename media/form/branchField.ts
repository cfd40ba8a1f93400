import * as l10n from "@vscode/l10n";
import type { FormState } from "../../src/protocol/formMessages";
import { element } from "./element";
import { Field } from "./field";

/** The branch to push after connecting; the current one is named plainly, as it is easy to push the wrong one. */
export class BranchField extends Field<HTMLSelectElement> {
  #current: string | undefined;
  #isChosen = false;
  #mayPush = true;

  constructor() {
    super(element("select"), { id: "branch", label: l10n.t("Branch to push") });
    this.control.addEventListener("change", () => {
      this.#isChosen = true;
      this.showError(undefined);
      this.#warn();
    });
  }

  get value(): string {
    return this.control.value;
  }

  show(state: FormState): void {
    const kept = this.#isChosen ? this.value : undefined;
    this.#current = state.currentBranch;
    const branches = currentFirst(state);
    this.control.replaceChildren(
      ...branches.map((branch) => element("option", { value: branch }, this.#name(branch))),
      element("option", { value: "" }, l10n.t("Don’t push yet")),
    );
    this.control.value = kept !== undefined && branches.includes(kept) ? kept : (state.currentBranch ?? "");
    if (this.control.selectedIndex < 0) this.control.value = "";
    this.showHint(
      branches.length === 0
        ? l10n.t("This repository doesn't have a commit yet. Commit first, then push.")
        : undefined,
    );
    this.#warn();
  }

  fill(branch: string | undefined): void {
    if (branch === undefined || ![...this.control.options].some(({ value }) => value === branch)) return;
    this.control.value = branch;
    this.#isChosen = true;
    this.#warn();
  }

  /** The folder is another: what was chosen meant something else. */
  forget(): void {
    this.#isChosen = false;
  }

  /** Whether the ticked scopes let the token push. */
  showMayPush(mayPush: boolean): void {
    this.#mayPush = mayPush;
    this.#warn();
  }

  #name(branch: string): string {
    return branch === this.#current ? l10n.t("{0} (current branch)", branch) : branch;
  }

  #warn(): void {
    this.showWarning(this.#warning());
  }

  #warning(): string | undefined {
    if (this.value === "") return undefined;
    if (!this.#mayPush)
      return l10n.t("Pushing requires a token with Repositories: Write, which isn’t selected above.");
    if (this.#current === undefined || this.value === this.#current) return undefined;
    return l10n.t("You’re on {0}, but {1} will be pushed.", this.#current, this.value);
  }
}

function currentFirst({ branches, currentBranch }: FormState): readonly string[] {
  const others = branches.filter((branch) => branch !== currentBranch);
  return currentBranch !== undefined && branches.includes(currentBranch)
    ? [currentBranch, ...others]
    : others;
}

import * as l10n from "@vscode/l10n";
import type { FormState, FormValues } from "../../src/protocol/formMessages";
import { ChoiceGroup } from "./choiceGroup";
import { planRemote, proposeRemote, type RemotePlan } from "./remotePlan";
import { TextField } from "./textField";

type Conflict = "keep" | "replace" | "rename";

/** The remote's name and, where another URL has it, what becomes of that one. */
export class RemoteField extends TextField {
  readonly conflict = new ChoiceGroup<Conflict>("conflict");
  #state: FormState | undefined;
  #repository = "";

  constructor() {
    super({ id: "remote", label: l10n.t("Remote"), required: true });
    this.conflict.root.hidden = true;
    this.control.addEventListener("input", () => {
      this.#refresh();
    });
  }

  show(state: FormState): void {
    this.#state = state;
    this.#propose();
  }

  showRepository(repository: string): void {
    this.#repository = repository;
    this.#propose();
  }

  override fill(name: string | undefined): void {
    super.fill(name);
    this.#refresh();
  }

  fillConflict(existing: FormValues["existingRemote"] | undefined): void {
    if (existing === "keepPushUrl") return; // no other remote is in the way
    if (existing) this.conflict.value = existing === "ask" ? "keep" : existing;
  }

  read(): Pick<FormValues, "remote" | "existingRemote"> {
    if (this.#plan.kind !== "taken") return { remote: this.value, existingRemote: "ask" };
    const choice = this.conflict.value;
    if (choice === "keep") return { remote: this.#state?.freeRemote ?? this.value, existingRemote: "ask" };
    return { remote: this.value, existingRemote: choice };
  }

  problem(): string | undefined {
    if (this.value === "") return l10n.t("Enter a name for the remote, such as origin.");
    if (/^[A-Za-z0-9_](?:[\w.+-]|\/(?=[\w]))*$/.test(this.value) && !/\.\.|\.lock$|\.$/.test(this.value))
      return undefined;
    return l10n.t("Git doesn’t allow this name. Use letters, digits, - and _.");
  }

  get #plan(): RemotePlan {
    return planRemote(this.value, this.#repository, this.#state?.remotes ?? []);
  }

  #propose(): void {
    if (this.#state) this.propose(proposeRemote(this.#repository, this.#state));
    this.#refresh();
  }

  #refresh(): void {
    const plan = this.#plan;
    this.showHint(describe(plan, this.#state));
    this.showWarning(
      plan.kind === "same" && plan.remote.holdsToken
        ? l10n.t("Its URL contains a token in plain text. Connecting removes it.")
        : undefined,
    );
    this.conflict.root.hidden = plan.kind !== "taken";
    if (plan.kind === "taken") this.#showConflict(plan, this.#state?.freeRemote ?? "bitbucket");
  }

  #showConflict({ remote }: Extract<RemotePlan, { kind: "taken" }>, freeName: string): void {
    const { name, displayUrl, renameTo } = remote;
    this.conflict.show(l10n.t("{0} points elsewhere: {1}", name, displayUrl), [
      { value: "keep", label: l10n.t("Keep it and add {0}", freeName) },
      { value: "replace", label: l10n.t("Replace its URL") },
      { value: "rename", label: l10n.t("Rename it to {0} and create {1}", renameTo, name) },
    ]);
  }
}

function describe(plan: RemotePlan, state: FormState | undefined): string | undefined {
  switch (plan.kind) {
    case "free":
      return describeOthers(state);
    case "same":
      return l10n.t("Already points to this repository.");
    case "taken":
      return undefined;
  }
}

function describeOthers(state: FormState | undefined): string {
  const [other] = state?.remotes ?? [];
  if (!other) return l10n.t("Git’s short name for the repository. This folder doesn’t have one yet.");
  return l10n.t("New. {0} doesn’t change: {1}", other.name, other.displayUrl);
}

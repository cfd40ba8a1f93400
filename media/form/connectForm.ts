import * as l10n from "@vscode/l10n";
import { assertNever } from "../../src/errors";
import type { FilledValues, FormState, MessageToForm } from "../../src/protocol/formMessages";
import { element } from "./element";
import { watchEscape } from "./escapeKey";
import { FaultSummary } from "./faultSummary";
import { FormActions } from "./formActions";
import { FormFields } from "./formFields";
import { layOut } from "./formLayout";
import { PastedNotice } from "./pastedNotice";
import type { Post } from "./post";
import { ProgressList } from "./progressList";
import { SuccessView } from "./successView";
import { TokenPageLink } from "./tokenPageLink";
import { WhoseCommits } from "./whoseCommits";

/** `blocked`: nothing can be connected, or nothing is known yet. */
type Mode = "blocked" | "idle" | "running" | "done";

/** The whole form: sends what was entered, and shows what the extension answers. */
export class ConnectForm {
  readonly root: HTMLElement;
  #mode: Mode = "blocked";
  #state: FormState | undefined;
  #isEdited = false;
  readonly #fields: FormFields;
  readonly #whose: WhoseCommits;
  readonly #pasted: PastedNotice;
  readonly #fieldset: HTMLFieldSetElement;
  readonly #form: HTMLFormElement;
  readonly #actions: FormActions;
  readonly #fault: FaultSummary;
  readonly #progress = new ProgressList();
  readonly #success: SuccessView;

  constructor(private readonly post: Post) {
    const tokenPage = new TokenPageLink(post, () => this.#fields);
    this.#fields = new FormFields({
      onFolder: (folder) => {
        post({ type: "chooseFolder", folder });
      },
      onTarget: (fields) => {
        tokenPage.refresh(fields);
      },
    });
    this.#whose = new WhoseCommits(this.#fields.email);
    this.#pasted = new PastedNotice(this.#fields);
    this.#actions = new FormActions(() => {
      post({ type: "cancel" });
    });
    this.#fault = new FaultSummary((index) => {
      post({ type: "fix", index, values: { ...this.#fields.read(), token: this.#fields.token.value } });
    });
    this.#success = new SuccessView(post);
    const sections = layOut(this.#fields, tokenPage.root, this.#pasted.root, () => {
      post({ type: "openCreatePage", repository: "" });
    });
    this.#fieldset = element("fieldset", { class: "all-fields" }, sections, this.#whose.root);
    this.#form = element(
      "form",
      { novalidate: true },
      this.#fieldset,
      this.#progress.root,
      this.#fault.place,
      this.#actions.root,
    );
    this.root = element("div", {}, this.#form, this.#success.root);
    tokenPage.refresh(this.#fields);
    this.#enter("blocked");
    this.#listen();
  }

  receive(message: MessageToForm): void {
    switch (message.type) {
      case "state":
        this.#showState(message.state, message.values);
        return;
      case "fill":
        this.#fields.fill(message.values);
        this.#whose.refresh();
        return;
      case "progress":
        this.#fields.token.take(); // a button may have sent it
        this.#enter("running");
        this.#progress.show(message.steps);
        this.#actions.root.scrollIntoView({ block: "nearest" });
        return;
      case "failed":
        this.#fail(message);
        return;
      case "cancelled":
        this.#enter("idle");
        this.#progress.clear();
        this.#fields.token.showKept(message.tokenKept);
        this.#actions.notify(l10n.t("Cancelled. Changes undone."));
        this.#actions.focus();
        return;
      case "connected":
        this.#enter("done");
        this.#success.show(message.message, message.notes, this.#progress.root);
        return;
      default:
        assertNever(message);
    }
  }

  #listen(): void {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#form.addEventListener("input", () => {
      this.#whose.refresh();
      this.#noteEdit();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.#submit();
    });
    this.#pasted.watch(
      this.#form,
      () => this.#state,
      () => {
        this.#whose.refresh();
        this.#noteEdit();
      },
    );
    watchEscape({
      isRunning: () => this.#mode === "running",
      wouldLoseText: () => this.#isEdited && this.#mode === "idle",
      cancel: () => {
        this.#actions.cancel();
      },
      close: () => {
        this.post({ type: "close" });
      },
      warn: (isWarning) => {
        const warning = l10n.t("Press Esc again to close and discard your entries.");
        this.#actions.notify(isWarning ? warning : undefined);
      },
    });
  }

  #noteEdit(): void {
    if (!this.#isEdited) this.post({ type: "edited" });
    this.#isEdited = true;
  }

  #showState(state: FormState, values: FilledValues): void {
    this.#state = state;
    this.#fields.show(state);
    this.#fields.fill(values);
    this.#whose.show(state);
    if (this.#mode === "running" || this.#mode === "done") return;
    const { obstacle } = state;
    this.#fieldset.hidden = obstacle !== undefined;
    this.#actions.root.hidden = obstacle !== undefined;
    if (obstacle) {
      this.#enter("blocked");
      this.#fault.show(obstacle.message, obstacle.fixes);
    } else if (this.#mode === "blocked") {
      this.#enter("idle");
      this.#begin();
    }
  }

  /** At the first that is missing, or at the button where nothing is. */
  #begin(): void {
    const missing = this.#fields.firstEmpty();
    if (missing) missing.focus();
    else this.#actions.focus();
  }

  #submit(): void {
    if (this.#mode !== "idle") return;
    for (const target of this.#fields.targets().values()) target.showError(undefined);
    const problems = this.#fields.problems();
    if (problems.length > 0) {
      this.#showProblems(problems);
      return;
    }
    const values = { ...this.#fields.read(), token: this.#fields.token.take() };
    this.#pasted.clear();
    this.#progress.clear();
    this.#enter("running");
    this.post({ type: "connect", values });
  }

  #showProblems(problems: readonly (readonly [field: string, message: string])[]): void {
    const targets = this.#fields.targets();
    for (const [field, message] of problems) targets.get(field)?.showError(message);
    const [first] = problems;
    if (!first) return;
    this.#fault.show(
      problems.length === 1 ? first[1] : l10n.t("Correct {0} fields. Nothing was sent.", problems.length),
    );
    targets.get(first[0])?.focus();
  }

  #fail({ message, field, fixes, tokenKept }: Extract<MessageToForm, { type: "failed" }>): void {
    this.#enter("idle");
    this.#progress.stop();
    this.#fields.token.showKept(tokenKept);
    const target = field === undefined ? undefined : this.#fields.targets().get(field);
    target?.showError(message);
    target?.focus();
    const shown = target && document.activeElement?.closest(".field");
    this.#fault.show(message, fixes, shown ?? undefined);
    if (!shown) this.#fault.focus();
  }

  #enter(mode: Mode): void {
    if (this.#mode === mode && mode === "running") return;
    this.#mode = mode;
    this.#fieldset.disabled = mode !== "idle";
    this.#form.hidden = mode === "done";
    this.#form.ariaBusy = String(mode === "running");
    this.#fault.clear();
    if (mode === "running") this.#actions.showRunning();
    else this.#actions.showIdle(mode === "idle");
  }
}

import * as l10n from "@vscode/l10n";
import type { MessageToForm, StepState } from "../../src/protocol/formMessages";
import { element } from "./element";
import { stepIcon } from "./stepIcon";

type Step = Extract<MessageToForm, { type: "progress" }>["steps"][number];

interface Row {
  readonly item: HTMLElement;
  readonly status: HTMLElement;
  /** What it shows, to change only what has changed: every change is read out. */
  shown: string;
}

/** The steps of connecting, each a status of its own. */
export class ProgressList {
  readonly root: HTMLElement;
  readonly #list = element("ol", { class: "steps", "aria-label": l10n.t("Progress") });
  readonly #rows = new Map<string, Row>();

  constructor() {
    this.root = element("div", { class: "progress" }, this.#list);
    this.root.hidden = true;
  }

  show(steps: readonly Step[]): void {
    this.root.hidden = false;
    for (const step of steps) this.#update(this.#rows.get(step.id) ?? this.#add(step.id), step);
  }

  /** What had not begun does not begin any more. */
  stop(): void {
    for (const { item } of this.#rows.values()) {
      const state = item.dataset["state"] === "waiting" ? item.querySelector(".step-state") : null;
      if (state) state.textContent = l10n.t("not started");
    }
  }

  clear(): void {
    this.root.hidden = true;
    this.#rows.clear();
    this.#list.replaceChildren();
  }

  #add(id: string): Row {
    const status = element("div", { role: "status" });
    const row: Row = { item: element("li", {}, status), status, shown: "" };
    this.#rows.set(id, row);
    this.#list.append(row.item);
    return row;
  }

  #update(row: Row, step: Step): void {
    const shown = JSON.stringify(step);
    if (row.shown === shown) return;
    row.shown = shown;
    row.item.dataset["state"] = step.state;
    const label = element("span", { class: "step-label" }, step.label);
    const state = element("span", { class: "step-state" }, stateWord(step.state));
    const detail = step.detail ? element("span", { class: "step-detail" }, step.detail) : undefined;
    const text = element("div", { class: "step-text" }, label, " ", state, ...(detail ? [" ", detail] : []));
    row.status.replaceChildren(stepIcon(step.state), text);
  }
}

function stateWord(state: StepState): string {
  switch (state) {
    case "waiting":
      return l10n.t("waiting");
    case "running":
      return l10n.t("running");
    case "done":
      return l10n.t("done");
    case "skipped":
      return l10n.t("skipped");
    case "failed":
      return l10n.t("failed");
    case "undone":
      return l10n.t("undone");
  }
}

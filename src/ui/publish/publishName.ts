import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { toSlug } from "../../bitbucket/slug";
import { askStep, type StepTitle } from "./publishInputs";
import { describeName, type NamePlace, type NameWords } from "./publishItems";
import type { StepAnswer } from "./publishSteps";

/** Who knows what is under a name. */
export interface NameSource {
  place(workspace: string, slug: string, signal: AbortSignal): Promise<NamePlace>;
}

/** Who types is not asked about every letter. */
const typingPauseMs = 300;

/** Asks for a name, its address always in view; Bitbucket is asked while it is typed whether it is free. */
export async function askRepositoryName<T>(
  source: NameSource,
  workspace: string,
  value: string,
  title: StepTitle,
  toAnswers: (name: string) => T,
): Promise<StepAnswer<T>> {
  const input = new NameInput(source, workspace, value);
  return askStep(
    input.box,
    title,
    () => (input.show() === "problem" ? undefined : toAnswers(input.name)),
    (signal) => {
      input.watch(signal);
    },
  );
}

class NameInput {
  readonly box = vscode.window.createInputBox();
  private place: NamePlace = "unknown";
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly source: NameSource,
    private readonly workspace: string,
    value: string,
  ) {
    this.box.value = value;
  }

  get name(): string {
    return this.box.value.trim();
  }

  show(): NameWords["kind"] {
    const { text, kind } = describeName(this.name, this.workspace, this.place);
    this.box.prompt = kind === "hint" ? text : l10n.t("Repository name");
    const { Error, Warning } = vscode.InputBoxValidationSeverity;
    this.box.validationMessage =
      kind === "hint" ? undefined : { message: text, severity: kind === "warning" ? Warning : Error };
    return kind;
  }

  watch(signal: AbortSignal): void {
    const look = () => {
      clearTimeout(this.timer);
      this.place = "unknown";
      const { name } = this;
      if (this.show() !== "problem")
        this.timer = setTimeout(() => void this.check(name, signal), typingPauseMs);
    };
    this.box.onDidChangeValue(look);
    signal.addEventListener("abort", () => {
      clearTimeout(this.timer);
    });
    look();
  }

  /** An answer to what was typed before counts for nothing. */
  private async check(name: string, signal: AbortSignal): Promise<void> {
    const place = await this.source
      .place(this.workspace, toSlug(name), signal)
      .catch(() => "unknown" as const); // publishing itself will say what is wrong
    if (signal.aborted || this.name !== name) return;
    this.place = place;
    this.show();
  }
}

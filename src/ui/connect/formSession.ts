import * as l10n from "@vscode/l10n";
import { assertNever, UserError, type Fix } from "../../errors";
import {
  stepIds,
  type FormField,
  type FormState,
  type FormValues,
  type MessageToExtension,
  type MessageToForm,
  type StepId,
  type StepState,
} from "../../protocol/formMessages";
import type { FormHost, FormSuccess } from "./formHost";
import type { Log } from "../log";
import { applyFix } from "../offerFixes";
import { openExternally } from "../openExternally";
import { stepLabel } from "./stepWords";

/** The window that the form is in. */
export interface FormWindow {
  post(message: MessageToForm): void;
  close(): void;
}

/** One form from opening to closing: it holds the token between two tries, so that the form needs not. */
export class FormSession<Outcome> {
  readonly outcome: Promise<Outcome | undefined>;
  private resolve!: (outcome: Outcome | undefined) => void;
  private abort: AbortController | undefined;
  private running: Promise<unknown> = Promise.resolve();
  private isEdited = false;
  private keptToken = "";
  private hasTried = false;
  private folder: string | undefined;
  private fixes: readonly Fix[] = [];
  private success: FormSuccess<Outcome> | undefined;

  constructor(
    private readonly host: FormHost<Outcome>,
    private readonly window: FormWindow,
    private readonly initialValues: Partial<FormValues>,
    private readonly log: Log,
  ) {
    this.outcome = new Promise((resolve) => (this.resolve = resolve));
  }

  /** The repository is connected, and the form says so. */
  get isDone(): boolean {
    return this.success !== undefined;
  }

  /** Closing it would lose what was entered, or break off what is under way. */
  get holdsWork(): boolean {
    return !this.isDone && (this.isEdited || this.abort !== undefined);
  }

  handle(message: MessageToExtension): void {
    void this.answer(message).catch((error: unknown) => {
      this.showError(error);
    });
  }

  /** Shows the repository as it is now; what the person typed stays. */
  refresh(): void {
    if (this.abort || this.success) return;
    void this.showState({}).catch((error: unknown) => {
      this.showError(error);
    });
  }

  /** A connect that is under way is undone first, or was too far for that. */
  dispose(): void {
    this.abort?.abort();
    this.keptToken = "";
    const end = () => {
      this.resolve(this.success?.outcome);
    };
    this.running.then(end, end);
  }

  private async answer(message: MessageToExtension): Promise<void> {
    switch (message.type) {
      case "ready":
        return this.showState(this.initialValues);
      case "chooseFolder":
        this.folder = message.folder;
        return this.showState({});
      case "connect":
        return this.connect(message.values);
      case "cancel":
        this.abort?.abort();
        return;
      case "edited":
        this.isEdited = true;
        return;
      case "close":
        this.window.close();
        return;
      case "openTokenPage":
        return openExternally(this.host.tokenPage(message.repository, message.tokenKind));
      case "openCreatePage":
        return openExternally(this.host.createPage(message.repository));
      case "openRepositoryPage":
        return this.success && openExternally(this.success.page);
      case "fix":
        return this.fix(this.fixes[message.index], message.values);
      default:
        return assertNever(message);
    }
  }

  private async showState(values: Partial<FormValues>): Promise<void> {
    const { state, obstacle } = await this.host.describe(this.folder);
    if (obstacle) this.fixes = obstacle.fixes;
    else this.folder ??= state.folder; // it stays the form's, whatever file is looked at
    this.window.post({ type: "state", state: obstacle ? withObstacle(state, obstacle) : state, values });
  }

  /** A second press of “Connect” while one runs is the same press. */
  private async connect(values: FormValues): Promise<void> {
    if (this.abort) return;
    const secret = values.token === "" ? this.keptToken : values.token;
    this.keptToken = secret;
    this.hasTried = true;
    const abort = (this.abort = new AbortController());
    this.running = this.carryOut({ ...values, token: "" }, secret, abort.signal);
    await this.running;
  }

  private async carryOut(values: FormValues, secret: string, signal: AbortSignal): Promise<void> {
    try {
      const success = await this.host.connect(values, secret, this.reporter(), signal);
      if (success) this.succeed(success);
      else this.window.post({ type: "cancelled", tokenKept: this.keptToken !== "" });
    } finally {
      this.abort = undefined;
    }
  }

  private succeed(success: FormSuccess<Outcome>): void {
    this.keptToken = "";
    this.success = success;
    this.resolve(success.outcome);
    this.window.post({ type: "connected", message: success.message, notes: [...success.notes] });
  }

  private reporter() {
    const steps = new Map<StepId, { state: StepState; detail?: string }>(
      stepIds.map((id) => [id, { state: "waiting" }]),
    );
    return (id: StepId, state: StepState, detail?: string) => {
      steps.set(id, { state, ...(detail !== undefined && { detail }) });
      if (state !== "running") this.log.step(stepLabel(id), state);
      const all = [...steps].map(([one, step]) => ({ id: one, label: stepLabel(one), ...step }));
      this.window.post({ type: "progress", steps: all });
    };
  }

  private async fix(fix: Fix | undefined, values: FormValues): Promise<void> {
    if (!fix) return;
    await applyFix(fix, (change) => this.retry(values, change));
    if (fix.kind === "runCommand") this.refresh();
  }

  private async retry(values: FormValues, change: Readonly<Record<string, unknown>>): Promise<void> {
    if (!this.hasTried) return this.showState({});
    const changed = toFormValues(change);
    this.window.post({ type: "fill", values: changed });
    await this.connect({ ...values, ...changed });
  }

  private showError(error: unknown): void {
    if (!(error instanceof UserError)) this.log.bug("form", error);
    else this.log.failure("form", error);
    const shown = error instanceof UserError ? error : unexpected();
    this.fixes = shown.fixes;
    this.window.post({
      type: "failed",
      message: shown.message,
      fixes: shown.fixes.map((fix) => fix.title),
      tokenKept: this.keptToken !== "",
      ...(shown.field !== undefined && { field: shown.field }),
    });
  }
}

function withObstacle(state: FormState, obstacle: UserError): FormState {
  return { ...state, obstacle: { message: obstacle.message, fixes: obstacle.fixes.map((fix) => fix.title) } };
}

/** A change is worded as the command's argument; in the form “don't push” is a choice of branch. */
function toFormValues({ push, ...change }: Readonly<Record<string, unknown>>): Partial<FormValues> {
  const known: FormField[] = [
    "repository",
    "remote",
    "existingRemote",
    "branch",
    "gitAccess",
    "account",
    "takeOver",
  ];
  const entries = Object.entries(change).filter(([name]) => known.some((field) => field === name));
  return { ...Object.fromEntries(entries), ...(push === false && { branch: "" }) };
}

function unexpected(): UserError {
  return new UserError(
    "BadAnswer",
    l10n.t("Something unexpected went wrong. All changes were undone. See the log."),
    { fixes: [{ kind: "runCommand", title: l10n.t("Show log"), command: "bitbucketConnect.showLog" }] },
  );
}

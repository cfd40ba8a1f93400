import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Fix } from "../../errors";
import { toItem, type FixButton, type PickerItem } from "./repositoryPickerItems";
import type {
  PickerProblem,
  PickerRepository,
  PickerRow,
  RepositoryPickerModel,
  TypedAddress,
} from "./repositoryPickerModel";

/** Where the picker's rows come from. */
export interface PickerSource<T extends PickerRepository> {
  /** Fills the model, calling `onChange` whenever it has changed. */
  fill(onChange: () => void, signal: AbortSignal): Promise<void>;
  search(text: string, signal: AbortSignal): Promise<readonly T[]>;
  toProblem(error: unknown, retry: () => Promise<void>): PickerProblem;
  /** A text to show instead of one that holds a secret, which the source then keeps. */
  hideSecret(text: string): string | undefined;
  /** Whether the text is a token, or holds one, and names no repository. */
  isToken(text: string): boolean;
  applyFix(fix: Fix): Promise<void>;
}

export type Picked<T extends PickerRepository> =
  | { readonly kind: "repository"; readonly repository: T }
  | { readonly kind: "address"; readonly address: TypedAddress }
  /** With the token, where one was pasted into the box. */
  | { readonly kind: "addToken"; readonly pasted: string };

/** Who types is not asked about every letter. */
const typingPauseMs = 200;
/** Pages come faster than a list of thousands can be drawn. */
const renderPauseMs = 150;

/** Lets a person choose a repository to clone; undefined where they went away. */
export async function pickRepository<T extends PickerRepository>(
  model: RepositoryPickerModel<T>,
  source: PickerSource<T>,
): Promise<Picked<T> | undefined> {
  const picker = new OpenPicker(model, source);
  try {
    return await picker.choice;
  } finally {
    picker.dispose();
  }
}

class OpenPicker<T extends PickerRepository> {
  readonly choice: Promise<Picked<T> | undefined>;
  private readonly pick = vscode.window.createQuickPick<PickerItem<T>>();
  private readonly closed = new AbortController();
  private searching = new AbortController();
  private typingTimer: NodeJS.Timeout | undefined;
  private renderTimer: NodeJS.Timeout | undefined;
  private readonly items = new WeakMap<PickerRow<T>, PickerItem<T>>();

  constructor(
    private readonly model: RepositoryPickerModel<T>,
    private readonly source: PickerSource<T>,
  ) {
    this.pick.title = l10n.t("Clone from Bitbucket");
    this.pick.placeholder = l10n.t(
      "Type a repository name, or paste its URL, a git clone command, or a token",
    );
    this.pick.ignoreFocusOut = true; // an address is copied elsewhere
    this.pick.keepScrollPosition = true;
    // The editor's own order would mix the sections. https://github.com/microsoft/vscode/issues/73904
    Object.assign(this.pick, { sortByLabel: false });
    this.choice = new Promise((resolve, reject) => {
      this.pick.onDidHide(() => {
        resolve(undefined);
      });
      this.pick.onDidAccept(() => {
        this.accept(resolve, reject);
      });
      this.pick.onDidTriggerItemButton(({ button }) => {
        source.applyFix((button as FixButton).fix).catch(reject);
      });
      this.run(
        model.track(
          source.fill(() => {
            this.renderSoon();
          }, this.closed.signal),
        ),
        reject,
      );
      this.pick.onDidChangeValue((text) => {
        if (source.isToken(text)) {
          this.pick.value = ""; // it is never shown
          resolve({ kind: "addToken", pasted: text });
        } else this.type(text, reject);
      });
    });
    this.render();
    this.pick.show();
  }

  dispose(): void {
    this.closed.abort();
    this.searching.abort();
    clearTimeout(this.typingTimer);
    clearTimeout(this.renderTimer);
    this.pick.dispose();
  }

  private accept(resolve: (picked: Picked<T>) => void, reject: (error: unknown) => void): void {
    const row = this.pick.activeItems[0]?.row;
    switch (row?.kind) {
      case "repository":
        resolve({ kind: "repository", repository: row.repository });
        return;
      case "address":
        resolve({ kind: "address", address: row.address });
        return;
      case "addToken":
        resolve({ kind: "addToken", pasted: "" });
        return;
      case "problem":
        this.run(this.model.retry(row.error), reject);
        return;
      case "section":
      case "more":
      case "nothing":
      case undefined:
        return;
    }
  }

  private type(text: string, reject: (error: unknown) => void): void {
    const shown = this.source.hideSecret(text);
    if (shown !== undefined) this.pick.value = shown;
    const question = this.model.type(shown ?? text);
    this.searching.abort();
    clearTimeout(this.typingTimer);
    this.render();
    const wanted = (shown ?? text).trim();
    if (wanted.length < 2 || /[/:@\s]/.test(wanted)) return;
    this.typingTimer = setTimeout(() => {
      this.search(wanted, question).catch(reject);
    }, typingPauseMs);
  }

  private async search(text: string, question: number): Promise<void> {
    this.searching = new AbortController();
    const { signal } = this.searching;
    this.model.ask(question);
    this.render();
    try {
      this.model.answer(question, await this.source.search(text, signal));
    } catch (error) {
      if (signal.aborted) return;
      const problem = this.source.toProblem(error, () => this.search(text, question));
      this.model.answerFailed(question, problem);
    }
    this.render();
  }

  private run(work: Promise<void>, reject: (error: unknown) => void): void {
    this.renderSoon();
    work.then(() => {
      this.renderSoon();
    }, reject);
  }

  /** The first rows at once, the others together. */
  private renderSoon(): void {
    if (this.closed.signal.aborted || this.renderTimer) return;
    const pauseMs = this.pick.items.length === 0 ? 0 : renderPauseMs;
    this.renderTimer = setTimeout(() => {
      this.render();
    }, pauseMs);
  }

  /** What the person is about to choose stays chosen while rows come in above it. */
  private render(): void {
    clearTimeout(this.renderTimer);
    this.renderTimer = undefined;
    const [active] = this.pick.activeItems;
    const wasMoved = active !== undefined && active !== this.pick.items.find(isChoice);
    this.pick.items = this.model.rows().map((row) => this.itemOf(row));
    this.pick.busy = this.model.isBusy;
    const same = wasMoved ? this.pick.items.find((item) => isSame(item, active)) : undefined;
    if (same) this.pick.activeItems = [same];
  }

  private itemOf(row: PickerRow<T>): PickerItem<T> {
    const known = this.items.get(row);
    if (known) return known;
    const item = toItem(row);
    this.items.set(row, item);
    return item;
  }
}

function isChoice(item: vscode.QuickPickItem): boolean {
  return item.kind !== vscode.QuickPickItemKind.Separator;
}

function isSame<T extends PickerRepository>(one: PickerItem<T>, other: PickerItem<T>): boolean {
  if (one === other) return true;
  return one.row.kind === "repository" && other.row.kind === "repository" && one.row.key === other.row.key;
}

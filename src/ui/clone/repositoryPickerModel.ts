import { repositoryKey } from "../../bitbucket/site";
import type { UserError } from "../../errors";

/** What the picker needs to know of a repository to show it. */
export interface PickerRepository {
  readonly workspace: string;
  readonly slug: string;
  readonly description: string;
  readonly isPrivate: boolean | undefined;
  /** Milliseconds since 1970; 0 where nobody knows. */
  readonly updatedAt: number;
}

export interface PickerProblem {
  readonly error: UserError;
  readonly retry: () => Promise<void>;
}

/** An address typed or pasted. */
export interface TypedAddress {
  readonly workspace: string;
  readonly slug: string;
  readonly branch: string | undefined;
}

/** One row, without words or icons. */
export type PickerRow<T extends PickerRepository> =
  | { readonly kind: "section"; readonly workspace: string | undefined }
  | { readonly kind: "repository"; readonly key: string; readonly repository: T }
  | { readonly kind: "address"; readonly address: TypedAddress }
  | { readonly kind: "problem"; readonly error: UserError }
  | { readonly kind: "more"; readonly count: number }
  /** `fault`: why a pasted text is no address, in words. */
  | { readonly kind: "nothing"; readonly fault?: string }
  /** `isFirst`: there is none yet. */
  | { readonly kind: "addToken"; readonly isFirst: boolean };

/** Who types wants to read on, not to scroll; without a word typed all rows are there. */
const longestAnswer = 300;

interface Entry<T extends PickerRepository> {
  row: Extract<PickerRow<T>, { kind: "repository" }>;
  /** What typed words are looked for in. */
  text: string;
}

/** Pages come almost in order, so sorting again what was sorted costs little; the rest isn't touched. */
interface Shelf<T extends PickerRepository> {
  readonly entries: Entry<T>[];
  isSorted: boolean;
}

/**
 * What the picker shows, whatever shows it: repositories in sections, filtered by what is typed, and what went wrong.
 * Answers of Bitbucket to an earlier question are dropped.
 */
export class RepositoryPickerModel<T extends PickerRepository> {
  private query = "";
  private questions = 0;
  private pendingLists = 0;
  private pendingQuestion: number | undefined;
  private problems: PickerProblem[] = [];
  private readonly recent = new Set<string>();
  private readonly entries = new Map<string, Entry<T>>();
  private readonly shelves = new Map<string, Shelf<T>>();

  constructor(
    private readonly readAddress: (text: string) => TypedAddress | undefined,
    private readonly hasTokens: boolean,
    private readonly findFault: (text: string) => string | undefined = () => undefined,
  ) {}

  get isBusy(): boolean {
    return this.pendingLists > 0 || this.pendingQuestion !== undefined;
  }

  /** The newest first. They are shown before any list has come. */
  addRecent(repositories: readonly T[]): void {
    for (const repository of repositories) {
      this.recent.add(repositoryKey(repository));
      if (!this.entries.has(repositoryKey(repository))) this.put(repository);
    }
  }

  /** What is known already is replaced. */
  add(repositories: readonly T[]): void {
    for (const repository of repositories) this.put(repository);
  }

  fail(problem: PickerProblem): void {
    this.problems.push(problem);
  }

  /** Counts as busy until the work is done. */
  async track(work: Promise<void>): Promise<void> {
    this.pendingLists++;
    try {
      await work;
    } finally {
      this.pendingLists--;
    }
  }

  /** Takes the problems with these words away and tries all of them again. */
  async retry(error: UserError): Promise<void> {
    const chosen = this.problems.filter((one) => one.error.message === error.message);
    this.problems = this.problems.filter((one) => !chosen.includes(one));
    await Promise.all(chosen.map((one) => this.track(one.retry())));
  }

  /** The number of the question that the typed text is: what answers it must come with the same. */
  type(query: string): number {
    this.query = query.trim();
    this.pendingQuestion = undefined;
    return ++this.questions;
  }

  /** Bitbucket is being asked. */
  ask(question: number): void {
    if (question === this.questions) this.pendingQuestion = question;
  }

  /** False where the answer came too late. */
  answer(question: number, repositories: readonly T[]): boolean {
    if (question !== this.questions) return false;
    this.pendingQuestion = undefined;
    this.add(repositories);
    return true;
  }

  answerFailed(question: number, problem: PickerProblem): boolean {
    if (question !== this.questions) return false;
    this.pendingQuestion = undefined;
    this.fail(problem);
    return true;
  }

  rows(): readonly PickerRow<T>[] {
    const address = this.readAddress(this.query);
    const isPasted = /:\/\/|@|\s/.test(this.query);
    const found = address && isPasted ? [] : this.sections();
    const known = address && address.branch === undefined && this.entries.has(repositoryKey(address));
    const addressRow: readonly PickerRow<T>[] =
      address && (isPasted || !known) ? [{ kind: "address", address }] : [];
    const rows = [...this.problemRows(), ...found, ...addressRow, ...this.emptyRows(found, addressRow)];
    if (this.hasTokens) return rows;
    // What was typed is what the person wants; without a word, all begins with a token.
    const add = { kind: "addToken", isFirst: true } as const;
    return this.query === "" ? [add, ...rows] : [...rows, add];
  }

  private problemRows(): readonly PickerRow<T>[] {
    const byMessage = new Map(this.problems.map(({ error }) => [error.message, error]));
    return [...byMessage.values()].map((error) => ({ kind: "problem", error }));
  }

  private emptyRows(found: readonly unknown[], address: readonly unknown[]): readonly PickerRow<T>[] {
    const isEmpty = found.length === 0 && address.length === 0;
    const fault = isEmpty && /:\/\/|@/.test(this.query) ? this.findFault(this.query) : undefined;
    const nothing = { kind: "nothing", ...(fault !== undefined && { fault }) } as const;
    if (!this.hasTokens) return fault === undefined ? [] : [nothing];
    const hasAll = isEmpty && !this.isBusy && this.problems.length === 0;
    return hasAll ? [nothing, { kind: "addToken", isFirst: false }] : [];
  }

  private sections(): readonly PickerRow<T>[] {
    const words = this.query.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = ({ text }: Entry<T>) => words.every((word) => text.includes(word));
    const limit = words.length > 0 ? longestAnswer : Infinity;
    const rows: PickerRow<T>[] = [];
    let count = 0;
    for (const [workspace, entries] of this.sorted()) {
      const matching = words.length === 0 ? entries : entries.filter(matches);
      const shown = matching.slice(0, Math.max(limit - count, 0));
      count += matching.length;
      if (shown.length === 0) continue;
      rows.push({ kind: "section", workspace: workspace === recentSection ? undefined : workspace });
      for (const { row } of shown) rows.push(row);
    }
    if (count > limit) rows.push({ kind: "more", count: count - limit });
    return rows;
  }

  /** Recent ones first, then workspace by workspace, the last updated first. */
  private sorted(): readonly (readonly [workspace: string, entries: readonly Entry<T>[]])[] {
    const recent = [...this.recent].flatMap((key) => this.entries.get(key) ?? []);
    const byName = [...this.shelves].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [, shelf] of byName) {
      if (shelf.isSorted) continue;
      shelf.entries.sort((a, b) => b.row.repository.updatedAt - a.row.repository.updatedAt);
      shelf.isSorted = true;
    }
    const notRecent = byName.map(
      ([workspace, { entries }]) =>
        [
          workspace,
          this.recent.size === 0 ? entries : entries.filter((one) => !recent.includes(one)),
        ] as const,
    );
    return [[recentSection, recent], ...notRecent];
  }

  private put(repository: T): void {
    const key = repositoryKey(repository);
    const text = `${key} ${repository.description}`.toLowerCase();
    const row = { kind: "repository", key, repository } as const;
    const known = this.entries.get(key);
    const shelf = this.shelfOf(known?.row.repository.workspace ?? repository.workspace);
    shelf.isSorted = false;
    if (known) {
      Object.assign(known, { row, text });
      return;
    }
    const entry = { row, text };
    this.entries.set(key, entry);
    shelf.entries.push(entry);
  }

  private shelfOf(workspace: string): Shelf<T> {
    const name = workspace.toLowerCase();
    const known = this.shelves.get(name);
    if (known) return known;
    const shelf: Shelf<T> = { entries: [], isSorted: true };
    this.shelves.set(name, shelf);
    return shelf;
  }
}

/** No workspace has this name. */
const recentSection = "";

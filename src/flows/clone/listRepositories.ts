import type { ListedRepository, ListPage } from "../../bitbucket/repositoryListAnswers";
import { pageLength } from "../../bitbucket/repositoryListClient";
import { repositoryKey } from "../../bitbucket/site";
import { UserError } from "../../errors";
import { RequestQueue } from "./listRepositoriesQueue";
import type { TokenReach } from "./listRepositoriesReach";

/** 50,000 repositories of one workspace; what lies beyond is found by its name. */
const mostPages = 500;

/** A repository and the token that sees it. */
export interface FoundRepository extends ListedRepository {
  readonly reach: TokenReach;
}

/** A list that could not be read on: why, and how to go on where it stopped. */
export interface ListProblem {
  readonly error: UserError;
  readonly retry: () => Promise<void>;
}

/** Whoever shows the list. */
export interface ListSink {
  add(repositories: readonly FoundRepository[]): void;
  fail(problem: ListProblem): void;
}

/** One token's view of one workspace. */
interface Shelf {
  readonly reach: TokenReach;
  readonly workspace: string;
  isComplete: boolean;
}

/**
 * Reads what the tokens reach, several requests at once, and hands each page on as it comes. What fails is told and
 * can be tried again; what was read stays.
 */
export class RepositoryLister {
  private readonly queue = new RequestQueue();
  private readonly shelves = new Map<string, Shelf>();

  constructor(
    private readonly reaches: readonly TokenReach[],
    private readonly sink: ListSink,
    private readonly signal: AbortSignal,
    /** How many pages of each workspace to read. */
    private readonly pageLimit = mostPages,
  ) {}

  async listAll(): Promise<void> {
    await Promise.all(this.reaches.map((reach) => this.listReach(reach)));
  }

  /** Asks for names that hold the text, wherever the list isn't whole yet. Throws where a list is refused. */
  async search(text: string, signal: AbortSignal): Promise<readonly FoundRepository[]> {
    const open = [...this.shelves.values()].filter((shelf) => !shelf.isComplete);
    const pages = await Promise.all(
      open.map(async ({ reach, workspace }) => {
        const page = await this.queue.run(() => {
          signal.throwIfAborted();
          return reach.lists.repositories(workspace, { search: text }, signal);
        });
        return toFound(page.values, reach);
      }),
    );
    return pages.flat();
  }

  private async listReach(reach: TokenReach): Promise<void> {
    switch (reach.kind) {
      case "repository":
        await Promise.all(
          reach.repositories.map((name) =>
            this.attempt(async () => {
              this.sink.add(
                toFound([await this.ask(() => reach.lists.repository(name, this.signal))], reach),
              );
            }),
          ),
        );
        return;
      case "project":
      case "workspace":
        await this.listShelves(reach, reach.workspaces);
        return;
      case "api":
        await this.listPerson(reach);
    }
  }

  /** The workspaces that the token is used in are known beforehand, so their first page need not wait. */
  private async listPerson(reach: TokenReach): Promise<void> {
    await Promise.all([
      this.listShelves(reach, reach.workspaces),
      this.attempt(async () => {
        const slugs = await this.ask(() => reach.listWorkspaces(this.signal));
        await this.listShelves(reach, slugs);
      }),
    ]);
  }

  private async listShelves(reach: TokenReach, workspaces: readonly string[]): Promise<void> {
    const fresh = workspaces.flatMap((workspace) => {
      const key = `${this.reaches.indexOf(reach)}/${workspace.toLowerCase()}`;
      if (this.shelves.has(key)) return [];
      const shelf: Shelf = { reach, workspace, isComplete: false };
      this.shelves.set(key, shelf);
      return shelf;
    });
    await Promise.all(fresh.map((shelf) => this.attempt(() => this.listShelf(shelf))));
  }

  private async listShelf(shelf: Shelf): Promise<void> {
    const { reach, workspace } = shelf;
    const first = await this.take(shelf, () => reach.lists.repositories(workspace, {}, this.signal));
    await (first.size === undefined ? this.readOn(shelf, first.next) : this.readNumbered(shelf, first.size));
  }

  /** With their number known, pages come side by side. Each that fails is tried again alone. */
  private async readNumbered(shelf: Shelf, size: number): Promise<void> {
    const { reach, workspace } = shelf;
    const wanted = Math.ceil(size / pageLength);
    const last = Math.min(wanted, this.pageLimit);
    // After one refusal the others would be refused alike: a rate limit must not be pressed further.
    const refusals: Error[] = [];
    const missing = new Set(Array.from({ length: Math.max(last - 1, 0) }, (_, i) => i + 2));
    const readPage = async (page: number) => {
      for (const refusal of refusals) throw refusal;
      try {
        return await reach.lists.repositories(workspace, { page }, this.signal);
      } catch (error) {
        refusals.push(error instanceof Error ? error : new Error(String(error)));
        throw error;
      }
    };
    const readMissing = async () => {
      refusals.length = 0;
      await Promise.allSettled(
        [...missing].map(async (page) => {
          await this.take(shelf, () => readPage(page));
          missing.delete(page);
        }),
      );
      for (const refusal of refusals) throw refusal;
      shelf.isComplete = last === wanted;
    };
    await this.attempt(readMissing);
  }

  private async readOn(shelf: Shelf, next: string | undefined): Promise<void> {
    let following = next;
    let count = 1;
    const read = new Set<string>();
    const readRest = async () => {
      while (following !== undefined && count < this.pageLimit) {
        const url: string = following;
        const page = await this.take(shelf, () =>
          shelf.reach.lists.following(url, shelf.workspace, this.signal),
        );
        const known = read.size;
        for (const one of page.values) read.add(repositoryKey(one));
        // A page that tells nothing new is the end, wherever it leads.
        following = read.size > known ? page.next : undefined;
        count += 1;
      }
      shelf.isComplete = following === undefined;
    };
    await this.attempt(readRest);
  }

  private async take(
    { reach }: Shelf,
    request: () => Promise<ListPage<ListedRepository>>,
  ): Promise<ListPage<ListedRepository>> {
    const page = await this.ask(request);
    if (!this.signal.aborted) this.sink.add(toFound(page.values, reach));
    return page;
  }

  private ask<T>(request: () => Promise<T>): Promise<T> {
    return this.queue.run(() => {
      this.signal.throwIfAborted();
      return request();
    });
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.signal.aborted) return;
      if (!(error instanceof UserError)) throw error;
      this.sink.fail({ error, retry: () => this.attempt(work) });
    }
  }
}

function toFound(listed: readonly ListedRepository[], reach: TokenReach): readonly FoundRepository[] {
  return listed.map((repository) => ({ ...repository, reach }));
}

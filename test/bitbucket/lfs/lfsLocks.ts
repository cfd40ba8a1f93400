import { randomUUID } from "node:crypto";
import type { Repository } from "../model/world";

export interface Lock {
  readonly id: string;
  readonly path: string;
  readonly locked_at: string;
  readonly owner: { readonly name: string };
}

/** The locks of all repositories. https://github.com/git-lfs/git-lfs/blob/main/docs/api/locking.md */
export class LfsLocks {
  private readonly held = new Map<Repository, Lock[]>();

  list(repository: Repository): readonly Lock[] {
    return this.held.get(repository) ?? [];
  }

  /** The one that is in the way, where there is one. */
  add(repository: Repository, path: string, name: string): { readonly lock: Lock; readonly isNew: boolean } {
    const known = this.list(repository).find((one) => one.path === path);
    if (known) return { lock: known, isNew: false };
    const lock = { id: randomUUID(), path, locked_at: new Date().toISOString(), owner: { name } };
    this.held.set(repository, [...this.list(repository), lock]);
    return { lock, isNew: true };
  }

  remove(repository: Repository, id: string): Lock | undefined {
    const lock = this.list(repository).find((one) => one.id === id);
    this.held.set(
      repository,
      this.list(repository).filter((one) => one !== lock),
    );
    return lock;
  }
}

import type { LocalRepository } from "./localRepository";
import type { OpenGit } from "./openGit";

/**
 * A repository that the editor need not have open: Git itself makes the changes. Nothing is pushed from it, so nobody asks
 * for its branches.
 */
export class PlainRepository implements LocalRepository {
  readonly currentBranch = undefined;
  readonly hasCommits = false;

  constructor(
    readonly root: string,
    private readonly openGit: OpenGit,
  ) {}

  branches(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  addRemote(name: string, url: string): Promise<void> {
    return this.run("remote", "add", name, url);
  }

  renameRemote(name: string, newName: string): Promise<void> {
    return this.run("remote", "rename", name, newName);
  }

  setConfig(key: string, value: string): Promise<void> {
    return this.run("config", "--local", key, value);
  }

  refresh(): Promise<void> {
    return Promise.resolve();
  }

  private async run(...args: readonly string[]): Promise<void> {
    await this.openGit({ dir: this.root }).raw([...args]);
  }
}

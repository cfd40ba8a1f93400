import { execFileSync } from "node:child_process";
import type { LocalRepository } from "../../../src/git/localRepository";

/** A repository without an editor: each change is the git command that the built-in git extension runs for it. */
export class GitRepository implements LocalRepository {
  constructor(
    readonly root: string,
    private readonly before: (action: string) => void = () => undefined,
  ) {}

  get currentBranch(): string | undefined {
    return this.tryGit("symbolic-ref", "--short", "-q", "HEAD") || undefined;
  }

  get hasCommits(): boolean {
    return this.tryGit("rev-parse", "-q", "--verify", "HEAD") !== "";
  }

  branches(): Promise<readonly string[]> {
    return Promise.resolve(this.lines("for-each-ref", "--format=%(refname:short)", "refs/heads"));
  }

  addRemote(name: string, url: string): Promise<void> {
    return this.change("remote", "add", name, url);
  }

  renameRemote(name: string, newName: string): Promise<void> {
    return this.change("remote", "rename", name, newName);
  }

  setConfig(key: string, value: string): Promise<void> {
    return this.change("config", "--local", key, value);
  }

  refresh(): Promise<void> {
    return Promise.resolve();
  }

  private async change(...args: string[]): Promise<void> {
    this.before(args.join(" "));
    execFileSync("git", args, { cwd: this.root, stdio: "pipe" });
    return Promise.resolve();
  }

  private lines(...args: string[]): string[] {
    return this.tryGit(...args)
      .split("\n")
      .filter(Boolean);
  }

  private tryGit(...args: string[]): string {
    try {
      return execFileSync("git", args, { cwd: this.root, encoding: "utf8", stdio: "pipe" }).trim();
    } catch {
      return "";
    }
  }
}

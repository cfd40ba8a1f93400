import { execFileSync } from "node:child_process";
import type * as vscode from "vscode";
import { URI } from "vscode-uri";
import type { GitApiHead, GitApiRemote } from "../../../src/git/vscodeGitApi";

export interface EditorState {
  readonly HEAD: GitApiHead | undefined;
  readonly remotes: readonly GitApiRemote[];
}

/**
 * A repository as the built-in Git extension shows it: its remotes come from `.git/config` alone, without a rule, an
 * include or another level, each with one push URL; and all is as it was when `status()` was last called.
 * `editorContract.ts` holds it, and the real one, to that.
 */
export class EditorRepository {
  readonly rootUri: vscode.Uri;
  state: EditorState;

  constructor(private readonly root: string) {
    const rootUri: unknown = URI.file(root);
    this.rootUri = rootUri as vscode.Uri;
    this.state = this.read();
  }

  status(): Promise<void> {
    this.state = this.read();
    return Promise.resolve();
  }

  private read(): EditorState {
    return { HEAD: this.head(), remotes: this.remotes() };
  }

  private head(): GitApiHead | undefined {
    const name = this.git("symbolic-ref", "--short", "-q", "HEAD");
    const commit = this.git("rev-parse", "-q", "--verify", "HEAD");
    if (name === "" && commit === "") return undefined;
    const format = "--format=%(upstream:remotename)%00%(upstream:remoteref)";
    const [remote = "", merge = ""] = this.git("for-each-ref", format, `refs/heads/${name}`).split("\0");
    const counts = this.git("rev-list", "--left-right", "--count", `HEAD...${name}@{upstream}`);
    const [ahead, behind] = counts.split("\t").map(Number);
    return {
      ...(name !== "" && { name }),
      ...(commit !== "" && { commit }),
      ...(merge !== "" && { upstream: { remote, name: merge.replace(/^refs\/heads\//, "") } }),
      ...(counts !== "" && ahead !== undefined && behind !== undefined && { ahead, behind }),
    };
  }

  private remotes(): readonly GitApiRemote[] {
    const common = this.git("rev-parse", "--path-format=absolute", "--git-common-dir");
    const listed = this.git("config", "-z", "--no-includes", "--file", `${common}/config`, "--list");
    const entries = listed.split("\0").map((entry) => entry.split("\n", 2) as [string, string]);
    const values = new Map([...entries].reverse()); // the first of several
    const keys = new Set(entries.map(([key]) => key));
    const names = [...keys].flatMap((key) => /^remote\.(.+)\.url$/.exec(key)?.[1] ?? []);
    return names.map((name) => {
      const fetchUrl = values.get(`remote.${name}.url`) ?? "";
      return { name, fetchUrl, pushUrl: values.get(`remote.${name}.pushurl`) ?? fetchUrl };
    });
  }

  private git(...args: string[]): string {
    try {
      return execFileSync("git", args, { cwd: this.root, encoding: "utf8", stdio: "pipe" }).trim();
    } catch {
      return "";
    }
  }
}

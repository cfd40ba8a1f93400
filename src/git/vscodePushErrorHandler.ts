import type { RepositoryName } from "../bitbucket/site";
import type { GitApiRemote, GitApiRepository, GitPushErrorHandler } from "./vscodeGitApi";

/** A push of the editor's own to Bitbucket that failed. */
export interface FailedPush {
  readonly repository: GitApiRepository;
  readonly pushed: {
    readonly remote: string;
    readonly repository: RepositoryName;
    readonly branch: string;
    readonly target: string;
  };
  /** All that git said, as the error's message. */
  readonly error: Error;
}

/** Hands failed pushes to Bitbucket on, and leaves those to anywhere else to the editor. */
export class VscodePushErrorHandler implements GitPushErrorHandler {
  constructor(
    /** What Git pushes to by this remote, if it is on Bitbucket: the editor knows only what `.git/config` says. */
    private readonly findRepository: (root: string, remote: string) => Promise<RepositoryName | undefined>,
    /** False leaves it to the editor too. */
    private readonly explain: (failed: FailedPush) => Promise<boolean>,
  ) {}

  async handlePushError(
    repository: GitApiRepository,
    remote: GitApiRemote,
    refspec: string,
    error: Error & { readonly stderr?: string },
  ): Promise<boolean> {
    const name = await this.findRepository(repository.rootUri.fsPath, remote.name);
    if (!name) return false;
    const [branch = "", target = branch] = refspec
      .replace(/^\+/, "")
      .split(":")
      .map((ref) => ref.replace(/^refs\/heads\//, ""));
    return this.explain({
      repository,
      pushed: { remote: remote.name, repository: name, branch, target },
      error: new Error(`${error.message}\n${error.stderr ?? ""}`, { cause: error }),
    });
  }
}

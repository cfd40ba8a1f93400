import { readRemoteUrl } from "../bitbucket/address";
import type { BitbucketSite, RepositoryName } from "../bitbucket/site";
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
    private readonly site: () => BitbucketSite,
    /** False leaves it to the editor too. */
    private readonly explain: (failed: FailedPush) => Promise<boolean>,
  ) {}

  async handlePushError(
    repository: GitApiRepository,
    remote: GitApiRemote,
    refspec: string,
    error: Error & { readonly stderr?: string },
  ): Promise<boolean> {
    const address = readRemoteUrl(remote.pushUrl ?? remote.fetchUrl ?? "", this.site());
    if (!address.repository) return false;
    const [branch = "", target = branch] = refspec
      .replace(/^\+/, "")
      .split(":")
      .map((ref) => ref.replace(/^refs\/heads\//, ""));
    return this.explain({
      repository,
      pushed: { remote: remote.name, repository: address.repository, branch, target },
      error: new Error(`${error.message}\n${error.stderr ?? ""}`, { cause: error }),
    });
  }
}

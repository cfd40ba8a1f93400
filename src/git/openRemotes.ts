import type { BitbucketSite } from "../bitbucket/site";
import type { ReadRepository } from "./repository";
import type { RemoteReading } from "./remoteReading";
import { RewriteRules } from "./rewriteRules";
import type { GitApiRepository } from "./vscodeGitApi";

/** What is needed of an open repository. */
export type OpenRepository = Pick<GitApiRepository, "rootUri"> & {
  readonly state: Pick<GitApiRepository["state"], "remotes">;
};

/** The remotes of repositories that are open in the editor. */
export class OpenRemotes {
  private readonly rules = new RewriteRules();

  constructor(private readonly readRepository: ReadRepository) {}

  /** As Git has them; from memory where no rule makes those at this site other than the editor has them. */
  async of({ rootUri, state }: OpenRepository, site: BitbucketSite): Promise<readonly RemoteReading[]> {
    const root = rootUri.fsPath;
    if (await this.rules.mayDiffer(root, new URL(site.webUrl).hostname)) {
      const reading = await this.readRepository(root).catch(() => undefined); // on its way out
      if (reading) return reading.remotes;
    }
    return state.remotes.map(({ name, fetchUrl = "", pushUrl = fetchUrl }) => ({
      name,
      fetchUrl,
      pushUrls: [pushUrl],
    }));
  }
}

import type { BitbucketClient } from "../bitbucket/client";
import type { Send } from "../bitbucket/http";
import type { BitbucketSite } from "../bitbucket/site";
import type { ConnectionStore } from "../credentials/connectionStore";
import type { TokenStore } from "../credentials/tokenStore";
import type { OpenGit } from "../git/openGit";
import type { ReadRepository } from "../git/repository";

/** What flows stand on. Each part is built once, in extension.ts. */
export interface Ports {
  readonly site: BitbucketSite;
  readonly client: BitbucketClient;
  readonly send: Send;
  readonly openGit: OpenGit;
  /** What Git would do in a repository. */
  readonly readRepository: ReadRepository;
  readonly tokens: TokenStore;
  readonly connections: ConnectionStore;
  /** Makes git's way to the running extension ready and returns the value for `credential.<url>.helper`. */
  readonly prepareHelper: () => Promise<string>;
}

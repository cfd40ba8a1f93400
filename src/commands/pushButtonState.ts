import { readRemoteUrl } from "../bitbucket/address";
import type { BitbucketSite } from "../bitbucket/site";
import type { Connection } from "../credentials/connectionStore";
import type { RefusedTokens } from "../credentials/refusedTokens";
import type { StoredToken } from "../credentials/tokenStore";
import { daysLeft } from "../flows/tokens/expiryReminder";
import type { Ports } from "../flows/ports";
import { bitbucketRemotes, findPushRoute, targetOn, type PushTarget } from "../flows/push/pushTarget";
import type { BranchReading } from "../git/branchReading";
import { isDone } from "../git/gitConfigFile";
import type { OpenRemotes } from "../git/openRemotes";
import type { Author, ReadRepository, RepositoryReading } from "../git/repository";
import type { GitApiHead, GitApiRepository } from "../git/vscodeGitApi";
import type { PushButtonState } from "../ui/push/pushButton";

/** Who tells what the git API does not. */
export type ButtonPorts = Pick<Ports, "site" | "tokens" | "connections">;

/** What is kept in memory of a repository's token and connection: never the secret. */
interface KeptFacts {
  readonly token: (Pick<StoredToken, "kind" | "expires"> & { readonly isRefused: boolean }) | undefined;
  /** It was kept, and the editor has lost it. */
  readonly isTokenLost: boolean;
  /** What connecting set as `user.email`, where it did. */
  readonly addressEdit: Connection["edits"][number] | undefined;
  readonly holdsTokenOnPurpose: boolean;
}

/**
 * Reads the push button's state: where Git pushes and who its author is, counts that are in the editor's memory where the
 * branch is pushed to what it follows, and what the secret storage knows, asked once for each repository until it changes.
 */
export class PushButtonStates {
  private readonly kept = new Map<string, Promise<KeptFacts>>();

  constructor(
    private readonly refused: RefusedTokens,
    private readonly remotes: Pick<OpenRemotes, "of">,
    private readonly readRepository: ReadRepository,
  ) {}

  /** Undefined where no remote is on Bitbucket. */
  async read(
    ports: ButtonPorts,
    repository: GitApiRepository,
    now: number,
  ): Promise<PushButtonState | undefined> {
    const { HEAD } = repository.state;
    if (bitbucketRemotes(await this.remotes.of(repository, ports.site), ports.site).length === 0)
      return undefined;
    const reading = await this.readRepository(repository.rootUri.fsPath);
    const branch = HEAD?.name === undefined ? undefined : await reading.branch(HEAD.name);
    const { target, elsewhere } = findPushRoute(reading, branch, ports.site);
    if (!target) return undefined;
    const [author, facts, counts] = await Promise.all([
      reading.author(),
      this.factsOf(ports, reading, target),
      countsOf(reading, HEAD, branch, target),
    ]);
    const { remote, repository: name, displayUrl, others } = target;
    return {
      repository: name,
      remote,
      displayUrl,
      others,
      elsewhere,
      branch: HEAD?.name,
      target: HEAD?.name === undefined ? undefined : targetOn(branch, HEAD.name, remote),
      hasCommits: HEAD?.commit !== undefined,
      upstream: HEAD?.upstream && `${HEAD.upstream.remote}/${HEAD.upstream.name}`,
      ...counts,
      commitAddress: author?.email,
      ...this.describe(facts, author, now),
      holdsToken: !facts.holdsTokenOnPurpose && holdToken(ports.site, reading),
    };
  }

  private describe({ token, addressEdit, isTokenLost }: KeptFacts, author: Author | undefined, now: number) {
    return {
      isTokensAddress: !addressEdit || isDone(author === undefined ? [] : [author.email], addressEdit),
      token: token && {
        kind: token.kind,
        daysLeft: daysLeft(token.expires, now),
        isRefused: token.isRefused,
      },
      isTokenLost,
    };
  }

  /** After a change in the secret storage, the settings or what Bitbucket refuses. */
  forget(): void {
    this.kept.clear();
  }

  private factsOf(
    ports: ButtonPorts,
    { commonDir }: RepositoryReading,
    target: PushTarget,
  ): Promise<KeptFacts> {
    const { workspace, slug } = target.repository;
    const key = JSON.stringify([commonDir, ports.site.webUrl, target.remote, workspace, slug]);
    const known = this.kept.get(key) ?? this.readFacts(ports, commonDir, target);
    this.kept.set(key, known);
    known.catch(() => this.kept.delete(key)); // asked again next time
    return known;
  }

  private async readFacts(
    ports: ButtonPorts,
    commonDir: string,
    { repository, remote }: PushTarget,
  ): Promise<KeptFacts> {
    const [token, connections] = await Promise.all([
      ports.tokens.get(ports.site, repository),
      ports.connections.get(commonDir),
    ]);
    const connection = connections.find((one) => one.remote === remote);
    const addressEdit = connection?.edits.find(
      (one) => one.key === "user.email" && one.afterDigests.length > 0,
    );
    const holdsTokenOnPurpose = connection?.gitAccess === "remoteUrl";
    const isTokenLost = token === undefined && (await ports.tokens.isLost(ports.site, repository));
    return { token: token && this.pick(token), isTokenLost, addressEdit, holdsTokenOnPurpose };
  }

  private pick({ secret, kind, expires }: StoredToken): KeptFacts["token"] {
    return { kind, isRefused: this.refused.has(secret), ...(expires !== undefined && { expires }) };
  }
}

/** The editor's, which follow every commit, where the branch is pushed to what it follows. */
async function countsOf(
  reading: RepositoryReading,
  HEAD: GitApiHead | undefined,
  branch: BranchReading | undefined,
  { remote }: PushTarget,
): Promise<Pick<PushButtonState, "ahead" | "behind" | "isPublished" | "isCountedByEditor">> {
  const followed = HEAD?.upstream;
  const isElsewhere = branch !== undefined && branch.pushRemote !== remote;
  const target = branch?.pushTarget;
  const isCountedByEditor =
    !branch || isElsewhere || (followed?.remote === branch.pushRemote && followed.name === target);
  if (isCountedByEditor) {
    const { ahead = 0, behind = 0 } = HEAD ?? {};
    return { ahead, behind, isPublished: followed !== undefined, isCountedByEditor };
  }
  const counts = await reading.unpushed(HEAD?.name ?? "");
  const isPublished = counts !== undefined && followed !== undefined;
  return { ahead: counts?.ahead ?? 0, behind: counts?.behind ?? 0, isPublished, isCountedByEditor };
}

function holdToken(site: BitbucketSite, { remotes }: RepositoryReading): boolean {
  const urls = remotes.flatMap(({ fetchUrl, pushUrls }) => [fetchUrl, ...pushUrls]);
  return urls.some((url) => {
    const { repository, secret } = readRemoteUrl(url, site);
    return repository !== undefined && secret !== undefined;
  });
}

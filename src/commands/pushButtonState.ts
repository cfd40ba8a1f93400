import * as path from "node:path";
import type * as vscode from "vscode";
import { readRemoteUrl } from "../bitbucket/address";
import type { BitbucketSite } from "../bitbucket/site";
import type { Connection } from "../credentials/connectionStore";
import type { RefusedTokens } from "../credentials/refusedTokens";
import type { StoredToken } from "../credentials/tokenStore";
import { daysLeft } from "../flows/tokens/expiryReminder";
import type { Ports } from "../flows/ports";
import { findPushTarget, type PushTarget } from "../flows/push/pushTarget";
import { CommitAddresses } from "../git/commitAddress";
import { isDone } from "../git/gitConfigFile";
import { findCommonDir } from "../git/localRepository";
import type { GitApiRepository } from "../git/vscodeGitApi";
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
 * Reads the push button's state: the git API's own, which is in memory, one `stat` of `.git/config`, and what the secret
 * storage knows, asked once for each repository until it changes. No git process, no list of branches.
 */
export class PushButtonStates {
  private readonly addresses = new CommitAddresses();
  private readonly kept = new Map<string, Promise<KeptFacts>>();

  constructor(private readonly refused: RefusedTokens) {}

  /** Undefined where no remote is on Bitbucket. */
  async read(
    ports: ButtonPorts,
    repository: GitApiRepository,
    now: number,
  ): Promise<PushButtonState | undefined> {
    const { HEAD, remotes } = repository.state;
    const target = findPushTarget(remotes, [HEAD?.upstream?.remote], ports.site);
    if (!target) return undefined;
    const root = repository.rootUri.fsPath;
    const [commitAddress, facts] = await Promise.all([
      this.addresses.get(root).catch(() => undefined), // the folder may be on its way out
      this.factsOf(ports, repository.rootUri, target),
    ]);
    const { token, addressEdit } = facts;
    const { remote, repository: name, displayUrl } = target;
    return {
      repository: name,
      remote,
      displayUrl,
      branch: HEAD?.name,
      hasCommits: HEAD?.commit !== undefined,
      upstream: HEAD?.upstream && `${HEAD.upstream.remote}/${HEAD.upstream.name}`,
      ahead: HEAD?.ahead ?? 0,
      behind: HEAD?.behind ?? 0,
      commitAddress,
      isTokensAddress:
        !addressEdit || isDone(commitAddress === undefined ? [] : [commitAddress], addressEdit),
      token: token && {
        kind: token.kind,
        daysLeft: daysLeft(token.expires, now),
        isRefused: token.isRefused,
      },
      isTokenLost: facts.isTokenLost,
      holdsToken: !facts.holdsTokenOnPurpose && holdToken(ports.site, remotes),
    };
  }

  /** After a change in the secret storage, the settings or what Bitbucket refuses. */
  forget(): void {
    this.kept.clear();
  }

  private factsOf(ports: ButtonPorts, root: vscode.Uri, target: PushTarget): Promise<KeptFacts> {
    const { workspace, slug } = target.repository;
    const key = JSON.stringify([root.fsPath, ports.site.webUrl, workspace, slug]);
    const known = this.kept.get(key) ?? this.readFacts(ports, root.fsPath, target);
    this.kept.set(key, known);
    known.catch(() => this.kept.delete(key)); // asked again next time
    return known;
  }

  private async readFacts(
    ports: ButtonPorts,
    root: string,
    { repository, remote }: PushTarget,
  ): Promise<KeptFacts> {
    const commonDir = path.resolve(await findCommonDir(root));
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

function holdToken(site: BitbucketSite, remotes: GitApiRepository["state"]["remotes"]): boolean {
  const urls = remotes.flatMap(({ fetchUrl, pushUrl }) => [fetchUrl, pushUrl]);
  return urls.some((url) => {
    const { repository, secret } = readRemoteUrl(url ?? "", site);
    return repository !== undefined && secret !== undefined;
  });
}

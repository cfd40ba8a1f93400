import * as path from "node:path";
import { readRemoteUrl, type RemoteAddress } from "../../bitbucket/address";
import type { PresentedToken } from "../../bitbucket/client";
import { isSameRepository, type RepositoryName } from "../../bitbucket/site";
import type { Connection } from "../../credentials/connectionStore";
import type { StoredToken } from "../../credentials/tokenStore";
import { configFileOf, GitConfigFile } from "../../git/gitConfigFile";
import type { GitConfig } from "../../git/gitConfigText";
import type { LocalRepository } from "../../git/localRepository";
import type { RemoteReading } from "../../git/remoteReading";
import type { Author, RepositoryReading } from "../../git/repository";
import { toPresented } from "../clone/listRepositoriesReach";
import { findConnections } from "../connect/movedConnection";
import type { Ports } from "../ports";
import { findPushRoute, type PushRoute } from "../push/pushTarget";
import { isTrue, type GitSetting } from "../../git/gitSettings";
import { isReadable } from "./isReadable";
import { findEffectiveUrls, findSecretPlaces, type EffectiveUrl, type SecretPlace } from "./secretPlaces";
import { findSubmoduleUrls, findTokenUrls, presentedToken, type TokenUrl } from "./tokenUrls";

/** One value of a remote's `url` or `pushurl`. */
export interface RemoteUrl {
  readonly remote: string;
  readonly key: string;
  readonly value: string;
  readonly address: RemoteAddress;
}

/** What the branch is pushed to, and the token that git would take for it. */
export interface Subject {
  readonly repository: RepositoryName;
  readonly remote: string;
  readonly displayUrl: string;
  readonly isSsh: boolean;
  /** The token that git's configuration itself has, in the URL or elsewhere. */
  readonly inPlainText: PresentedToken | undefined;
  /** The token that is kept here or given by the environment. */
  readonly kept: StoredToken | undefined;
  readonly isFromEnvironment: boolean;
}

/** All that the checks look at, read once, without a program that the repository names. */
export interface Scene {
  readonly ports: Ports;
  readonly local: LocalRepository;
  readonly commonDir: string;
  readonly configFile: GitConfigFile;
  /** The repository's own config. */
  readonly config: GitConfig;
  /** That, and the config of this worktree where it has one. */
  readonly ownFiles: readonly GitConfigFile[];
  /** Where Git fetches from and pushes to. */
  readonly remotes: readonly RemoteReading[];
  /** Where a push of the branch goes that is checked out. */
  readonly route: PushRoute;
  /** Whose the next commit will be. */
  readonly author: Author | undefined;
  /** The whole of git's configuration for this repository. */
  readonly settings: readonly GitSetting[];
  readonly connections: readonly Connection[];
  readonly urls: readonly RemoteUrl[];
  readonly effectiveUrls: readonly EffectiveUrl[];
  readonly tokenUrls: readonly TokenUrl[];
  readonly secretPlaces: readonly SecretPlace[];
  readonly submodules: number;
  readonly subject: Subject | undefined;
}

export async function readScene(ports: Ports, local: LocalRepository): Promise<Scene> {
  const reading = await ports.readRepository(local.root);
  const { commonDir, settings } = reading;
  const configFile = configFileOf(commonDir, ports.openGit);
  const [config, connections] = await Promise.all([configFile.read(), findConnections(ports, commonDir)]);
  const branch = local.currentBranch === undefined ? undefined : await reading.branch(local.currentBranch);
  const route = findPushRoute(reading, branch, ports.site);
  const own = findTokenUrls(config, { configFile, gitDir: commonDir, site: ports.site });
  const submodules = await findSubmoduleUrls(ports, local.root, commonDir);
  const secretPlaces = findSecretPlaces(settings, commonDir, ports.site);
  return {
    ports,
    local,
    commonDir,
    configFile,
    config,
    ownFiles: await findOwnFiles(ports, reading, configFile, config),
    remotes: reading.remotes,
    route,
    author: await reading.author(),
    settings,
    connections,
    urls: readRemoteUrls(ports, config),
    effectiveUrls: findEffectiveUrls(settings, ports.site),
    tokenUrls: [...own, ...submodules.places],
    secretPlaces,
    submodules: submodules.count,
    subject: await findSubject(ports, reading, route, secretPlaces),
  };
}

function readRemoteUrls({ site }: Ports, config: GitConfig): readonly RemoteUrl[] {
  return [...config].flatMap(([key, values]) => {
    const remote = /^remote\.(.+)\.(?:url|pushurl)$/.exec(key)?.[1];
    if (remote === undefined) return [];
    return values.map((value) => ({ remote, key, value, address: readRemoteUrl(value, site) }));
  });
}

async function findOwnFiles(
  { openGit }: Ports,
  { gitDir }: RepositoryReading,
  configFile: GitConfigFile,
  config: GitConfig,
): Promise<readonly GitConfigFile[]> {
  if (!isTrue(config.get("extensions.worktreeconfig")?.at(-1) ?? "")) return [configFile];
  const file = path.join(gitDir, "config.worktree");
  return (await isReadable(file)) ? [configFile, new GitConfigFile(file, openGit)] : [configFile];
}

async function findSubject(
  ports: Ports,
  { remotes }: RepositoryReading,
  { target }: PushRoute,
  secretPlaces: readonly SecretPlace[],
): Promise<Subject | undefined> {
  if (!target) return undefined;
  const { repository, remote, displayUrl } = target;
  const places = remotes
    .find(({ name }) => name === remote)
    ?.pushUrls.map((url) => readRemoteUrl(url, ports.site));
  const address = places?.find((place) => place.repository);
  const stored = await ports.tokens.stored(ports.site, repository);
  const kept = stored ?? (await ports.tokens.fallback());
  return {
    repository,
    remote,
    displayUrl,
    isSsh: address?.isSsh ?? false,
    inPlainText: findPlainToken(repository, address && presentedToken(address), secretPlaces),
    kept,
    isFromEnvironment: kept !== undefined && stored === undefined,
  };
}

/** A header goes with every request; a helper is asked where the URL has nothing. */
function findPlainToken(
  repository: RepositoryName,
  inUrl: PresentedToken | undefined,
  secretPlaces: readonly SecretPlace[],
): PresentedToken | undefined {
  const used = secretPlaces.filter(({ repositories }) =>
    repositories.some((one) => isSameRepository(one, repository)),
  );
  const header = used.find(({ kind }) => kind === "header");
  return header?.token ?? inUrl ?? used[0]?.token;
}

/** The token that git would send, in the order in which git looks. */
export function tokenInUse(subject: Subject): PresentedToken | undefined {
  if (subject.isSsh) return undefined;
  return subject.inPlainText ?? (subject.kept && toPresented(subject.kept));
}

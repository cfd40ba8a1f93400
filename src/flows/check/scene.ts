import * as fs from "node:fs/promises";
import * as path from "node:path";
import { readRemoteUrl, type RemoteAddress } from "../../bitbucket/address";
import type { PresentedToken } from "../../bitbucket/client";
import { isSameRepository, type BitbucketSite, type RepositoryName } from "../../bitbucket/site";
import type { Connection } from "../../credentials/connectionStore";
import type { StoredToken } from "../../credentials/tokenStore";
import { configFileOf, GitConfigFile } from "../../git/gitConfigFile";
import type { GitConfig } from "../../git/gitConfigText";
import { findCommonDir, type GitRemote, type LocalRepository } from "../../git/localRepository";
import { toPresented } from "../clone/listRepositoriesReach";
import { findConnections } from "../connect/movedConnection";
import type { Ports } from "../ports";
import { findPushTarget } from "../push/pushTarget";
import { isTrue, readOwnSettings, rewrite, type GitSetting } from "../../git/gitSettings";
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
  const commonDir = await findCommonDir(local.root);
  const configFile = configFileOf(commonDir, ports.openGit);
  const [config, settings, connections] = await Promise.all([
    configFile.read(),
    readOwnSettings(ports.openGit, local.root, commonDir),
    findConnections(ports, commonDir),
  ]);
  const own = findTokenUrls(config, { configFile, gitDir: commonDir, site: ports.site });
  const submodules = await findSubmoduleUrls(ports, local.root, commonDir);
  const secretPlaces = findSecretPlaces(settings, commonDir, ports.site);
  return {
    ports,
    local,
    commonDir,
    configFile,
    config,
    ownFiles: await findOwnFiles(ports, local.root, configFile, config),
    settings,
    connections,
    urls: readRemoteUrls(ports, config),
    effectiveUrls: findEffectiveUrls(settings, ports.site),
    tokenUrls: [...own, ...submodules.places],
    secretPlaces,
    submodules: submodules.count,
    subject: await findSubject(ports, local, settings, secretPlaces),
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
  root: string,
  configFile: GitConfigFile,
  config: GitConfig,
): Promise<readonly GitConfigFile[]> {
  if (!isTrue(config.get("extensions.worktreeconfig")?.at(-1) ?? "")) return [configFile];
  const file = path.join(await findGitDir(root), "config.worktree");
  return (await isReadable(file)) ? [configFile, new GitConfigFile(file, openGit)] : [configFile];
}

/** Of this worktree, as `.git` names it where that is a file. https://git-scm.com/docs/gitrepository-layout */
async function findGitDir(root: string): Promise<string> {
  const link = await fs.readFile(path.join(root, ".git"), "utf8").catch(() => ""); // a folder
  return path.resolve(root, /^gitdir: (.+?)\r?\n?$/.exec(link)?.[1] ?? ".git");
}

async function findSubject(
  ports: Ports,
  local: LocalRepository,
  settings: readonly GitSetting[],
  secretPlaces: readonly SecretPlace[],
): Promise<Subject | undefined> {
  const follows = settings.filter(({ key }) => key === `branch.${local.currentBranch ?? ""}.remote`).at(-1);
  const remotes = toGitRemotes(settings, ports.site);
  const found = findPushTarget(remotes, [follows?.value], ports.site);
  if (!found) return undefined;
  const { repository, remote, displayUrl } = found;
  const used = remotes.find(({ name }) => name === remote);
  const address = readRemoteUrl(used?.pushUrl ?? used?.fetchUrl ?? "", ports.site);
  const stored = await ports.tokens.stored(ports.site, repository);
  const kept = stored ?? (await ports.tokens.fallback());
  return {
    repository,
    remote,
    displayUrl,
    isSsh: address.isSsh,
    inPlainText: findPlainToken(repository, presentedToken(address), secretPlaces),
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

/** As git has them in its files: what the editor shows may be behind it. A rule may make one Bitbucket's. */
function toGitRemotes(settings: readonly GitSetting[], site: BitbucketSite): readonly GitRemote[] {
  const first = (key: string) => {
    const url = settings.find((one) => one.key === key)?.value;
    if (url === undefined || readRemoteUrl(url, site).repository) return url;
    return rewrite(settings, "insteadof", url).url;
  };
  const names = new Set(
    settings.flatMap(({ key }) => /^remote\.(.+)\.(?:url|pushurl)$/.exec(key)?.[1] ?? []),
  );
  return [...names].map((name) => {
    const [fetchUrl, pushUrl] = [first(`remote.${name}.url`), first(`remote.${name}.pushurl`)];
    return { name, ...(fetchUrl !== undefined && { fetchUrl }), ...(pushUrl !== undefined && { pushUrl }) };
  });
}

/** The token that git would send, in the order in which git looks. */
export function tokenInUse(subject: Subject): PresentedToken | undefined {
  if (subject.isSsh) return undefined;
  return subject.inPlainText ?? (subject.kept && toPresented(subject.kept));
}

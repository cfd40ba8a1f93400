import { readRemoteUrl, type RemoteAddress } from "../../bitbucket/address";
import type { PresentedToken } from "../../bitbucket/client";
import type { RepositoryName } from "../../bitbucket/site";
import type { Connection } from "../../credentials/connectionStore";
import type { StoredToken } from "../../credentials/tokenStore";
import { configFileOf, type GitConfigFile } from "../../git/gitConfigFile";
import type { GitConfig } from "../../git/gitConfigText";
import { findCommonDir, type GitRemote, type LocalRepository } from "../../git/localRepository";
import { toPresented } from "../clone/listRepositoriesReach";
import type { Ports } from "../ports";
import { findPushTarget } from "../push/pushTarget";
import { readSettings, type GitSetting } from "./gitSettings";
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
  /** The token in the URL itself, where one is. */
  readonly inUrl: PresentedToken | undefined;
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
  /** The repository's own config, and its text with the comments. */
  readonly config: GitConfig;
  readonly text: string;
  /** The whole of git's configuration for this repository. */
  readonly settings: readonly GitSetting[];
  readonly connections: readonly Connection[];
  readonly urls: readonly RemoteUrl[];
  readonly tokenUrls: readonly TokenUrl[];
  readonly submodules: number;
  readonly subject: Subject | undefined;
}

export async function readScene(ports: Ports, local: LocalRepository): Promise<Scene> {
  const commonDir = await findCommonDir(local.root);
  const configFile = configFileOf(commonDir, ports.openGit);
  const [config, text, settings, connections] = await Promise.all([
    configFile.read(),
    configFile.text(),
    readSettings(ports.openGit, local.root),
    ports.connections.get(commonDir),
  ]);
  const own = findTokenUrls(config, { configFile, gitDir: commonDir, site: ports.site });
  const submodules = await findSubmoduleUrls(ports, local.root, commonDir);
  return {
    ports,
    local,
    commonDir,
    configFile,
    config,
    text,
    settings,
    connections,
    urls: readRemoteUrls(ports, config),
    tokenUrls: [...own, ...submodules.places],
    submodules: submodules.count,
    subject: await findSubject(ports, local, config),
  };
}

function readRemoteUrls({ site }: Ports, config: GitConfig): readonly RemoteUrl[] {
  return [...config].flatMap(([key, values]) => {
    const remote = /^remote\.(.+)\.(?:url|pushurl)$/.exec(key)?.[1];
    if (remote === undefined) return [];
    return values.map((value) => ({ remote, key, value, address: readRemoteUrl(value, site) }));
  });
}

async function findSubject(
  ports: Ports,
  local: LocalRepository,
  config: GitConfig,
): Promise<Subject | undefined> {
  const follows = config.get(`branch.${local.currentBranch ?? ""}.remote`)?.at(-1);
  const remotes = toGitRemotes(config);
  const found = findPushTarget(remotes, [follows], ports.site);
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
    inUrl: presentedToken(address),
    kept,
    isFromEnvironment: kept !== undefined && stored === undefined,
  };
}

/** As git has them in the file: what the editor shows may be behind it. */
function toGitRemotes(config: GitConfig): readonly GitRemote[] {
  const names = new Set(
    [...config.keys()].flatMap((key) => /^remote\.(.+)\.(?:url|pushurl)$/.exec(key)?.[1] ?? []),
  );
  return [...names].map((name) => {
    const [fetchUrl, pushUrl] = ["url", "pushurl"].map((end) => config.get(`remote.${name}.${end}`)?.[0]);
    return { name, ...(fetchUrl !== undefined && { fetchUrl }), ...(pushUrl !== undefined && { pushUrl }) };
  });
}

/** The token that git would send, in the order in which git looks. */
export function tokenInUse(subject: Subject): PresentedToken | undefined {
  if (subject.isSsh) return undefined;
  return subject.inUrl ?? (subject.kept && toPresented(subject.kept));
}

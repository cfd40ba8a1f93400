import { readRemoteUrl } from "../bitbucket/address";
import { fullName } from "../bitbucket/site";
import { hasOwnHelper } from "../credentials/gitCredential";
import { configFileOf } from "../git/gitConfigFile";
import type { GitConfig } from "../git/gitConfigText";
import { findCommonDir, readInherited, type LocalRepository } from "../git/localRepository";
import type { FormRemote, FormState } from "../protocol/formMessages";
import { freeRemoteName } from "./connect/checkConnect";
import type { Ports } from "./ports";

export type RepositoryDescription = Pick<
  FormState,
  | "remotes"
  | "freeRemote"
  | "branches"
  | "currentBranch"
  | "localEmail"
  | "inheritedEmail"
  | "hasCredentialHelper"
>;

/** The repository as it is now, as far as a person must know to connect it. */
export async function describeRepository(
  ports: Ports,
  local: LocalRepository,
): Promise<RepositoryDescription> {
  const configFile = configFileOf(await findCommonDir(local.root), ports.openGit);
  const [config, branches, inheritedEmail, hasCredentialHelper] = await Promise.all([
    configFile.read(),
    local.branches(),
    readInherited(ports.openGit, local.root, "user.email"),
    hasOwnHelper(ports.openGit, local.root),
  ]);
  const localEmail = config.get("user.email")?.at(-1);
  return {
    remotes: describeRemotes(ports, config),
    freeRemote: config.has("remote.origin.url") ? freeRemoteName(config, "bitbucket") : "origin",
    branches: local.hasCommits ? [...branches] : [],
    hasCredentialHelper,
    ...(local.hasCommits && local.currentBranch !== undefined && { currentBranch: local.currentBranch }),
    ...(localEmail !== undefined && { localEmail }),
    ...(inheritedEmail !== undefined && { inheritedEmail }),
  };
}

function describeRemotes(ports: Ports, config: GitConfig): FormRemote[] {
  return [...config].flatMap(([key, [url]]) => {
    const name = /^remote\.(.+)\.url$/.exec(key)?.[1];
    if (name === undefined || url === undefined) return [];
    const { repository, displayUrl, secret } = readRemoteUrl(url, ports.site);
    return {
      name,
      displayUrl,
      renameTo: freeRemoteName(config, `${name}-old`),
      holdsToken: secret !== undefined,
      ...(repository && { repository: fullName(repository) }),
    };
  });
}

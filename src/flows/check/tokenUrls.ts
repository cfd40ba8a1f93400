import type { Dirent } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { readRemoteUrl, type RemoteAddress } from "../../bitbucket/address";
import type { PresentedToken } from "../../bitbucket/client";
import type { BitbucketSite, RepositoryName } from "../../bitbucket/site";
import { configFileOf, GitConfigFile } from "../../git/gitConfigFile";
import type { GitConfig } from "../../git/gitConfigText";
import type { Ports } from "../ports";

/** A URL with a secret in it, in one of git's config files. */
export interface TokenUrl {
  readonly configFile: GitConfigFile;
  /** The git folder whose config it is; undefined for `.gitmodules`. */
  readonly gitDir: string | undefined;
  readonly where: "url" | "pushUrl" | "submodule";
  readonly key: string;
  readonly value: string;
  /** Undefined on another host. */
  readonly repository: RepositoryName | undefined;
  readonly displayUrl: string;
  readonly token: PresentedToken;
}

interface File {
  readonly configFile: GitConfigFile;
  readonly gitDir: string | undefined;
  readonly site: BitbucketSite;
  readonly isSubmodule?: true;
}

export function findTokenUrls(config: GitConfig, file: File): readonly TokenUrl[] {
  const { configFile, gitDir, site } = file;
  return [...config].flatMap(([key, values]) =>
    values.flatMap((value): TokenUrl[] => {
      const address = readRemoteUrl(value, site);
      const token = presentedToken(address);
      const named = whereOf(key);
      if (!token || address.isSsh || !named) return [];
      const { repository, displayUrl } = address;
      const where = file.isSubmodule ? "submodule" : named;
      return [{ configFile, gitDir, where, key, value, repository, displayUrl, token }];
    }),
  );
}

/** What a URL under this key is; undefined where git takes none. */
export function whereOf(key: string): TokenUrl["where"] | undefined {
  if (/^submodule\..+\.url$/.test(key)) return "submodule";
  // `git push -u <url>` writes the whole URL where a branch's remote goes.
  const isUrl = /^(?:remote\..+\.(?:push)?url|branch\..+\.(?:push)?remote)$/.test(key);
  if (!isUrl) return undefined;
  return /\.push[^.]*$/.test(key) ? "pushUrl" : "url";
}

/** A user name that is an e-mail address is the account that REST wants beside an API token. */
export function presentedToken({ secret, userName }: RemoteAddress): PresentedToken | undefined {
  if (secret === undefined) return undefined;
  return { secret, ...(userName?.includes("@") && { account: userName }) };
}

/** In the config of each submodule, and in the file that tells where they come from. */
export async function findSubmoduleUrls(
  ports: Ports,
  root: string,
  commonDir: string,
): Promise<{ readonly places: readonly TokenUrl[]; readonly count: number }> {
  const { openGit, site } = ports;
  const gitDirs = await findSubmodules(path.join(commonDir, "modules"));
  const files: File[] = gitDirs.map((gitDir) => ({
    configFile: configFileOf(gitDir, openGit),
    gitDir,
    site,
    isSubmodule: true,
  }));
  const gitmodules = new GitConfigFile(path.join(root, ".gitmodules"), openGit);
  files.push({ configFile: gitmodules, gitDir: undefined, site, isSubmodule: true });
  const places: TokenUrl[] = [];
  for (const file of files) {
    if (await mayHoldToken(file.configFile.file))
      places.push(...findTokenUrls(await file.configFile.read(), file));
  }
  return { places, count: gitDirs.length };
}

/** Asks git only where it may have something to tell. A link may lead out of the repository. */
async function mayHoldToken(file: string): Promise<boolean> {
  const stat = await fs.lstat(file).catch(() => undefined);
  return stat?.isFile() === true && /:\/\/[^\s/]*@/.test(await fs.readFile(file, "utf8"));
}

const deepest = 12;

/** A submodule's name may hold slashes, and a submodule may have submodules of its own. */
async function findSubmodules(folder: string, depth = 0): Promise<readonly string[]> {
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  if (depth > deepest) return [];
  const found: string[] = [];
  for (const entry of entries.filter((one) => one.isDirectory())) {
    const dir = path.join(folder, entry.name);
    const isGitDir = await fs.access(path.join(dir, "HEAD")).then(
      () => true,
      () => false,
    );
    if (isGitDir) found.push(dir);
    found.push(...(await findSubmodules(isGitDir ? path.join(dir, "modules") : dir, depth + 1)));
  }
  return found;
}

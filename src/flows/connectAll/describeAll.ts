import * as l10n from "@vscode/l10n";
import * as path from "node:path";
import { readRemoteUrl, type RemoteAddress } from "../../bitbucket/address";
import type { PresentedToken } from "../../bitbucket/client";
import { remoteUrl, type RepositoryName } from "../../bitbucket/site";
import { tokenFault, tokenHint } from "../../bitbucket/token";
import { isSame } from "../../credentials/connectionStore";
import { UserError } from "../../errors";
import { findCommonDir } from "../../git/commonDir";
import { configFileOf, isDone } from "../../git/gitConfigFile";
import { helpersFor } from "../../git/gitSettings";
import type { RepositoryReading } from "../../git/repository";
import { findConnections } from "../connect/movedConnection";
import type { Ports } from "../ports";

/** What connecting changes in a repository's config, besides our helper for its URL. */
export type PlannedChange = "appPassword" | "tokenInUrl" | "userInUrl" | "ssh" | "otherHelper";

/** A local repository with a remote on Bitbucket. */
export interface FoundRepository {
  /** As it was asked for. */
  readonly folder: string;
  readonly root: string;
  readonly commonDir: string;
  readonly remote: string;
  readonly repository: RepositoryName;
  readonly isConnected: boolean;
  readonly changes: readonly PlannedChange[];
  /** A token that may still work, from the remote's URL. */
  readonly tokenInUrl: PresentedToken | undefined;
  /** A stored token may serve it. */
  readonly hasToken: boolean;
}

export interface LeftRepository {
  readonly folder: string;
  readonly error: unknown;
}

export interface Description {
  readonly found: readonly FoundRepository[];
  readonly left: readonly LeftRepository[];
}

/** Looks at each folder's repository, and changes nothing. One that can't be read costs only itself. */
export async function describeAll(ports: Ports, folders: readonly string[]): Promise<Description> {
  const found = new Map<string, FoundRepository>();
  const left: LeftRepository[] = [];
  for (const folder of new Set(folders)) {
    try {
      const one = await describe(ports, folder);
      // Work trees of one repository share its config, and so the connection.
      if (!found.has(one.commonDir)) found.set(one.commonDir, one);
    } catch (error) {
      left.push({ folder, error });
    }
  }
  return { found: [...found.values()], left };
}

async function describe(ports: Ports, folder: string): Promise<FoundRepository> {
  const root = await findRoot(ports, folder);
  const reading = await ports.readRepository(root);
  const { remote, address, repository } = findRemote(ports, reading, folder);
  const isConnected = await isIntact(ports, root, repository);
  const candidates = await ports.tokens.candidates(ports.site, repository);
  return {
    ...{ folder, root, remote, repository, isConnected },
    commonDir: await findCommonDir(root),
    changes: changesOf(ports, reading, address, repository),
    tokenInUrl: usableToken(address),
    hasToken: candidates.length > 0,
  };
}

async function findRoot({ openGit }: Ports, folder: string): Promise<string> {
  try {
    const said = await openGit({ dir: folder }).raw(["rev-parse", "--show-toplevel"]);
    return path.resolve(said.replace(/\r?\n$/, ""));
  } catch (cause) {
    const message = l10n.t("{0} isn't a Git repository.", folder);
    throw new UserError("NotARepository", message, { field: "folders", cause });
  }
}

/** `origin` where it is on Bitbucket, else the first that is. */
function findRemote({ site }: Ports, { remotes }: RepositoryReading, folder: string) {
  const all = remotes.flatMap(({ name, fetchUrl }) => {
    const address = readRemoteUrl(fetchUrl, site);
    const { repository } = address;
    return repository ? [{ remote: name, address, repository }] : [];
  });
  const first = all.find(({ remote }) => remote === "origin") ?? all[0];
  if (first) return first;
  const message = l10n.t("{0} has no remote on Bitbucket.", folder);
  throw new UserError("InvalidRepository", message, { field: "folders" });
}

/** Connected, and nobody has changed that since. */
async function isIntact(ports: Ports, root: string, repository: RepositoryName): Promise<boolean> {
  const commonDir = await findCommonDir(root);
  const records = await findConnections(ports, commonDir);
  const record = records.find((one) => isSame(one, { ...ports.site, ...repository }));
  if (!record || !(await ports.tokens.stored(ports.site, repository))) return false;
  const config = await configFileOf(commonDir, ports.openGit).read();
  return record.edits.every((edit) => isDone(config.get(edit.key) ?? [], edit));
}

function changesOf(
  { site }: Ports,
  { settings }: RepositoryReading,
  { secret, userName, isSsh }: RemoteAddress,
  repository: RepositoryName,
): readonly PlannedChange[] {
  const isAppPassword = secret !== undefined && tokenHint(secret) === "appPassword";
  const helpers = helpersFor(settings, remoteUrl(site, repository));
  return [
    ...(isSsh ? (["ssh"] as const) : []),
    ...(isAppPassword ? (["appPassword"] as const) : []),
    ...(secret !== undefined && !isAppPassword ? (["tokenInUrl"] as const) : []),
    ...(secret === undefined && userName !== undefined && !isSsh ? (["userInUrl"] as const) : []),
    ...(helpers.length > 0 ? (["otherHelper"] as const) : []),
  ];
}

function usableToken({ secret, userName }: RemoteAddress): PresentedToken | undefined {
  if (secret === undefined || tokenFault(secret) !== undefined) return undefined;
  return { secret, ...(userName?.includes("@") && { account: userName }) };
}

import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { RepositoryName } from "../../bitbucket/site";
import type { Connection } from "../../credentials/connectionStore";
import type { GitAccess } from "../../protocol/formMessages";

/** A local repository that is connected with a token. */
export interface ConnectedFolder {
  readonly folder: string;
  readonly repository: RepositoryName;
  readonly gitAccess: GitAccess;
  readonly isGone: boolean;
}

/** Where a token is, so that a person can be told. */
export type TokenPlace =
  | { readonly kind: "secretStorage" | "ownHelper" }
  /** In plain text. */
  | { readonly kind: "configFile"; readonly folder: string }
  | { readonly kind: "environment"; readonly variable: "BITBUCKET_TOKEN" }
  | { readonly kind: "environmentFile"; readonly variable: "BITBUCKET_TOKEN_FILE"; readonly file: string };

export function toFolder({ commonDir, workspace, slug, gitAccess }: Connection): ConnectedFolder {
  const repository = { workspace, slug };
  return { folder: folderOf(commonDir), repository, gitAccess, isGone: !existsSync(commonDir) };
}

/** What a person calls the repository's folder: not its `.git`. */
export function folderOf(commonDir: string): string {
  return path.basename(commonDir) === ".git" ? path.dirname(commonDir) : commonDir;
}

/** The config is looked at, whatever the mode: somebody may have taken the token out of it, or put it in. */
export async function placesInGit(
  served: readonly Connection[],
  secret: string,
): Promise<readonly TokenPlace[]> {
  const holding: TokenPlace[] = [];
  for (const { commonDir } of served) {
    if (await holdsSecret(commonDir, secret))
      holding.push({ kind: "configFile", folder: folderOf(commonDir) });
  }
  const isHandedOver = served.some((one) => one.gitAccess === "credentialHelper");
  return [...(isHandedOver ? [{ kind: "ownHelper" } as const] : []), ...holding];
}

/** Whether a repository's config, or a copy that was left beside it, has the secret, as it is or as a URL spells it. */
export async function holdsSecret(commonDir: string, secret: string): Promise<boolean> {
  const names = await fs.readdir(commonDir).catch(() => []); // the folder is gone
  for (const name of names.filter((one) => /^config(?:$|\.)/.test(one))) {
    const text = await fs.readFile(path.join(commonDir, name), "utf8").catch(() => "");
    if (text.includes(secret) || text.includes(encodeURIComponent(secret))) return true;
  }
  return false;
}

import * as fs from "node:fs/promises";
import { tokenFault, tokenHint } from "../bitbucket/token";
import type { StoredToken } from "./tokenStore";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * For containers, where secrets don't outlive the container: a token in `BITBUCKET_TOKEN`, or in the file that
 * `BITBUCKET_TOKEN_FILE` names. It is read at each use, never kept, and serves where nothing is stored for a
 * repository. What is no token counts as absent: the
 * variable may be another tool's. Its kind shows in its prefix; `BITBUCKET_ACCOUNT` is the Atlassian e-mail for an API token.
 */
export async function readEnvironmentToken(env: Environment = process.env): Promise<StoredToken | undefined> {
  const text = env["BITBUCKET_TOKEN"] ?? (await readTokenFile(env["BITBUCKET_TOKEN_FILE"]));
  const secret = text?.trim() ?? "";
  if (tokenFault(secret) !== undefined) return undefined;
  const account = env["BITBUCKET_ACCOUNT"]?.trim();
  return {
    secret,
    kind: tokenHint(secret) === "api" ? "api" : "repository",
    scopes: [],
    savedAt: new Date(0).toISOString(),
    ...(account && { account }),
  };
}

async function readTokenFile(file: string | undefined): Promise<string | undefined> {
  return file ? fs.readFile(file, "utf8").catch(() => undefined) : undefined; // no file, no token
}

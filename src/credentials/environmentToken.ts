import * as fs from "node:fs/promises";
import { readSignIn } from "../bitbucket/pastedSignIn";
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
  const text = env["BITBUCKET_TOKEN"]?.trim() || (await readTokenFile(env["BITBUCKET_TOKEN_FILE"]));
  const signIn = readSignIn(text ?? "", undefined);
  const secret = signIn?.password ?? text?.trim() ?? "";
  if (tokenFault(secret) !== undefined) return undefined;
  const account = env["BITBUCKET_ACCOUNT"]?.trim() || emailIn(signIn?.userName);
  return {
    secret,
    kind: tokenHint(secret) === "api" ? "api" : "repository",
    scopes: [],
    savedAt: new Date(0).toISOString(),
    ...(account && { account }),
  };
}

function emailIn(userName: string | undefined): string | undefined {
  return userName?.includes("@") ? userName : undefined;
}

/** A token and a user name, with room to spare. */
const maxFileBytes = 16_384;

/** No small regular file, no token: a pipe would never end, and a huge file fill the memory. */
async function readTokenFile(file: string | undefined): Promise<string | undefined> {
  if (!file) return undefined;
  const stat = await fs.stat(file).catch(() => undefined);
  if (!stat?.isFile() || stat.size > maxFileBytes) return undefined;
  const text = await fs.readFile(file, "utf8").catch(() => undefined);
  return text?.trim();
}

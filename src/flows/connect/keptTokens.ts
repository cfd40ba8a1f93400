import { fullName, type RepositoryName } from "../../bitbucket/site";
import { withRefused } from "../../credentials/tokenReach";
import type { StoredToken } from "../../credentials/tokenStore";
import { UserError } from "../../errors";
import { findKeptToken, type KeptToken } from "../../protocol/keptTokens";
import { readReaches, type TokenReach } from "../clone/listRepositoriesReach";
import type { Ports } from "../ports";
import { tokenId } from "../tokens/describeTokens";
import { isNoAccess } from "../tokens/findServingToken";

interface StoredKeptToken extends KeptToken {
  readonly stored: StoredToken;
}

/** How long the form waits to know where a person's token has access. */
const askTimeoutMs = 1_000;
/** Asked once while the window is open: not every token may be asked. */
const asked = new Set<string>();

/** The stored tokens, as the form offers them. */
export async function listKeptTokens(ports: Ports): Promise<readonly KeptToken[]> {
  await Promise.all((await readReaches(ports)).map(askWorkspaces));
  const [reaches, fallback] = await readAll(ports);
  return [...reaches.map(toKept), ...(fallback ? [toKeptFallback(fallback)] : [])];
}

/** The token that the form has offered for a repository, `workspace/slug`. */
export async function keptTokenFor(ports: Ports, repository: string): Promise<StoredToken | undefined> {
  return findKeptToken(await readKept(ports), repository)?.token.stored;
}

/** A stored token that was refused for a repository is not offered for it again. */
export async function noteRefusal(
  { tokens, site }: Ports,
  { secret }: StoredToken,
  repository: RepositoryName,
  error: unknown,
): Promise<void> {
  if (!(error instanceof UserError) || !isNoAccess(error) || error.code === "TokenLacksScope") return;
  const isStored = (await tokens.all(site)).some(({ token }) => token.secret === secret);
  const isConnected = (await tokens.stored(site, repository))?.secret === secret;
  if (isStored && !isConnected) await tokens.learn(secret, (reach) => withRefused(reach, repository));
}

/** A person's token may be limited to one workspace: its kind doesn't tell. */
async function askWorkspaces({ kind, stored, isBounded, listWorkspaces }: TokenReach): Promise<void> {
  if (kind !== "api" || isBounded || asked.has(tokenId(stored))) return;
  asked.add(tokenId(stored));
  await listWorkspaces(AbortSignal.timeout(askTimeoutMs)).catch(() => undefined); // it is offered all the same
}

async function readKept(ports: Ports): Promise<readonly StoredKeptToken[]> {
  const [reaches, fallback] = await readAll(ports);
  return [
    ...reaches.map((reach) => ({ ...toKept(reach), stored: reach.stored })),
    ...(fallback ? [{ ...toKeptFallback(fallback), stored: fallback }] : []),
  ];
}

function readAll(ports: Ports) {
  return Promise.all([readReaches(ports), ports.tokens.fallback()]);
}

function toKeptFallback({ kind }: StoredToken): KeptToken {
  return { kind, repositories: [] };
}

/** What is known from elsewhere than its repositories is said where there is something to say. */
function toKept({ kind, repositories, workspaces, isBounded, refused }: TokenReach): KeptToken {
  const isTold = workspaces.some((workspace) => repositories.every((one) => one.workspace !== workspace));
  return {
    ...{ kind, repositories: repositories.map(fullName) },
    ...(isTold && { workspaces }),
    ...(isBounded && kind === "api" && { isBounded }),
    ...(refused.length > 0 && { refused }),
  };
}

import { repositoryKey, type RepositoryName } from "../../bitbucket/site";
import { withReached, withRefused, type KnownToken } from "../../credentials/tokenReach";
import type { StoredToken } from "../../credentials/tokenStore";
import { UserError } from "../../errors";
import type { Ports } from "../ports";
import { findServingToken, isNoAccess } from "./findServingToken";

type ServingPorts = Pick<Ports, "site" | "client" | "tokens">;

/** Git waits meanwhile, and asks the person itself where this takes longer. */
const askTimeoutMs = 5_000;

/**
 * Serves Git for repositories that have no token of their own: the stored token that Bitbucket says reads the repository.
 * Bitbucket is asked once for each repository; later only the one token is read, so that a thousand others cost nothing.
 */
export class ReachingTokens {
  private readonly serving = new Map<string, KnownToken>();
  private readonly asking = new Map<string, Promise<StoredToken | undefined>>();

  /** `open` is called at each question: settings may change. */
  constructor(private readonly open: () => ServingPorts) {}

  /** Questions about one repository at once are one question. */
  find(repository: RepositoryName): Promise<StoredToken | undefined> {
    const ports = this.open();
    const key = keyOf(ports, repository);
    const asked = this.asking.get(key) ?? this.ask(ports, repository);
    this.asking.set(key, asked);
    return asked.finally(() => this.asking.delete(key));
  }

  /** Bitbucket refused what Git was given for this repository, so it isn't given again. */
  async noteRefusal(repository: RepositoryName, secret: string): Promise<void> {
    const ports = this.open();
    this.serving.delete(keyOf(ports, repository));
    const candidates = await ports.tokens.candidates(ports.site, repository);
    if (candidates.some(({ source, token }) => source === "stored" && token.secret === secret))
      await ports.tokens.learn(secret, (reach) => withRefused(reach, repository));
  }

  private async ask(ports: ServingPorts, repository: RepositoryName): Promise<StoredToken | undefined> {
    const known = this.serving.get(keyOf(ports, repository));
    if (known && (await isStillStored(ports, known))) return known.token;
    const signal = AbortSignal.timeout(askTimeoutMs);
    try {
      const found = await findServingToken(ports, repository, (token) =>
        ports.client.verifyToken(repository, token, signal),
      );
      if (!found) return undefined;
      await this.remember(ports, repository, found.candidate);
      return found.candidate.token;
    } catch (error) {
      if (!(error instanceof UserError) || isNoAccess(error)) return undefined;
      return likeliest(ports, repository); // Bitbucket's REST can't be reached now, while Git may be
    }
  }

  private async remember(ports: ServingPorts, repository: RepositoryName, known: KnownToken): Promise<void> {
    if (known.source !== "stored") return;
    this.serving.set(keyOf(ports, repository), known);
    await ports.tokens.learn(known.token.secret, (reach) => withReached(reach, repository));
  }
}

function keyOf({ site }: ServingPorts, repository: RepositoryName): string {
  return `${site.webUrl}/${repositoryKey(repository)}`;
}

async function isStillStored(
  { site, tokens }: ServingPorts,
  { token, repositories: [first] }: KnownToken,
): Promise<boolean> {
  const places = [tokens.added(site, token.secret), ...(first ? [tokens.stored(site, first)] : [])];
  return (await Promise.all(places)).some((stored) => stored?.secret === token.secret);
}

async function likeliest({ site, tokens }: ServingPorts, repository: RepositoryName) {
  const [first] = await tokens.candidates(site, repository);
  return first && (first.isSure || first.source === "environment") ? first.token : undefined;
}

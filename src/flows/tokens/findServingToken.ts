import type { PresentedToken, VerifiedToken } from "../../bitbucket/client";
import type { RepositoryName } from "../../bitbucket/site";
import { withReached, withRefused, type Candidate } from "../../credentials/tokenReach";
import { UserError } from "../../errors";
import { toPresented } from "../clone/listRepositoriesReach";
import type { Ports } from "../ports";

export interface ServingToken<Proof> {
  readonly candidate: Candidate;
  readonly proof: Proof;
}

/**
 * The stored token that serves a repository, as `prove` has it from Bitbucket: the likeliest is asked first, and what the
 * answers tell is written down, so that a token is refused for a repository once. Undefined where none serves it. Throws
 * what is no answer about a token, and what is wrong with the environment's, which is the last.
 */
export async function findServingToken<Proof extends VerifiedToken>(
  ports: Pick<Ports, "site" | "tokens">,
  repository: RepositoryName,
  prove: (token: PresentedToken) => Promise<Proof>,
): Promise<ServingToken<Proof> | undefined> {
  for (const candidate of await ports.tokens.candidates(ports.site, repository)) {
    const { source, token, isSure } = candidate;
    try {
      const proof = await prove(toPresented(token));
      if (source === "stored" && !isSure)
        await ports.tokens.learn(token.secret, (reach) => withReached(reach, proof.repository));
      return { candidate, proof };
    } catch (error) {
      if (source === "environment" || !(error instanceof UserError) || !isNoAccess(error)) throw error;
      if (isRefusal(error, isSure))
        await ports.tokens.learn(token.secret, (reach) => withRefused(reach, repository));
    }
  }
  return undefined;
}

/** Another token may have access. */
export function isNoAccess({ code }: UserError): boolean {
  return ["TokenRejected", "TokenLacksScope", "RepositoryNotFound", "WrongRepository"].includes(code);
}

/** A token that worked here and is rejected has ended: that tells nothing of this repository. */
function isRefusal({ code }: UserError, isSure: boolean): boolean {
  return code === "RepositoryNotFound" || code === "WrongRepository" || (code === "TokenRejected" && !isSure);
}

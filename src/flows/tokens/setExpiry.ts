import { findAdded, findDescribed, siteOf, type TokenDescription } from "./describeTokens";
import type { Ports } from "../ports";

/** Writes down a token's last day (an ISO date), as the person read it on Bitbucket; undefined where it has none. */
export async function setExpiry(
  ports: Ports,
  token: TokenDescription,
  expires: string | undefined,
): Promise<void> {
  if (token.source !== "stored") return;
  const added = await findAdded(ports, token);
  if (added) await ports.tokens.add(siteOf(ports, token), { ...added.token, expires });
  for (const repository of token.repositories) {
    const stored = await findDescribed(ports, token, repository);
    if (!stored) continue; // replaced meanwhile: the new one has a day of its own
    await ports.tokens.save(siteOf(ports, token), repository, { ...stored, expires });
  }
}

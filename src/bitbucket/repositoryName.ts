import { invalidRepository } from "./addressFault";
import type { BitbucketSite, RepositoryName } from "./site";

/**
 * The two names as they stand in an address, `.git` dropped. Nothing is decoded: names hold no letter that needs
 * it, so an encoded slash or dot is refused. Throws InvalidRepository.
 */
export function toRepositoryName(workspace: string, slug: string, site: BitbucketSite): RepositoryName {
  const name = slug.replace(/\.git$/i, "");
  if (isDots(workspace) || isDots(slug) || isDots(name))
    throw invalidRepository({ kind: "dotSegment" }, site);
  if (isUuid(workspace) || isUuid(name)) throw invalidRepository({ kind: "uuid" }, site);
  // Bitbucket's own limits are lower (62 for a slug) and may grow.
  if (!/^[\w-]{1,128}$/.test(workspace)) throw invalidRepository({ kind: "badWorkspace" }, site);
  if (!/^[\w.-]{1,128}$/.test(name)) throw invalidRepository({ kind: "badSlug" }, site);
  return { workspace, slug: name };
}

function isDots(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(segment);
}

function isUuid(segment: string): boolean {
  return /^(?:\{|%7b)[0-9a-f-]+(?:\}|%7d)$/i.test(segment);
}

import { readRemoteUrl } from "../../bitbucket/address";
import { isSameRepository } from "../../bitbucket/site";
import { isSame, type Connection } from "../../credentials/connectionStore";
import { isDone } from "../../git/gitConfigFile";
import type { Ports } from "../ports";
import type { PushedBranch } from "../push/planPush";
import type { GitSetting } from "../../git/gitSettings";
import { findSecretPlaces } from "./secretPlaces";
import { presentedToken } from "./tokenUrls";

/**
 * git pushes with a token that stands in its own configuration, and that replacing the kept one leaves there: in a URL
 * that a person set, a header, a rule or a helper.
 */
export async function hasPlainToken(
  ports: Ports,
  root: string,
  { remote, repository }: Pick<PushedBranch, "remote" | "repository">,
): Promise<boolean> {
  const { commonDir, settings } = await ports.readRepository(root);
  const places = findSecretPlaces(settings, commonDir, ports.site);
  if (places.some(({ repositories }) => repositories.some((one) => isSameRepository(one, repository))))
    return true;
  const [pushUrls, urls] = ["pushurl", "url"].map((end) => valuesOf(settings, `remote.${remote}.${end}`));
  const used = pushUrls?.length ? pushUrls : (urls ?? []);
  if (!used.some((url) => presentedToken(readRemoteUrl(url, ports.site)))) return false;
  const records = await ports.connections.get(commonDir);
  const record = records.find((one) => isSame(one, { ...ports.site, ...repository }));
  return used !== urls || !record || !isOurs(record, remote, used);
}

/** Connecting put it there, and nobody has changed it since: then replacing does so too. */
function isOurs({ gitAccess, edits }: Connection, remote: string, urls: readonly string[]): boolean {
  const left = edits.find(({ key }) => key === `remote.${remote}.url`);
  return gitAccess === "remoteUrl" && left !== undefined && isDone(urls, left);
}

function valuesOf(settings: readonly GitSetting[], key: string): readonly string[] {
  return settings.filter((one) => one.key === key).map(({ value }) => value);
}

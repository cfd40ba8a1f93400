import { readRemoteUrl } from "../bitbucket/address";
import { fullName } from "../bitbucket/site";
import { hasOwnHelper } from "../git/gitSettings";
import type { LocalRepository } from "../git/localRepository";
import type { RemoteReading } from "../git/remoteReading";
import type { FormRemote, FormState } from "../protocol/formMessages";
import { freeRemoteName } from "./connect/checkConnect";
import type { Ports } from "./ports";

export type RepositoryDescription = Pick<
  FormState,
  | "remotes"
  | "freeRemote"
  | "branches"
  | "currentBranch"
  | "localEmail"
  | "inheritedEmail"
  | "author"
  | "isAuthorFixed"
  | "hasCredentialHelper"
>;

/** The repository as it is now, as far as a person must know to connect it. */
export async function describeRepository(
  ports: Ports,
  local: LocalRepository,
): Promise<RepositoryDescription> {
  const reading = await ports.readRepository(local.root);
  const [author, branches] = await Promise.all([reading.author(), local.branches()]);
  const { settings, remotes } = reading;
  const emails = settings.filter(({ key }) => key === "user.email");
  const localEmail = emails.findLast(({ isOwn }) => isOwn)?.value;
  const inheritedEmail = emails.findLast(({ isOwn }) => !isOwn)?.value;
  return {
    remotes: remotes.map((remote) => describeRemote(ports, remotes, remote)),
    freeRemote: freeRemoteName(
      remotes,
      remotes.some(({ name }) => name === "origin") ? "bitbucket" : "origin",
    ),
    branches: local.hasCommits ? [...branches] : [],
    hasCredentialHelper: hasOwnHelper(settings, `${ports.site.webUrl}/`),
    ...(local.hasCommits && local.currentBranch !== undefined && { currentBranch: local.currentBranch }),
    ...(localEmail !== undefined && { localEmail }),
    ...(author && { author }),
    isAuthorFixed: settings.some(({ key, value }) => key === "author.email" && value !== ""),
    ...(inheritedEmail !== undefined && { inheritedEmail }),
  };
}

function describeRemote(
  { site }: Ports,
  remotes: readonly RemoteReading[],
  { name, fetchUrl, pushUrls }: RemoteReading,
): FormRemote {
  const { repository, displayUrl } = readRemoteUrl(fetchUrl, site);
  return {
    name,
    displayUrl,
    renameTo: freeRemoteName(remotes, `${name}-old`),
    holdsToken: [fetchUrl, ...pushUrls].some((url) => readRemoteUrl(url, site).secret !== undefined),
    ...(repository && { repository: fullName(repository) }),
  };
}

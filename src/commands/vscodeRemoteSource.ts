import * as l10n from "@vscode/l10n";
import { parseAddress } from "../bitbucket/address";
import { remoteUrl } from "../bitbucket/site";
import { UserError } from "../errors";
import { recentConnections } from "../flows/clone/cloneRecord";
import { RepositoryLister, type FoundRepository } from "../flows/clone/listRepositories";
import { readReaches, type TokenReach } from "../flows/clone/listRepositoriesReach";
import type { Ports } from "../flows/ports";
import type { GitApi, GitRemoteSource, GitRemoteSourceProvider } from "../git/vscodeGitApi";
import type { CommandContext } from "./context";
import type { Own } from "./whenGitIsThere";

/** Enough for a first look; whoever types on asks Bitbucket itself. */
const pagesAtFirst = 1;

/** Puts the repositories that the tokens reach into the built-in “Git: Clone”. */
export function registerRemoteSource(context: CommandContext, git: GitApi, own: Own): void {
  own(git.registerRemoteSourceProvider(createProvider(() => context.createPorts(git))));
}

function createProvider(openPorts: () => Promise<Ports>): GitRemoteSourceProvider {
  return {
    name: "Bitbucket",
    icon: "repo",
    supportsQuery: true,
    getRemoteSources: async (query) => {
      const ports = await openPorts();
      const found = await find(await readReaches(ports), query?.trim() ?? "");
      return found.map((repository) => toSource(ports, repository));
    },
    getRecentRemoteSources: async () => {
      const ports = await openPorts();
      return (await recentConnections(ports)).map((connection) => ({
        name: `${connection.workspace}/${connection.slug}`,
        icon: "repo",
        url: remoteUrl(ports.site, connection),
        timestamp: connection.startedAt,
      }));
    },
    getBranches: async (url) => branchesOf(await openPorts(), url),
  };
}

/** What the lists have within one page each, and what Bitbucket finds beyond. What failed is told where nothing came. */
async function find(reaches: readonly TokenReach[], query: string): Promise<readonly FoundRepository[]> {
  const found = new Map<string, FoundRepository>();
  const errors: UserError[] = [];
  const { signal } = new AbortController();
  const add = (repositories: readonly FoundRepository[]) => {
    for (const one of repositories) found.set(`${one.workspace}/${one.slug}`.toLowerCase(), one);
  };
  const lister = new RepositoryLister(
    reaches,
    { add, fail: ({ error }) => errors.push(error) },
    signal,
    pagesAtFirst,
  );
  await lister.listAll();
  if (query !== "") add(await lister.search(query, signal));
  const [error] = errors;
  if (found.size === 0 && error) throw error;
  const wanted = query.toLowerCase();
  return [...found.entries()].filter(([name]) => name.includes(wanted)).map(([, repository]) => repository);
}

function toSource({ site }: Ports, repository: FoundRepository): GitRemoteSource {
  const { workspace, slug, description, isPrivate } = repository;
  return {
    name: `${workspace}/${slug}`,
    description: isPrivate ? l10n.t("private") : l10n.t("public"),
    icon: isPrivate ? "lock" : "repo",
    url: remoteUrl(site, repository),
    ...(description !== "" && { detail: description }),
  };
}

async function branchesOf(ports: Ports, url: string): Promise<string[]> {
  const { repository } = parseAddress(url, ports.site);
  const { signal } = new AbortController();
  for (const reach of await readReaches(ports)) {
    const branches = await reach.lists.branches(repository, signal).catch((error: unknown) => {
      if (error instanceof UserError) return undefined; // another token may see it
      throw error;
    });
    if (branches) return [...branches];
  }
  return [];
}

import { parseAddress, tryParseAddress } from "../bitbucket/address";
import type { PresentedToken } from "../bitbucket/client";
import { fullName, isNameOf, type RepositoryName } from "../bitbucket/site";
import { parseSnippet } from "../bitbucket/snippet";
import { problemOf, UserError } from "../errors";
import { recentConnections } from "../flows/clone/cloneRecord";
import { RepositoryLister } from "../flows/clone/listRepositories";
import { readReaches, type TokenReach } from "../flows/clone/listRepositoriesReach";
import type { Ports } from "../flows/ports";
import { applyFix } from "../ui/offerFixes";
import { pickRepository, type PickerSource } from "../ui/clone/repositoryPicker";
import { RepositoryPickerModel, type PickerRepository } from "../ui/clone/repositoryPickerModel";

/** What the picker found out about the repository to clone. */
export interface ChosenRepository {
  readonly repository: RepositoryName;
  readonly branch?: string | undefined;
  readonly pullRequest?: number | undefined;
  /** Known where a list had it; an empty repository has none. */
  readonly mainBranch?: string | undefined;
  readonly reach?: TokenReach | undefined;
  readonly token?: PresentedToken | undefined;
}

interface Candidate extends PickerRepository {
  readonly mainBranch?: string | undefined;
  readonly reach?: TokenReach;
}

const recentCount = 5;

/** The repository that a person picks, “connect” where they have no token yet, undefined where they went away. */
export async function chooseRepository(ports: Ports): Promise<ChosenRepository | "connect" | undefined> {
  const reaches = await readReaches(ports);
  const pasted = new PastedLine(ports);
  const model = new RepositoryPickerModel<Candidate>(
    (text) => pasted.readAddress(text),
    reaches.length > 0,
    (text) => problemOf(() => parseAddress(text, ports.site)),
  );
  const picked = await pickRepository(model, createSource(ports, reaches, model, pasted));
  switch (picked?.kind) {
    case undefined:
      return undefined;
    case "connect":
      return "connect";
    case "address":
      return pasted.toChosen(picked.address);
    case "repository": {
      const { workspace, slug, mainBranch, reach } = picked.repository;
      const withPasted = pasted.toChosen({ workspace, slug, branch: undefined });
      // It was shown once, and may do more than the token with which the repository was found.
      return withPasted.token ? withPasted : { repository: { workspace, slug }, mainBranch, reach };
    }
  }
}

function createSource(
  ports: Ports,
  reaches: readonly TokenReach[],
  model: RepositoryPickerModel<Candidate>,
  pasted: PastedLine,
): PickerSource<Candidate> {
  let lister: RepositoryLister | undefined;
  return {
    fill: async (onChange, signal) => {
      model.addRecent(await recentCandidates(ports));
      onChange();
      const sink = {
        add: (repositories: readonly Candidate[]) => {
          model.add(repositories);
          onChange();
        },
        fail: (problem: Parameters<typeof model.fail>[0]) => {
          model.fail(problem);
          onChange();
        },
      };
      lister = new RepositoryLister(reaches, sink, signal);
      await lister.listAll();
    },
    search: async (text, signal) => (await lister?.search(text, signal)) ?? [],
    toProblem: (error, retry) => {
      if (error instanceof UserError) return { error, retry };
      throw error;
    },
    hideSecret: (text) => pasted.hide(text),
    applyFix: (fix) => applyFix(fix, () => Promise.resolve()),
  };
}

async function recentCandidates(ports: Ports): Promise<readonly Candidate[]> {
  const connections = await recentConnections(ports);
  return connections.slice(0, recentCount).map(({ workspace, slug }) => ({
    workspace,
    slug,
    description: "",
    isPrivate: undefined,
    updatedAt: 0,
  }));
}

/** A line pasted with its token in it: the picker shows the repository's name, and the token stays here. */
class PastedLine {
  private held:
    { readonly name: string; readonly token: PresentedToken; readonly branch?: string } | undefined;

  constructor(private readonly ports: Ports) {}

  hide(text: string): string | undefined {
    const { token, repository, branch } = parseSnippet(text, this.ports.site);
    if (token === undefined || !repository) return undefined;
    const name = fullName(repository);
    this.held = { name, token: { secret: token }, ...(branch !== undefined && { branch }) };
    return name;
  }

  readAddress(text: string) {
    if (!/[/:]/.test(text)) return undefined;
    const address = tryParseAddress(text, this.ports.site);
    return (
      address && {
        ...address.repository,
        branch: address.branch ?? this.heldFor(address.repository)?.branch,
        pullRequest: address.pullRequest,
      }
    );
  }

  toChosen(
    address: RepositoryName & { branch: string | undefined; pullRequest?: number | undefined },
  ): ChosenRepository {
    const { workspace, slug, branch, pullRequest } = address;
    const repository = { workspace, slug };
    return { repository, branch, pullRequest, token: this.heldFor(repository)?.token };
  }

  private heldFor(repository: RepositoryName) {
    return isNameOf(this.held?.name, repository) ? this.held : undefined;
  }
}

import { parseAddress, tryParseAddress } from "../bitbucket/address";
import type { PresentedToken } from "../bitbucket/client";
import { fullName, isNameOf, isSameRepository, type RepositoryName } from "../bitbucket/site";
import { holdsToken, parseSnippet } from "../bitbucket/snippet";
import { problemOf, UserError } from "../errors";
import { recentConnections } from "../flows/clone/cloneRecord";
import { RepositoryLister } from "../flows/clone/listRepositories";
import { readReaches, type TokenReach } from "../flows/clone/listRepositoriesReach";
import type { Ports } from "../flows/ports";
import type { StoredToken } from "../credentials/tokenStore";
import type { TokenJob } from "../ui/tokens/addTokenBoxes";
import { tellAdded } from "./tellToken";
import { askNewToken } from "./addTokenSteps";
import { applyFix } from "../ui/offerFixes";
import { pickRepository, type Picked, type PickerSource } from "../ui/clone/repositoryPicker";
import { RepositoryPickerModel, type PickerRepository } from "../ui/clone/repositoryPickerModel";

/** What is known about the repository to clone. */
export interface ChosenRepository {
  readonly repository: RepositoryName;
  readonly branch?: string | undefined;
  readonly pullRequest?: number | undefined;
  /** Known where a list had it; an empty repository has none. */
  readonly mainBranch?: string | undefined;
  readonly reach?: TokenReach | undefined;
  /** Not checked yet: given by whoever calls. */
  readonly token?: PresentedToken | undefined;
  /** Just added, for this very repository. */
  readonly added?: StoredToken | undefined;
}

interface Candidate extends PickerRepository {
  readonly mainBranch?: string | undefined;
  readonly reach?: TokenReach;
}

const recentCount = 5;

const job: TokenJob = { needs: ["repository"] };

/** The repository that a person picks, with a token that they may add on the way. Undefined where they went away. */
export async function chooseRepository(ports: Ports): Promise<ChosenRepository | undefined> {
  for (;;) {
    const chosen = await pickOnce(ports);
    if (chosen?.kind !== "addToken") return chosen;
    const added = await askNewToken(ports, job, chosen.pasted);
    if (!added) return undefined;
    tellAdded(ports, added);
  }
}

type Chosen =
  (ChosenRepository & { readonly kind?: never }) | Extract<Picked<Candidate>, { kind: "addToken" }>;

async function pickOnce(ports: Ports): Promise<Chosen | undefined> {
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
    case "addToken":
      return picked;
    case "address":
      return withToken(ports, pasted, picked.address);
    case "repository": {
      const { workspace, slug, mainBranch, reach } = picked.repository;
      const repository = { workspace, slug };
      // What was pasted may do more than the token with which the repository was found.
      return pasted.textFor(repository) === undefined
        ? { repository, mainBranch, reach }
        : withToken(ports, pasted, { ...repository, branch: undefined });
    }
  }
}

/** A token that was pasted with the repository's URL is stored before anything else is asked. */
async function withToken(
  ports: Ports,
  pasted: PastedLine,
  { workspace, slug, branch, pullRequest }: PickedAddress,
): Promise<ChosenRepository | undefined> {
  const repository = { workspace, slug };
  const text = pasted.textFor(repository);
  if (text === undefined) return { repository, branch, pullRequest };
  const added = await askNewToken(ports, { ...job, repository }, text);
  if (!added) return undefined;
  tellAdded(ports, added);
  const spelled = added.repositories.find((one) => isSameRepository(one, repository)) ?? repository;
  return { repository: spelled, branch, pullRequest, added: added.stored };
}

type PickedAddress = RepositoryName & { branch: string | undefined; pullRequest?: number | undefined };

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
    isToken: (text) => holdsToken(text, ports.site),
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
  private held: { readonly name: string; readonly text: string; readonly branch?: string } | undefined;

  constructor(private readonly ports: Ports) {}

  hide(text: string): string | undefined {
    const { token, repository, branch } = parseSnippet(text, this.ports.site);
    if (token === undefined || !repository) return undefined;
    const name = fullName(repository);
    this.held = { name, text, ...(branch !== undefined && { branch }) };
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

  /** All that was pasted with the repository's URL. */
  textFor(repository: RepositoryName): string | undefined {
    return this.heldFor(repository)?.text;
  }

  private heldFor(repository: RepositoryName) {
    return isNameOf(this.held?.name, repository) ? this.held : undefined;
  }
}

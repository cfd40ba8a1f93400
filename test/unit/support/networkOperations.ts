import { createRepository, listProjects } from "../../../src/bitbucket/createRepository";
import { readAdvertisement, type GitService } from "../../../src/bitbucket/gitAdvertisement";
import { RefusedTokens } from "../../../src/credentials/refusedTokens";
import type { StoredToken } from "../../../src/credentials/tokenStore";
import type { ErrorKind } from "../../../src/errors";
import { toPresented } from "../../../src/flows/clone/listRepositoriesReach";
import { cloneRepository } from "../../../src/flows/clone/cloneRepository";
import { connectRepository } from "../../../src/flows/connect/connectRepository";
import { publishRepository } from "../../../src/flows/publish/publishRepository";
import { planPush } from "../../../src/flows/push/planPush";
import { pushRepository } from "../../../src/flows/push/pushRepository";
import { checkKeptToken, type CheckOutcome } from "../../../src/flows/tokens/checkKeptToken";
import { describeTokens } from "../../../src/flows/tokens/describeTokens";
import { replaceToken } from "../../../src/flows/tokens/replaceToken";
import type { SeenRequest } from "../../bitbucket/wire/requestLog";
import { connectRequest } from "./connectStage";
import { GitRepository } from "./gitRepository";
import type { Cell } from "./networkStage";

/** Who meets the fault: our client at REST, our client at git's door, or git itself. */
export type Door = "rest" | "advertisement" | "git";

/** How an operation ended. */
export type Ending = ErrorKind | "works";

/** What is left to do once everything is prepared. */
type Run = (signal: AbortSignal) => Promise<unknown>;

export interface Operation {
  /** Begins a sentence. */
  readonly name: string;
  readonly door: Door;
  /** Which of the operation's requests are broken; all of the cell's where absent. */
  readonly breaks?: (request: SeenRequest) => boolean;
  /** The faults that it meets, by their names; all that its door can meet where absent. */
  readonly meets?: RegExp;
  /** What it does, once everything is prepared. Gives an ending only where it doesn't throw. */
  readonly prepare: (cell: Cell) => Run | Promise<Run>;
}

const atRest = ({ path }: SeenRequest) => path.startsWith("/2.0/");
const atGitsDoor = ({ path }: SeenRequest) => !path.startsWith("/2.0/");
const inPush = ({ path, method }: SeenRequest) => method === "POST" && path.endsWith("/git-receive-pack");
const inCreation = ({ path, method }: SeenRequest) => method === "POST" && path.startsWith("/2.0/");
const nothing = () => undefined;

/** One REST call each. */
const calls: readonly Operation[] = [
  {
    name: "verifying a token",
    door: "rest",
    prepare: (cell) => {
      const token = cell.addRepository().addToken("repository");
      return (signal) => cell.open.ports.client.verifyToken(cell.repository, toPresented(token), signal);
    },
  },
  {
    name: "listing workspaces",
    door: "rest",
    prepare: (cell) => {
      const token = cell.addRepository().addToken("api");
      return (signal) => cell.lists(token).workspaces(signal);
    },
  },
  {
    name: "listing repositories",
    door: "rest",
    prepare: (cell) => {
      const token = cell.addRepository().addToken("api");
      return (signal) => cell.lists(token).repositories(cell.repository.workspace, {}, signal);
    },
  },
  {
    name: "reading the next page",
    door: "rest",
    prepare: (cell) => {
      const token = cell.addRepository().addToken("repository");
      const { workspace } = cell.repository;
      const next = `${cell.site.apiUrl}/repositories/${workspace}?role=member&page=1`;
      return (signal) => cell.lists(token).following(next, workspace, signal);
    },
  },
  {
    name: "searching repositories",
    door: "rest",
    prepare: (cell) => {
      const token = cell.addRepository().addToken("repository");
      const search = { search: "pay" };
      return (signal) => cell.lists(token).repositories(cell.repository.workspace, search, signal);
    },
  },
  {
    name: "listing branches",
    door: "rest",
    prepare: (cell) => {
      const token = cell.addRepository({ seeded: true }).addToken("repository");
      return (signal) => cell.lists(token).branches(cell.repository, signal);
    },
  },
  {
    name: "creating a repository",
    door: "rest",
    prepare: (cell) => {
      const token = toPresented(cell.addToken("api"));
      const options = { site: cell.site, send: cell.open.ports.send, token };
      cell.bitbucket.addWorkspace(cell.repository.workspace);
      const wanted = { repository: cell.repository, name: "Payments", isPrivate: true };
      return (signal) => createRepository({ ...options, signal }, wanted);
    },
  },
  {
    name: "listing projects",
    door: "rest",
    prepare: (cell) => {
      const token = toPresented(cell.addRepository().addToken("api"));
      const options = { site: cell.site, send: cell.open.ports.send, token };
      return (signal) => listProjects({ ...options, signal }, cell.repository.workspace);
    },
  },
  { name: "proving that a token reads", door: "advertisement", prepare: advertise("git-upload-pack") },
  { name: "proving that a token pushes", door: "advertisement", prepare: advertise("git-receive-pack") },
];

/** What people do: several requests each, to both doors. */
const flows: readonly Operation[] = [
  { name: "checking a kept token", door: "rest", breaks: atRest, prepare: check },
  {
    name: "checking a kept token, at git's door",
    door: "advertisement",
    breaks: atGitsDoor,
    prepare: check,
  },
  { name: "connecting", door: "rest", breaks: atRest, prepare: connect },
  {
    name: "connecting, while the token is proved",
    door: "advertisement",
    breaks: atGitsDoor,
    prepare: connect,
  },
  {
    // The words are those of a push; what is proved here is that all of it is undone.
    name: "connecting, during the push",
    door: "git",
    breaks: inPush,
    meets: /answers (401|403|503)$|limits the rate for|never answers|reset$|cut short/,
    prepare: connect,
  },
  { name: "cloning, before git starts", door: "rest", breaks: atRest, prepare: clone },
  { name: "cloning", door: "git", breaks: atGitsDoor, prepare: clone },
  { name: "pushing", door: "git", prepare: push },
  { name: "replacing a token", door: "rest", breaks: atRest, prepare: replace },
  {
    name: "replacing a token, at git's door",
    door: "advertisement",
    breaks: atGitsDoor,
    prepare: replace,
  },
  { name: "publishing, while looking", door: "rest", breaks: atRest, prepare: publish },
  {
    // Where the real answer is lost or odd, the repository is made all the same, and publishing finds it and goes on.
    name: "publishing, during the creation",
    door: "rest",
    breaks: inCreation,
    meets:
      /answers (?!400)|limits the rate|redirect|is empty|cut short|half a JSON|reset$|authority|valid yet|expired/,
    prepare: publish,
  },
];

export const operations: readonly Operation[] = [...calls, ...flows];

function advertise(service: GitService): Operation["prepare"] {
  return (cell) => {
    const { kind, secret, scopes } = cell.addRepository({ seeded: true }).addToken("repository");
    const { site, repository } = cell;
    const question = { site, repository, kind, secret, scopes, service };
    return (signal) => readAdvertisement(cell.open.ports.send, { ...question, signal });
  };
}

const checkEndings: Record<CheckOutcome, Ending> = {
  reads: "works",
  pushes: "works",
  refused: "TokenRejected",
  lacksScope: "TokenLacksScope",
  gone: "RepositoryNotFound",
  offline: "Offline",
  limited: "RateLimited",
  unclear: "BadAnswer",
};

async function check(cell: Cell): Promise<Run> {
  await cell.addRepository({ seeded: true }).keep(cell.addToken("repository"));
  const refused = new RefusedTokens();
  const [described] = await describeTokens(cell.open.ports, refused, 0);
  if (!described) throw new Error("the token is not kept");
  return async (signal) => {
    const { checks } = await checkKeptToken(cell.open.ports, refused, described, signal);
    cell.said.push(JSON.stringify(checks));
    return checkEndings[checks[0]?.outcome ?? "unclear"];
  };
}

function connect(cell: Cell): Run {
  const { secret } = cell.addRepository().addToken("repository");
  const local = cell.localRepository();
  const request = connectRequest({ repository: cell.repository, token: { secret } });
  return (signal) =>
    connectRepository(cell.open.ports, local, request, (...step) => cell.said.push(step.join(" ")), signal);
}

function clone(cell: Cell): Run {
  const { secret } = cell.addRepository({ seeded: true }).addToken("repository");
  const { repository, directory } = cell;
  const request = {
    repository,
    directory,
    token: { secret },
    gitAccess: "vscode",
    useBotEmail: true,
  } as const;
  return (signal) => cloneRepository(cell.open.ports, request, nothing, signal);
}

async function push(cell: Cell): Promise<Run> {
  const local = await cell.addRepository({ seeded: true }).connectedRepository();
  return async (signal) => {
    const plan = await planPush(cell.open.ports, local, {});
    return pushRepository(cell.open.ports, local, plan, nothing, signal);
  };
}

async function replace(cell: Cell): Promise<Run> {
  await cell.addRepository({ seeded: true }).keep(cell.addToken("repository"));
  const token: StoredToken = cell.addToken("repository");
  const { repository } = cell;
  return (signal) =>
    replaceToken(
      cell.open.ports,
      { repository, token: { secret: token.secret }, expires: undefined },
      signal,
    );
}

async function publish(cell: Cell): Promise<Run> {
  const { workspace } = cell.repository;
  cell.bitbucket.addWorkspace(workspace);
  await cell.open.ports.tokens.save(cell.site, { workspace, slug: "other" }, cell.addToken("api"));
  const { root: folder } = cell.localRepository();
  const request = {
    folder,
    workspace,
    name: "Payments",
    project: undefined,
    isPrivate: true,
    existing: undefined,
    writesIgnored: true,
    files: undefined,
    identity: undefined,
    defaultBranch: undefined,
    gitAccess: "vscode",
  } as const;
  return async (signal) => {
    const open = (root: string) => Promise.resolve(new GitRepository(root));
    const outcome = await publishRepository(cell.open.ports, open, request, nothing, signal);
    if (outcome.kind !== "published") throw new Error(`publishing ended as ${outcome.kind}`);
  };
}

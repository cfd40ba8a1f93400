import * as l10n from "@vscode/l10n";
import { fullName } from "../bitbucket/site";
import { UserError } from "../errors";
import { connectAll, type AllOutcome } from "../flows/connectAll/connectAll";
import {
  describeAll,
  type Description,
  type FoundRepository,
  type LeftRepository,
} from "../flows/connectAll/describeAll";
import { findRepositoriesBelow } from "../flows/connectAll/findBelow";
import type { Ports } from "../flows/ports";
import { PlainRepository } from "../git/plainRepository";
import { VscodeRepository } from "../git/vscodeRepository";
import type { GitApi } from "../git/vscodeGitApi";
import { readGitAccess } from "../settings";
import { askFolder, pickRepositories, tellOutcome } from "../ui/connectAll";
import { withProgress } from "../ui/progress";
import { askNewToken } from "./addTokenSteps";
import { parseConnectAllArgument } from "./arguments";
import { requireGit, settingsOf, type CommandContext } from "./context";
import type { Command } from "./register";

interface ConnectAllResult {
  readonly connected: readonly { readonly folder: string; readonly repository: string }[];
  readonly left: readonly { readonly folder: string; readonly code: string; readonly message: string }[];
}

interface Run {
  readonly context: CommandContext;
  readonly git: GitApi;
  readonly ports: Ports;
}

/** With folders in the argument it asks nothing, and a bad one costs only itself. */
export function connectAllCommand(context: CommandContext): Command {
  return async (untyped): Promise<ConnectAllResult | undefined> => {
    const { folders } = parseConnectAllArgument(untyped);
    const git = await requireGit();
    const run = { context, git, ports: await context.createPorts(git) };
    return folders
      ? connectGiven(
          run,
          folders.map(({ fsPath }) => fsPath),
        )
      : connectChosen(run);
  };
}

async function connectGiven(run: Run, folders: readonly string[]): Promise<ConnectAllResult | undefined> {
  const description = await look(run, folders);
  const outcome = description && (await connect(run, description.found));
  return outcome && toResult(run, { ...outcome, left: [...description.left, ...outcome.left] });
}

async function connectChosen(run: Run): Promise<ConnectAllResult | undefined> {
  const chosen = await choose(run);
  if (!chosen || !(await hasTokens(run, chosen))) return undefined;
  let outcome = await connect(run, chosen);
  while (outcome) {
    const { left, undo } = outcome;
    const answer = await tellOutcome(
      outcome.connected.length,
      left.map((one) => toLeft(run, one)),
    );
    if (answer === "undo") {
      await withProgress(l10n.t("Undoing the changes"), undo);
      return undefined;
    }
    if (answer !== "addToken") break;
    const rest = chosen.filter(({ folder }) => left.some((one) => one.folder === folder));
    if (!(await askToken(run, rest))) break;
    outcome = joined(outcome, await connect(run, rest));
  }
  return outcome && toResult(run, outcome);
}

/** Undefined where the person went away. */
async function choose(run: Run): Promise<readonly FoundRepository[] | undefined> {
  let folders: readonly string[] = run.git.repositories.map(({ rootUri }) => rootUri.fsPath);
  for (;;) {
    const description = await look(run, folders);
    const chosen = description && (await pickRepositories(description.found));
    if (chosen !== "folder") return chosen;
    const folder = await askFolder();
    if (folder !== undefined)
      folders =
        (await withProgress(l10n.t("Looking for repositories"), (signal) =>
          findRepositoriesBelow(folder, signal),
        )) ?? folders;
  }
}

function look({ ports }: Run, folders: readonly string[]): Promise<Description | undefined> {
  return withProgress(l10n.t("Looking for repositories"), () => describeAll(ports, folders));
}

async function hasTokens(run: Run, chosen: readonly FoundRepository[]): Promise<boolean> {
  const missing = chosen.filter((one) => !one.hasToken && !one.tokenInUrl);
  return chosen.length > 0 && (missing.length === 0 || (await askToken(run, missing)));
}

async function askToken({ ports }: Run, [first]: readonly FoundRepository[]): Promise<boolean> {
  const added = await askNewToken(ports, { needs: ["repository:write"], repository: first?.repository });
  return added !== undefined;
}

function connect({ git, ports }: Run, found: readonly FoundRepository[]): Promise<AllOutcome | undefined> {
  const openLocal = (root: string) => {
    const open = git.repositories.find(({ rootUri }) => rootUri.fsPath === root);
    return open ? new VscodeRepository(open) : new PlainRepository(root, ports.openGit);
  };
  const gitAccess = readGitAccess(settingsOf(undefined));
  return withProgress(l10n.t("Connecting repositories"), (signal, say) =>
    connectAll(ports, found, {
      ...{ gitAccess, openLocal, signal },
      report: (done, repository) => {
        say(l10n.t("{0} of {1}: {2}", done, found.length, repository));
      },
    }),
  );
}

/** Where the second part was cancelled, the first stands. */
function joined(first: AllOutcome, second: AllOutcome | undefined): AllOutcome {
  if (!second) return first;
  const undo = async () => {
    await second.undo();
    await first.undo();
  };
  return { connected: [...first.connected, ...second.connected], left: second.left, undo };
}

function toResult(run: Run, { connected, left }: Omit<AllOutcome, "undo">): ConnectAllResult {
  run.context.log.note(`Connected repositories: ${connected.length}, left: ${left.length}.`);
  return {
    connected: connected.map(({ folder, repository }) => ({ folder, repository: fullName(repository) })),
    left: left.map((one) => toLeft(run, one)),
  };
}

function toLeft({ context }: Run, { folder, error }: LeftRepository) {
  if (error instanceof UserError) return { folder, code: error.code, message: error.message };
  context.log.bug("connectAll", error);
  return { folder, code: "BadAnswer", message: l10n.t("Something unexpected went wrong. See the log.") };
}

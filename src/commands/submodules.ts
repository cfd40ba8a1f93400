import * as l10n from "@vscode/l10n";
import { fullName, type RepositoryName } from "../bitbucket/site";
import { UserError } from "../errors";
import { fetchSubmodules, listSubmodules, type SubmoduleOutcome } from "../flows/submodules/fetchSubmodules";
import type { Ports } from "../flows/ports";
import { inSentence } from "../inSentence";
import type { GitAccess } from "../protocol/formMessages";
import { showWarning } from "../ui/messages";
import { withProgress } from "../ui/progress";
import { askNewToken } from "./addTokenSteps";
import type { CommandContext } from "./context";

interface Job {
  readonly context: CommandContext;
  readonly ports: Ports;
  readonly root: string;
  readonly gitAccess: GitAccess;
}

/**
 * After a clone or a connect: fetches and connects the submodules, and offers one button for all that no stored token can
 * access. Never rejects, since the repository itself is done.
 */
export async function fetchSubmodulesOf(job: Job): Promise<void> {
  const { context, ports, root, gitAccess } = job;
  try {
    if ((await listSubmodules(ports, root)).length === 0) return;
    const outcome = await withProgress(l10n.t("Fetching submodules"), (signal, say) =>
      fetchSubmodules(ports, root, { gitAccess, signal, report: say }),
    );
    if (!outcome) return;
    noteOutcome(job, outcome);
    if (outcome.lacking.length > 0) void offerToken(job, outcome.lacking);
  } catch (error) {
    context.log.bug("submodules", error);
  }
}

function noteOutcome({ context: { log } }: Job, { connected, lacking, failed }: SubmoduleOutcome): void {
  const counts = `connected: ${connected.length}, without a token: ${lacking.length}, failed: ${failed.length}`;
  log.note(`Submodules ${counts}.`);
  for (const { error } of failed) {
    if (error instanceof UserError) log.failure("connectRepository", error);
    else log.bug("submodules", error);
  }
  if (failed.length > 0)
    void showWarning(l10n.t("Can't fetch some submodules: {0}. See the log.", failed.length));
}

async function offerToken(job: Job, lacking: readonly RepositoryName[]): Promise<void> {
  const add = l10n.t("Add token");
  const names = inSentence(lacking.map(fullName));
  try {
    const message = l10n.t("No stored token can access these submodules: {0}.", names);
    if ((await showWarning(message, add)) !== add) return;
    const added = await askNewToken(job.ports, { needs: ["repository"], repository: lacking[0] });
    if (added) await fetchSubmodulesOf(job);
  } catch (error) {
    job.context.log.bug("submodules", error);
  }
}

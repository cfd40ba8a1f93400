import * as l10n from "@vscode/l10n";
import { readRemoteUrl } from "../../bitbucket/address";
import { missingScopes } from "../../bitbucket/scopes";
import { fullName } from "../../bitbucket/site";
import type { LocalRepository } from "../../git/localRepository";
import type { RemoteReading } from "../../git/remoteReading";
import { askBitbucket, findVerdict, type Verdict } from "./askBitbucket";
import { checkComments } from "./comments";
import { checkCommitAddress } from "./commitAddress";
import { undoAll } from "./configChange";
import { severities, type Finding, type Advice, type Repair, type Undo } from "./finding";
import { checkGit, readGitVersion } from "./git";
import { checkHelpers } from "./helpers";
import { checkAnswers, checkGitNetwork } from "./network";
import { checkRoutes } from "./routes";
import { readScene, tokenInUse, type Scene } from "./scene";
import { checkSubmodules } from "./submodules";
import { checkToken } from "./token";
import { checkTokensElsewhere } from "./tokensElsewhere";
import { checkTokensInUrls } from "./tokensInUrls";
import { checkUrls } from "./urls";
import type { Ports } from "../ports";

export interface CheckOptions {
  /** How many days before a token expires it is worth a finding. */
  readonly reminderDays: number;
  /** Milliseconds since 1970, as this machine has it. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
}

/** What a check found, and what it looked at. */
export interface Examination {
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** `workspace/slug`, where a remote is on Bitbucket. */
  readonly repository: string | undefined;
  /** In words for the person, without a secret. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** What Bitbucket said of the token that Git sends; undefined where it was not asked. */
  readonly proof: "push" | "access" | undefined;
}

/**
 * Looks at everything between this repository and Bitbucket that is known to go wrong, and changes nothing. It reads
 * files and git's settings, runs nothing that the repository names, and asks Bitbucket once for each token in use.
 */
export async function checkConnection(
  ports: Ports,
  local: LocalRepository,
  { reminderDays, clock, signal }: CheckOptions,
): Promise<Examination> {
  const [scene, version] = await Promise.all([
    readScene(ports, local),
    readGitVersion(ports.openGit, local.root),
  ]);
  signal.throwIfAborted();
  const [verdicts, ofGit] = await Promise.all([
    askBitbucket(scene, clock, signal),
    Promise.all([checkUrls(scene), checkHelpers(scene), checkCommitAddress(scene), checkGitNetwork(scene)]),
  ]);
  signal.throwIfAborted();
  const findings = [
    ...(await checkTokensInUrls(scene, verdicts)),
    ...(await checkTokensElsewhere(scene, verdicts)),
    ...(await checkComments(scene)),
    ...checkToken(scene, verdicts, clock(), reminderDays),
    ...checkRoutes(scene),
    ...(await checkSubmodules(scene)),
    ...ofGit.flat(),
    ...checkAnswers(verdicts),
    ...checkGit(version),
  ];
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  return {
    findings: [...findings].sort((a, b) => rank(a) - rank(b)),
    repository: scene.subject && fullName(scene.subject.repository),
    facts: [...factsOf(scene, verdicts), [l10n.t("Git"), version]],
    proof: findProof(scene, verdicts),
  };
}

function factsOf(scene: Scene, verdicts: readonly Verdict[]): Examination["facts"] {
  const { subject, submodules, remotes, author } = scene;
  return [
    [l10n.t("Remotes"), remotes.map((remote) => describeRemote(scene, remote)).join("; ")],
    ...(submodules > 0 ? [[l10n.t("Submodules"), String(submodules)] as const] : []),
    [l10n.t("Token"), subject ? whereTokenIs(scene) : l10n.t("none stored")],
    ...expiryFact(scene),
    [l10n.t("Bitbucket"), bitbucketFact(scene, verdicts)],
    [l10n.t("Commit e-mail"), author?.email ?? l10n.t("not set")],
  ];
}

/** The person told it, if anybody. */
function expiryFact({ subject }: Scene): Examination["facts"] {
  if (!subject?.kept || subject.isSsh || subject.inPlainText) return [];
  return [[l10n.t("Expires"), subject.kept.expires ?? l10n.t("Unknown or never")]];
}

/** An answer without scopes proves access alone. */
function findProof({ subject }: Scene, verdicts: readonly Verdict[]): Examination["proof"] {
  const outcome = findOutcome(subject, verdicts);
  if (outcome === undefined || outcome instanceof Error) return undefined;
  return missingScopes(outcome.scopes, ["repository:write"], outcome.kind).length === 0 ? "push" : "access";
}

/** What Bitbucket said of the token that Git sends. */
function findOutcome(
  subject: Scene["subject"],
  verdicts: readonly Verdict[],
): Verdict["outcome"] | undefined {
  const token = subject && tokenInUse(subject);
  return token && findVerdict(verdicts, subject.repository, token)?.outcome;
}

/** Where it is fetched from, and where pushes go that go elsewhere. */
function describeRemote({ ports }: Scene, { name, fetchUrl, pushUrls }: RemoteReading): string {
  const urls = [fetchUrl, ...pushUrls].map((url) => readRemoteUrl(url, ports.site).displayUrl);
  return [name, ...new Set(urls)].join(", ");
}

/** P15: one command tells where the token is. */
function whereTokenIs({ subject, connections }: Scene): string {
  if (!subject || subject.isSsh) return l10n.t("not used: the remote uses SSH");
  if (subject.inPlainText) return l10n.t("in plain text in Git's config");
  if (subject.isFromEnvironment) return l10n.t("in the environment (BITBUCKET_TOKEN)");
  if (!subject.kept) return l10n.t("none stored");
  const isHandedOver = connections.some(
    ({ remote, gitAccess }) => remote === subject.remote && gitAccess === "credentialHelper",
  );
  return isHandedOver
    ? l10n.t("in VS Code's secret storage and Git's credential helper")
    : l10n.t("in VS Code's secret storage");
}

function bitbucketFact({ subject }: Scene, verdicts: readonly Verdict[]): string {
  const outcome = findOutcome(subject, verdicts);
  if (outcome === undefined) return l10n.t("not checked");
  if (outcome instanceof Error) return l10n.t("rejected the token ({0})", outcome.code);
  return outcome.scopes.length > 0
    ? l10n.t("accepts the token: {0}", outcome.scopes.join(", "))
    : l10n.t("accepts the token");
}

/** What is repaired without a question. */
export function repairsOf({ findings }: Examination): readonly Repair[] {
  return [...new Set(findings.map(({ fix }) => fix))].filter(
    (fix): fix is Repair => fix?.kind === "repair" && (!fix.question || fix.question.value !== undefined),
  );
}

export interface AllRepaired {
  readonly undo: Undo;
  readonly advice: readonly Advice[];
  /** As it is now. */
  readonly examination: Examination;
}

/** One after the other, with a look between: what one repair changes, another may build upon, or need no more. */
export async function repairAll(
  check: () => Promise<Examination>,
  start: Examination,
  signal: AbortSignal,
): Promise<AllRepaired> {
  const undos: Undo[] = [];
  const advice: Advice[] = [];
  const tried = new Set<string>();
  let examination = start;
  try {
    for (;;) {
      const next = repairsOf(examination).find((repair) => !tried.has(keyOf(repair)));
      if (!next) break;
      tried.add(keyOf(next));
      const repaired = await next.apply(signal, next.question?.value);
      undos.push(repaired.undo);
      if (repaired.advice) advice.push(repaired.advice);
      examination = await check();
    }
  } catch (error) {
    await undoAll(undos);
    throw error;
  }
  return { undo: () => undoAll(undos), advice, examination };
}

function keyOf(repair: Repair): string {
  return [repair.title, ...repair.preview(repair.question?.value)].join("\n");
}

import * as l10n from "@vscode/l10n";
import type { PresentedToken, VerifiedToken } from "../../bitbucket/client";
import type { ScopeId } from "../../bitbucket/scopeCatalogue";
import { extraScopes, missingScopes } from "../../bitbucket/scopes";
import { fullName, remoteUrl } from "../../bitbucket/site";
import { isSame } from "../../credentials/connectionStore";
import { UserError, type ErrorKind } from "../../errors";
import { helperName } from "../../git/connectionConfig";
import { helpersFor } from "../../git/gitSettings";
import { inSentence } from "../../inSentence";
import { daysLeft } from "../tokens/expiryReminder";
import { findVerdict, type Verdict } from "./askBitbucket";
import type { Finding, FindingFix, FindingId, Severity } from "./finding";
import { tokenInUse, type Scene, type Subject } from "./scene";

/** What Bitbucket, and what is kept here, say of the token that git sends for the branch. */
export function checkToken(
  scene: Scene,
  verdicts: readonly Verdict[],
  now: number,
  reminderDays: number,
): readonly Finding[] {
  const { subject } = scene;
  const token = subject && tokenInUse(subject);
  if (!subject) return [];
  const [served, asked] = [isServed(scene, subject), isAsked(scene, subject)];
  if (!token) return served || asked ? [tokenMissing(scene, subject)] : [];
  const unconnected = asked && !served ? [notConnected(scene, subject)] : [];
  return [...unconnected, ...checkTokenInUse(scene, subject, token, verdicts, now, reminderDays)];
}

function checkTokenInUse(
  scene: Scene,
  subject: Subject,
  token: PresentedToken,
  verdicts: readonly Verdict[],
  now: number,
  reminderDays: number,
): readonly Finding[] {
  const expiry = checkExpiry(scene, subject, now, reminderDays);
  const outcome = findVerdict(verdicts, subject.repository, token)?.outcome;
  if (outcome === undefined) return expiry;
  if (!(outcome instanceof UserError)) return [...expiry, ...checkScopes(scene, subject, outcome)];
  // One that is known to have expired is refused for that.
  if (expiry[0]?.id === "token-expired" && outcome.code === "TokenRejected") return expiry;
  return [...expiry, ...explain(scene, subject, outcome)];
}

/** git is told to ask the editor, which has nothing to answer. */
function isServed({ connections, config, ports }: Scene, { repository, isSsh }: Subject): boolean {
  if (isSsh) return false;
  const isRecorded = connections.some(
    (one) => one.gitAccess === "vscode" && isSame(one, { ...ports.site, ...repository }),
  );
  const helpers = config.get(`credential.${remoteUrl(ports.site, repository)}.helper`) ?? [];
  return isRecorded || helpers.some((helper) => helper.includes(helperName));
}

/** Nothing that Git is told of signs in there, so it asks the person. */
function isAsked({ settings, ports }: Scene, { repository, isSsh, inPlainText }: Subject): boolean {
  return !isSsh && !inPlainText && helpersFor(settings, remoteUrl(ports.site, repository)).length === 0;
}

function notConnected({ local }: Scene, { repository }: Subject): Finding {
  const name = fullName(repository);
  return {
    id: "token-missing",
    severity: "error",
    message: l10n.t(
      "{0} isn't connected, so Git asks for a password. Connect it with the stored token.",
      name,
    ),
    fix: connect(local.root, name),
  };
}

function tokenMissing({ local }: Scene, { repository }: Subject): Finding {
  return {
    id: "token-missing",
    severity: "error",
    message: l10n.t(
      "No token is stored for {0}, so Git asks for a password. Connect again with a token.",
      fullName(repository),
    ),
    fix: connect(local.root, fullName(repository)),
  };
}

const findingOf: Partial<Readonly<Record<ErrorKind, FindingId>>> = {
  TokenRejected: "token-refused",
  WrongRepository: "token-other-repository",
  RepositoryNotFound: "repository-not-found",
  TokenLacksScope: "token-too-weak",
};

/** The words are those of any refused action. What is the network's is told elsewhere. */
function explain(scene: Scene, subject: Subject, error: UserError): readonly Finding[] {
  const id = findingOf[error.code];
  if (!id) return [];
  return [{ id, severity: "error", message: error.message, fix: otherToken(scene, subject) }];
}

/** What our own commands can use: besides pushing, publishing creates a repository, and the picker lists workspaces. */
const usedScopes: readonly ScopeId[] = [
  "repository:write",
  "pullrequest:write",
  "repository:admin",
  "account",
  "project",
];

function checkScopes(scene: Scene, subject: Subject, { scopes, kind }: VerifiedToken): readonly Finding[] {
  if (scopes.length === 0) return []; // an answer without scopes proves nothing
  const missing = missingScopes(scopes, ["repository:write"], kind);
  const extra = extraScopes(scopes, usedScopes, kind);
  const name = fullName(subject.repository);
  const found = (id: FindingId, severity: Severity, message: string): Finding => ({
    id,
    severity,
    message,
    fix: otherToken(scene, subject),
  });
  const weak = l10n.t(
    "The token for {0} lacks {1}, so Bitbucket will reject pushes. Create one with it: a token's scopes can't be changed.",
    name,
    inSentence(missing),
  );
  const mighty = l10n.t(
    "The token for {0} can do more than this extension uses: {1}. A token with fewer scopes is safer if it leaks.",
    name,
    inSentence(extra),
  );
  return [
    ...(missing.length > 0 ? [found("token-too-weak", "warning", weak)] : []),
    ...(extra.length > 0 ? [found("token-too-mighty", "information", mighty)] : []),
  ];
}

/** The last day is known where the person told it. */
function checkExpiry(scene: Scene, subject: Subject, now: number, reminderDays: number): readonly Finding[] {
  const days = daysLeft(subject.inPlainText ? undefined : subject.kept?.expires, now);
  if (days === undefined) return [];
  const name = fullName(subject.repository);
  const fix = otherToken(scene, subject);
  if (days < 0) {
    const message = l10n.t("The token for {0} expired. Rotate it on its page, then replace it here.", name);
    return [{ id: "token-expired", severity: "error", message, fix }];
  }
  if (days > reminderDays) return [];
  return [{ id: "token-expires-soon", severity: "warning", message: expiresSoon(name, days), fix }];
}

function expiresSoon(name: string, days: number): string {
  switch (days) {
    case 0:
      return l10n.t("The token for {0} expires today. Rotate it on its page, then replace it here.", name);
    case 1:
      return l10n.t("The token for {0} expires tomorrow. Rotate it on its page, then replace it here.", name);
    default:
      return l10n.t(
        "The token for {0} expires in {1} days. Rotate it on its page, then replace it here.",
        name,
        days,
      );
  }
}

/** A kept token is replaced wherever it serves; one in a URL or in the environment is not ours to replace. */
function otherToken({ local }: Scene, subject: Subject): FindingFix {
  const repository = fullName(subject.repository);
  if (subject.inPlainText || !subject.kept || subject.isFromEnvironment)
    return connect(local.root, repository);
  const title = l10n.t("Replace token");
  const command = "bitbucketConnect.replaceToken";
  return { kind: "lead", title, fix: { kind: "runCommand", title, command, args: [{ repository }] } };
}

function connect(folder: string, repository: string): FindingFix {
  const title = l10n.t("Connect repository");
  const command = "bitbucketConnect.connectRepository";
  return { kind: "lead", title, fix: { kind: "runCommand", title, command, args: [{ folder, repository }] } };
}

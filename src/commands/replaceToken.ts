import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { parseAddress } from "../bitbucket/address";
import type { PresentedToken } from "../bitbucket/client";
import { accessTokensPage, apiTokensPage } from "../bitbucket/pages";
import { fullName, repositoryKey, type RepositoryName } from "../bitbucket/site";
import { tokenHint } from "../bitbucket/token";
import { daysLeft } from "../flows/tokens/expiryReminder";
import type { StoredToken } from "../credentials/tokenStore";
import { problemOf, repeatingArguments, UserError, type ErrorKind } from "../errors";
import type { Ports } from "../flows/ports";
import { bitbucketRemotes } from "../flows/push/pushTarget";
import { inSentence } from "../inSentence";
import { replaceToken, type ReplaceOutcome, type ReplaceRequest } from "../flows/tokens/replaceToken";
import type { GitApi } from "../git/vscodeGitApi";
import { repositoryOfEditor } from "../git/vscodeRepository";
import { showInformation } from "../ui/messages";
import { withProgress } from "../ui/progress";
import { readPasted } from "../ui/tokens/pastedToken";
import { askForToken, withAccount } from "../ui/tokens/tokenInput";
import { parseReplaceArgument, type ReplaceArgument } from "./arguments";
import { requireGit, type CommandContext } from "./context";
import { commandIds } from "./ids";
import { isCalledByCode } from "./plainArgument";
import type { Command } from "./register";
import { tellUndated } from "./tellToken";

/** With repository and token it asks nothing; otherwise it leads through Bitbucket's “Rotate”. */
export function replaceTokenCommand(context: CommandContext): Command {
  return async (untyped) => {
    const argument = parseReplaceArgument(untyped);
    const git = await requireGit();
    const ports = await context.createPorts(git);
    const repository = await chooseRepository(ports, git, argument);
    if (!repository) return undefined;
    const old = await ports.tokens.stored(ports.site, repository);
    const token = await takeToken(ports, argument, repository, old);
    if (!token) return undefined;
    const name = fullName(repository);
    const request = { repository, token, expires: argument.expires || undefined };
    const outcome = await withProgress(l10n.t("Replacing the token for {0}", name), (signal) =>
      replaceToken(ports, request, signal).catch((error: unknown) => {
        throw keepingToken(error, request);
      }),
    );
    if (!outcome) return undefined;
    const isAsked = argument.token === undefined || !isCalledByCode(untyped);
    const isExpiryOpen = isAsked && argument.expires === undefined;
    announce(ports, replacedMessage(outcome), isExpiryOpen ? token : undefined).catch((error: unknown) => {
      context.log.bug("replaceToken: a button", error);
    });
    return outcome;
  };
}

/** Nothing is wrong with the token: Bitbucket shows it once, and the old one may have half an hour left. */
const notTheTokens: readonly ErrorKind[] = ["Offline", "RateLimited", "BadAnswer", "RemoteExists"];

function keepingToken(error: unknown, { repository, token, expires }: ReplaceRequest): unknown {
  if (!(error instanceof UserError) || !notTheTokens.includes(error.code)) return error;
  const { secret, account } = token;
  const given = { ...(account !== undefined && { account }), ...(expires !== undefined && { expires }) };
  return repeatingArguments(error, { repository: fullName(repository), token: secret, ...given });
}

/** The old one's expiry went with it. */
async function announce(ports: Ports, message: string, undated: PresentedToken | undefined): Promise<void> {
  await (undated ? tellUndated(ports, message, undated) : showInformation(message));
}

function replacedMessage({ replaced, left }: ReplaceOutcome): string {
  const done = l10n.t("Replaced the token for {0}. Git now uses the new one.", inSentence(replaced));
  if (left.length === 0) return done;
  const others = l10n.t("The new token can't access {0}, which keeps the old one.", inSentence(left));
  return `${done} ${others}`;
}

/** The open one's, where that leaves no choice. */
async function chooseRepository(
  ports: Ports,
  git: GitApi,
  { repository }: ReplaceArgument,
): Promise<RepositoryName | undefined> {
  if (repository !== undefined) return parseAddress(repository, ports.site).repository;
  const kept = await ports.tokens.repositories(ports.site);
  if (kept.length === 0)
    throw (await ports.tokens.all(ports.site)).length > 0 ? isNotConnected() : noTokenKept();
  const opened = await openedNames(ports, git);
  const mine = kept.filter((one) => opened.has(repositoryKey(one)));
  const others = kept.filter((one) => !mine.includes(one));
  const obvious = mine.length > 0 ? mine : others;
  if (obvious.length === 1) return obvious[0];
  const items = [...mine, ...others].map((one) => ({ label: fullName(one), repository: one }));
  const title = l10n.t("Replace token");
  const placeHolder = l10n.t("For which repository?");
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.repository;
}

async function openedNames({ readRepository, site }: Ports, git: GitApi): Promise<ReadonlySet<string>> {
  const active = repositoryOfEditor(git);
  const opened = active ? [active] : git.repositories;
  const readings = await Promise.all(opened.map(({ rootUri }) => readRepository(rootUri.fsPath)));
  const found = readings.flatMap(({ remotes }) => bitbucketRemotes(remotes, site));
  return new Set(found.map(({ repository }) => repositoryKey(repository)));
}

/** Rotation gives a dead token no half hour more. */
function hasExpired(token: StoredToken | undefined): boolean {
  return (daysLeft(token?.expires, Date.now()) ?? 0) < 0;
}

/** What was only added is no repository's. */
function isNotConnected(): UserError {
  return new UserError(
    "InvalidToken",
    l10n.t("No repository is connected with a stored token. Replace it in “Manage tokens”."),
    { fixes: [{ kind: "runCommand", title: l10n.t("Manage tokens"), command: commandIds.manageTokens }] },
  );
}

function noTokenKept(): UserError {
  return new UserError("InvalidToken", l10n.t("No token is stored yet. Add one."), {
    fixes: [{ kind: "runCommand", title: l10n.t("Add token"), command: commandIds.addToken }],
  });
}

async function takeToken(
  ports: Ports,
  argument: ReplaceArgument,
  repository: RepositoryName,
  old: StoredToken | undefined,
): Promise<PresentedToken | undefined> {
  const known = argument.account ?? old?.account;
  if (argument.token !== undefined) return readPasted(argument.token, ports.site, known);
  const title = l10n.t("Replace token for {0}", fullName(repository));
  const pasted = await ask(ports, title, repository, old);
  return pasted === undefined ? undefined : withAccount(title, readPasted(pasted, ports.site, known));
}

function ask(
  ports: Ports,
  title: string,
  repository: RepositoryName,
  old: StoredToken | undefined,
): Promise<string | undefined> {
  const isApi = old !== undefined && (old.kind === "api" || tokenHint(old.secret) === "api");
  return askForToken({
    title,
    prompt: isApi
      ? l10n.t("Create a new API token on its page, then paste it here.")
      : hasExpired(old)
        ? l10n.t("Press Rotate on the token page, then paste the new token here.")
        : l10n.t(
            "Press Rotate on the token page, then paste the new token here. The old one works for up to 30 minutes.",
          ),
    page: isApi ? apiTokensPage : accessTokensPage(ports.site, repository),
    problem: (text) => problemOf(() => readPasted(text, ports.site, undefined)),
  });
}

import * as l10n from "@vscode/l10n";
import { UserError, type Fix } from "../errors";
import { inSentence } from "../inSentence";
import { isWebPage, parseErrorAnswer, webPage } from "../bitbucket/answers";
import type { HttpAnswer } from "../bitbucket/http";
import { proxyWantsSignIn } from "../bitbucket/networkFault";
import { repositoryPage } from "../bitbucket/pages";
import { parseRetryAfter } from "../bitbucket/retryAfter";
import { scopes as scopeCatalogue } from "../bitbucket/scopeCatalogue";
import { fullName } from "../bitbucket/site";
import { openPermissions, openPlan, openTokenPage, tryAgain, type RefusalContext } from "./fixes";

type Explain = (answer: HttpAnswer, context: RefusalContext) => UserError;

/** The one table from an HTTP answer that isn't a success to the words for a person. */
const explanations: Readonly<Partial<Record<number, Explain>>> = {
  400: () =>
    badAnswer(
      l10n.t("Bitbucket couldn't understand the request (400). Update this extension, or try again."),
    ),
  401: tokenRejected,
  402: (_, context) => planForbids(context),
  403: toForbidden,
  404: (_, context) => notFound(context),
  407: (_, { site }) => proxyWantsSignIn(new URL(site.apiUrl).host),
  409: (_, { repository }) =>
    badAnswer(l10n.t("Something else is changing {0} (409). Try again.", fullName(repository))),
  410: removed,
  413: () => badAnswer(l10n.t("The request is too large for Bitbucket or a proxy (413)."), []),
  429: (answer) => rateLimited(parseRetryAfter(answer)),
  451: (_, { repository }) =>
    badAnswer(
      l10n.t("Bitbucket can't show {0} for legal reasons (451). Ask its owner.", fullName(repository)),
      [],
    ),
};

export function toRefusal(answer: HttpAnswer, context: RefusalContext): UserError {
  const explain = explanations[answer.status] ?? (answer.status >= 500 ? toTrouble : toUnexpected);
  return explain(answer, context);
}

function toTrouble({ status, body }: HttpAnswer): UserError {
  return badAnswer(
    isWebPage(body)
      ? l10n.t("Bitbucket or a proxy has a problem (status {0}). Try again in a minute.", status)
      : l10n.t("Bitbucket has a problem (status {0}). Try again in a minute.", status),
  );
}

function toUnexpected({ status, body }: HttpAnswer): UserError {
  return isWebPage(body)
    ? webPage()
    : badAnswer(
        l10n.t(
          "Bitbucket gave an unexpected answer (status {0}). Check whether a proxy replaces answers.",
          status,
        ),
      );
}

function tokenRejected({ body }: HttpAnswer, context: RefusalContext): UserError {
  if (isAboutAppPasswords(body)) return appPasswordEnded(context);
  const name = fullName(context.repository);
  const message =
    context.tokenPage === "api"
      ? l10n.t(
          "Bitbucket rejected the API token for {0}. Check the email, or create a new token with Bitbucket scopes.",
          name,
        )
      : l10n.t(
          "Bitbucket rejected the token for {0}: it's mistyped, expired or revoked. Create a new one.",
          name,
        );
  return new UserError("TokenRejected", message, { field: "token", fixes: [openTokenPage(context)] });
}

/** In its words, where it says why. */
function isAboutAppPasswords(body: string): boolean {
  return /\bapp passwords?\b/i.test(parseErrorAnswer(body)?.message ?? body.slice(0, 2000));
}

/** Git's door answers 410 to one. https://www.atlassian.com/blog/bitbucket/bitbucket-cloud-transitions-to-api-tokens */
export function appPasswordEnded(context: RefusalContext): UserError {
  return new UserError(
    "TokenRejected",
    l10n.t(
      "App passwords stopped working on July 28, 2026 (410). Use an access token or API token for {0}.",
      fullName(context.repository),
    ),
    { field: "token", fixes: [openTokenPage(context)] },
  );
}

/** More users than the plan has seats, a plan without this feature, a workspace that is read-only. */
function planForbids({ site, repository }: RefusalContext): UserError {
  const { workspace } = repository;
  return new UserError(
    "BadAnswer",
    l10n.t(
      "The plan of the workspace {0} doesn't allow this (402). Check its users and its plan.",
      workspace,
    ),
    { fixes: [openPlan(site, workspace)] },
  );
}

function notFound({ site, repository }: RefusalContext): UserError {
  return new UserError(
    "RepositoryNotFound",
    l10n.t(
      "This token can't access a repository named {0}. Check the spelling, or create it.",
      fullName(repository),
    ),
    {
      field: "repository",
      fixes: [{ kind: "openUrl", title: l10n.t("Open on Bitbucket"), url: repositoryPage(site, repository) }],
    },
  );
}

/**
 * A removed operation's announcement is named; without one it is an app password that was refused.
 * https://developer.atlassian.com/cloud/bitbucket/changelog/
 */
function removed({ body }: HttpAnswer, context: RefusalContext): UserError {
  const message = parseErrorAnswer(body)?.message ?? "";
  const change = /\bCHANGE-\d{1,6}\b/.exec(message)?.[0];
  if (change === undefined) return appPasswordEnded(context);
  return badAnswer(
    l10n.t("Bitbucket has removed this feature ({0}). Update this extension and try again.", change),
    [{ kind: "runCommand", title: l10n.t("Show extensions"), command: "workbench.view.extensions" }],
  );
}

function toForbidden(answer: HttpAnswer, context: RefusalContext): UserError {
  const refusal = parseErrorAnswer(answer.body);
  if (!refusal && isWebPage(answer.body)) return webPage();
  return (
    refusedByAccessControl(answer, context) ??
    (refusal
      ? explainForbidden(refusal, context)
      : badAnswer(l10n.t("Access was denied (403), but not by Bitbucket. Check your proxy, then try again.")))
  );
}

/** Bitbucket names the scopes where they are what is missing. */
function explainForbidden(
  { message, granted, required }: NonNullable<ReturnType<typeof parseErrorAnswer>>,
  context: RefusalContext,
): UserError {
  if (/token-based authentication/i.test(message)) return needsOtherToken(context);
  const isScope =
    required.some((scope) => !granted.includes(scope)) || (required.length === 0 && /scope/i.test(message));
  return isScope ? lacksScope(granted, required, context) : lacksPermission(context);
}

function needsOtherToken({ repository, site }: RefusalContext): UserError {
  return new UserError(
    "TokenRejected",
    l10n.t("Bitbucket doesn't accept this kind of token here ({0}). Use an API token.", fullName(repository)),
    { field: "token", fixes: [openTokenPage({ site, repository, tokenPage: "api" })] },
  );
}

/** Scopes don't help: the person, or the token's owner, may not do it. */
function lacksPermission({ site, repository }: RefusalContext): UserError {
  return new UserError(
    "TokenLacksScope",
    l10n.t(
      "You don't have permission for this in {0} (403). Ask a repository admin for access.",
      fullName(repository),
    ),
    { field: "token", granted: [], required: [], fixes: [openPermissions(site, repository)] },
  );
}

/**
 * A workspace can be closed to other networks and to accounts without a second step, whatever the token may do.
 * https://support.atlassian.com/bitbucket-cloud/kb/error-403-when-performing-git-operations/
 */
export function refusedByAccessControl(
  { body }: HttpAnswer,
  { repository: { workspace } }: RefusalContext,
): UserError | undefined {
  const words = parseErrorAnswer(body)?.message ?? body;
  if (/\b(white|allow)-?\s?list|\ballowed IP\b/i.test(words)) {
    return badAnswer(
      l10n.t(
        "The workspace {0} doesn't allow this computer's IP address. Connect through your organization's network or VPN, or ask an admin to allow it.",
        workspace,
      ),
    );
  }
  if (/\btwo-?\s?step\b/i.test(words)) {
    return badAnswer(
      l10n.t(
        "The workspace {0} requires two-step verification. Turn it on in your Atlassian account, then try again.",
        workspace,
      ),
    );
  }
  return undefined;
}

/** The token is good but can't do what was asked; names what is missing, in Bitbucket's own scope names. */
export function lacksScope(
  granted: readonly string[],
  required: readonly string[],
  context: RefusalContext,
): UserError {
  const missing = required.filter((scope) => !granted.includes(scope));
  const name = fullName(context.repository);
  return new UserError(
    "TokenLacksScope",
    missing.length > 0
      ? missingWords(missing, name)
      : l10n.t("This token can't do that in {0}. Create one with the scopes selected in the form.", name),
    { field: "token", granted, required, fixes: [openTokenPage(context)] },
  );
}

function missingWords(missing: readonly string[], name: string): string {
  const scopes = inSentence(missing.map(withLabel));
  return missing.length === 1
    ? l10n.t(
        "This token lacks {0} for {1}. Create one with it: a token's scopes can't be changed.",
        scopes,
        name,
      )
    : l10n.t(
        "This token lacks {0} for {1}. Create one with them: a token's scopes can't be changed.",
        scopes,
        name,
      );
}

/** An access token's page has it as a box: `repository:write (Repositories: Write)`. */
function withLabel(name: string): string {
  const label = scopeCatalogue.find(({ id }) => id === name)?.label();
  return label === undefined ? name : `${name} (${label})`;
}

/** `retryAfter` in seconds, where it is known. */
export function rateLimited(retryAfter: number | undefined): UserError {
  return new UserError("RateLimited", limitWords(retryAfter), {
    ...(retryAfter !== undefined && { retryAfter }),
    fixes: [tryAgain()],
  });
}

function limitWords(retryAfter: number | undefined): string {
  if (retryAfter === undefined) {
    return l10n.t("Bitbucket's rate limit is reached. Try again in a few minutes.");
  }
  if (retryAfter === 1) return l10n.t("Bitbucket's rate limit is reached. Try again in a second.");
  return retryAfter > 120
    ? l10n.t("Bitbucket's rate limit is reached. Try again in {0} minutes.", Math.ceil(retryAfter / 60))
    : l10n.t("Bitbucket's rate limit is reached. Try again in {0} seconds.", retryAfter);
}

function badAnswer(message: string, fixes: readonly Fix[] = [tryAgain()]): UserError {
  return new UserError("BadAnswer", message, { fixes });
}

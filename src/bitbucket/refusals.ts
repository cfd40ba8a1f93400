import * as l10n from "@vscode/l10n";
import { UserError, type Fix } from "../errors";
import { parseErrorAnswer } from "./answers";
import type { HttpAnswer } from "./http";
import { accessTokensPage, apiTokensPage, repositoryPage } from "./pages";
import { fullName, type BitbucketSite, type RepositoryName } from "./site";

/** Whose request was refused: enough to name it and to lead to the page that mends it. */
export interface RefusalContext {
  readonly site: BitbucketSite;
  readonly repository: RepositoryName;
  readonly tokenPage: "access" | "api";
}

/** The one table from an HTTP answer that isn't a success to the words for a person. */
export function toRefusal(answer: HttpAnswer, context: RefusalContext): UserError {
  const name = fullName(context.repository);
  const retry: Fix = { kind: "retry", title: l10n.t("Try again"), change: {} };
  switch (answer.status) {
    case 401:
      return new UserError(
        "TokenRejected",
        l10n.t(
          "Bitbucket rejected the token for {0}: it is mistyped, expired or revoked. Create a new one on the token page.",
          name,
        ),
        { field: "token", fixes: [openTokenPage(context)] },
      );
    case 403:
      return toForbidden(answer, context);
    case 404:
      return new UserError(
        "RepositoryNotFound",
        l10n.t(
          "Bitbucket has no repository {0} that this token can see. Check the spelling, or create it.",
          name,
        ),
        {
          field: "repository",
          fixes: [
            {
              kind: "openUrl",
              title: l10n.t("Look on Bitbucket"),
              url: repositoryPage(context.site, context.repository),
            },
          ],
        },
      );
    case 410:
      return new UserError(
        "BadAnswer",
        l10n.t("Bitbucket has removed what was asked for (410). Update this extension and try again."),
        {
          fixes: [
            { kind: "runCommand", title: l10n.t("Show extensions"), command: "workbench.view.extensions" },
          ],
        },
      );
    case 429:
      return toRateLimited(answer);
    default:
      return new UserError(
        "BadAnswer",
        answer.status >= 500
          ? l10n.t("Bitbucket has a problem of its own (status {0}). Try again in a minute.", answer.status)
          : l10n.t(
              "Bitbucket gave an unexpected answer (status {0}). A proxy may have replaced it.",
              answer.status,
            ),
        { fixes: [retry] },
      );
  }
}

function toForbidden(answer: HttpAnswer, context: RefusalContext): UserError {
  const refusal = parseErrorAnswer(answer.body);
  if (!refusal) {
    return new UserError(
      "BadAnswer",
      l10n.t(
        "Access was refused (403), and not in Bitbucket's words. A proxy or an IP allow-list may stand between.",
      ),
      { fixes: [{ kind: "retry", title: l10n.t("Try again"), change: {} }] },
    );
  }
  return lacksScope(refusal.granted, refusal.required, context);
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
      ? l10n.t(
          "This token lacks {0} for {1}. Create one with it: scopes of a token can't be changed.",
          missing.join(", "),
          name,
        )
      : l10n.t("This token may not do that in {0}. Create one with the scopes ticked in the form.", name),
    { field: "token", granted, required, fixes: [openTokenPage(context)] },
  );
}

function toRateLimited(answer: HttpAnswer): UserError {
  const retryAfter = Number.parseInt(answer.header("retry-after") ?? "", 10);
  const retry: Fix = { kind: "retry", title: l10n.t("Try again"), change: {} };
  if (Number.isNaN(retryAfter)) {
    return new UserError(
      "RateLimited",
      l10n.t("Bitbucket's rate limit is reached. Try again in a few minutes."),
      {
        fixes: [retry],
      },
    );
  }
  return new UserError(
    "RateLimited",
    l10n.t("Bitbucket's rate limit is reached. Try again in {0} seconds.", retryAfter),
    { retryAfter, fixes: [retry] },
  );
}

export function openTokenPage(context: RefusalContext): Fix {
  const url =
    context.tokenPage === "api" ? apiTokensPage : accessTokensPage(context.site, context.repository);
  return { kind: "openUrl", title: l10n.t("Open token page"), url };
}

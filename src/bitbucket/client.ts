import * as l10n from "@vscode/l10n";
import { UserError } from "../errors";
import { parseRepositoryAnswer, parseRepositoryNames } from "./answers";
import type { HttpAnswer, Send } from "./http";
import { toRefusal, type RefusalContext } from "./refusals";
import { parseScopesHeader } from "./scopes";
import { fullName, type BitbucketSite, type RepositoryName } from "./site";
import { kindFromCredentialType, tokenHint, type TokenKind } from "./token";

/** A token as a person gives it: its kind and account only where they are known. */
export interface PresentedToken {
  readonly secret: string;
  readonly kind?: TokenKind;
  /** The Atlassian account's e-mail, which REST wants beside an API token. */
  readonly account?: string;
}

/** What one REST call tells about a token. */
export interface VerifiedToken {
  readonly kind: TokenKind;
  /** Spelled as Bitbucket spells it. */
  readonly repository: RepositoryName;
  readonly scopes: readonly string[];
}

/** Bitbucket's REST API 2.0, as far as connecting needs it. */
export class BitbucketClient {
  constructor(
    private readonly site: BitbucketSite,
    private readonly send: Send,
  ) {}

  /**
   * Asks for the repository with the token: one call that tells whether both exist, the token's kind and its
   * scopes. Throws TokenRejected, TokenLacksScope, RepositoryNotFound, WrongRepository and the network's kinds.
   * https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/
   */
  async verifyToken(
    repository: RepositoryName,
    token: PresentedToken,
    signal: AbortSignal,
  ): Promise<VerifiedToken> {
    const hint = token.kind ?? tokenHint(token.secret);
    const path = `/repositories/${encodeName(repository)}?fields=full_name,is_private,mainbranch.name`;
    const { answer, authorization } = await this.getAsAnyone(path, token, signal);
    if (answer.status !== 200) {
      const context: RefusalContext = {
        site: this.site,
        repository,
        tokenPage: hint === "api" ? "api" : "access",
      };
      throw await this.explain(answer, authorization, context, token, signal);
    }
    const [workspace = "", slug = ""] = parseRepositoryAnswer(answer.body).full_name.split("/");
    return {
      kind: token.kind ?? kindFromCredentialType(answer.header("x-credential-type"), hint),
      repository: { workspace, slug },
      scopes: parseScopesHeader(answer.header("x-oauth-scopes")),
    };
  }

  /** Signs in each way that such a token may use, the documented one first, until one isn't refused with 401. */
  private async getAsAnyone(path: string, token: PresentedToken, signal: AbortSignal) {
    let last: { answer: HttpAnswer; authorization: string } | undefined;
    for (const authorization of authorizations(token)) {
      last = { answer: await this.get(path, authorization, signal), authorization };
      if (last.answer.status !== 401) break;
    }
    if (!last) throw new Error("a token has at least one way to sign in");
    return last;
  }

  private async explain(
    answer: HttpAnswer,
    authorization: string,
    context: RefusalContext,
    token: PresentedToken,
    signal: AbortSignal,
  ): Promise<UserError> {
    if (answer.status === 401 && context.tokenPage === "api" && !token.account) return needsAccount();
    const refusal = toRefusal(answer, context);
    if (refusal.code !== "RepositoryNotFound" && refusal.code !== "TokenLacksScope") return refusal;
    const own = await this.onlyRepository(context.repository.workspace, authorization, signal);
    return own && own.toLowerCase() !== fullName(context.repository).toLowerCase()
      ? wrongRepository(own, context.repository)
      : refusal;
  }

  /** The repository that a repository token is for: it lists exactly that one. */
  private async onlyRepository(
    workspace: string,
    authorization: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const path = `/repositories/${encodeURIComponent(workspace)}?role=member&pagelen=2&fields=values.full_name`;
    const answer = await this.get(path, authorization, signal);
    if (answer.status !== 200) return undefined;
    const names = parseRepositoryNames(answer.body);
    return names.length === 1 ? names[0] : undefined;
  }

  private get(path: string, authorization: string, signal: AbortSignal): Promise<HttpAnswer> {
    return this.send({ url: this.site.apiUrl + path, authorization, accept: "application/json", signal });
  }
}

export function basic(user: string, secret: string): string {
  return `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
}

/** Access tokens are Bearer; API tokens are documented as Basic with the account's e-mail, and Bearer is reported. */
export function authorizations(token: PresentedToken): readonly string[] {
  const bearer = `Bearer ${token.secret}`;
  if (!token.account) return [bearer];
  const isApiToken = (token.kind ?? tokenHint(token.secret)) === "api";
  const asAccount = basic(token.account, token.secret);
  return isApiToken ? [asAccount, bearer] : [bearer, asAccount];
}

function encodeName(repository: RepositoryName): string {
  return `${encodeURIComponent(repository.workspace)}/${encodeURIComponent(repository.slug)}`;
}

function needsAccount(): UserError {
  return new UserError(
    "TokenRejected",
    l10n.t(
      "Bitbucket rejected this API token without an account. Enter the e-mail of your Atlassian account, or create a new token.",
    ),
    { field: "account" },
  );
}

function wrongRepository(own: string, wanted: RepositoryName): UserError {
  return new UserError(
    "WrongRepository",
    l10n.t("This token is for {0}, not for {1}. Use a token of {1}, or connect {0}.", own, fullName(wanted)),
    {
      field: "token",
      fixes: [{ kind: "retry", title: l10n.t("Connect {0}", own), change: { repository: own } }],
    },
  );
}

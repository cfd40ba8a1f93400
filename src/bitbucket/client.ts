import * as l10n from "@vscode/l10n";
import { UserError } from "../errors";
import { parseRepositoryAnswer, parseRepositoryNames, toRepositoryName } from "./answers";
import { withDeadline } from "./deadline";
import type { HttpAnswer, Send } from "./http";
import type { RefusalContext } from "../failures/fixes";
import { toRefusal } from "../failures/rest";
import { parseScopesHeader } from "./scopes";
import { fullName, isNameOf, type BitbucketSite, type RepositoryName } from "./site";
import { authorizations, sendAs, type PresentedToken } from "./signInWays";
import { kindFromCredentialType, tokenHint, type TokenKind } from "./token";

export type { PresentedToken } from "./signInWays";

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
    const send = withDeadline(this.send);
    const request = { url: this.site.apiUrl + path, accept: "application/json", signal };
    const { answer, authorization } = await sendAs(authorizations(token), send, request);
    if (answer.status !== 200) {
      const context: RefusalContext = {
        site: this.site,
        repository,
        tokenPage: hint === "api" ? "api" : "access",
      };
      if (answer.status === 401 && hint === "api" && !token.account) throw needsAccount();
      const ask = (url: string) => send({ ...request, url, authorization });
      const refusal = toRefusal(answer, context);
      throw hint === "api" ? refusal : await this.explain(refusal, repository, ask);
    }
    return {
      kind: token.kind ?? kindFromCredentialType(answer.header("x-credential-type"), hint),
      repository: toRepositoryName(parseRepositoryAnswer(answer.body).full_name),
      scopes: parseScopesHeader(answer.header("x-oauth-scopes")),
    };
  }

  /** A token that is refused here may be another repository's. */
  private async explain(
    refusal: UserError,
    wanted: RepositoryName,
    ask: (url: string) => Promise<HttpAnswer>,
  ): Promise<UserError> {
    if (refusal.code !== "RepositoryNotFound" && refusal.code !== "TokenLacksScope") return refusal;
    const own = await this.ownRepository(wanted.workspace, ask).catch((error: unknown) => {
      if (error instanceof UserError) return undefined; // no more is known, and the refusal stands
      throw error;
    });
    return own && !isNameOf(own, wanted) ? wrongRepository(own, wanted) : refusal;
  }

  /** The repository that a repository token is for: it lists exactly that one. So may a wider one, of a workspace with one. */
  private async ownRepository(
    workspace: string,
    ask: (url: string) => Promise<HttpAnswer>,
  ): Promise<string | undefined> {
    const path = `/repositories/${encodeURIComponent(workspace)}?role=member&pagelen=2&fields=values.full_name`;
    const answer = await ask(this.site.apiUrl + path);
    if (answer.status !== 200) return undefined;
    if (kindFromCredentialType(answer.header("x-credential-type"), undefined) !== "repository")
      return undefined;
    const names = parseRepositoryNames(answer.body);
    return names.length === 1 ? names[0] : undefined;
  }
}

function encodeName(repository: RepositoryName): string {
  return `${encodeURIComponent(repository.workspace)}/${encodeURIComponent(repository.slug)}`;
}

function needsAccount(): UserError {
  return new UserError(
    "TokenRejected",
    l10n.t(
      "Bitbucket rejected this API token without an email. Enter the email of your Atlassian account, or create a new token.",
    ),
    { field: "account" },
  );
}

function wrongRepository(own: string, wanted: RepositoryName): UserError {
  return new UserError(
    "WrongRepository",
    l10n.t("This token is for {0}, not {1}. Use a token for {1}, or connect {0}.", own, fullName(wanted)),
    {
      field: "token",
      fixes: [{ kind: "retry", title: l10n.t("Connect {0}", own), change: { repository: own } }],
    },
  );
}

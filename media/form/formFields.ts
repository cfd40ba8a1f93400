import * as l10n from "@vscode/l10n";
import { fullName, type RepositoryName } from "../../src/bitbucket/site";
import { tokenHint } from "../../src/bitbucket/token";
import type { FilledValues, FormState, FormValues } from "../../src/protocol/formMessages";
import { findKeptToken, type KeptToken } from "../../src/protocol/keptTokens";
import { BranchField } from "./branchField";
import { EmailField } from "./emailField";
import { ExpiryField } from "./expiryField";
import type { FaultTarget } from "./field";
import { FolderField } from "./folderField";
import { GitAccessField } from "./gitAccessField";
import { RemoteField } from "./remoteField";
import { RepositoryField } from "./repositoryField";
import { ScopesField } from "./scopesField";
import { TextField } from "./textField";
import { TokenField } from "./tokenField";
import { TokenKindField, type TokenKind } from "./tokenKindField";

interface Listeners {
  readonly onFolder: (folder: string) => void;
  /** The repository, or the kind of token, is another: so are the pages to open. */
  readonly onTarget: (fields: FormFields) => void;
}

/** All fields, and how one bears on another. */
export class FormFields {
  readonly folder: FolderField;
  readonly repository: RepositoryField;
  readonly kind = new TokenKindField();
  readonly scopes: ScopesField;
  readonly token = new TokenField();
  readonly account = new TextField({
    id: "account",
    label: l10n.t("Atlassian account email"),
    type: "email",
    required: true,
    hint: l10n.t("Bitbucket requires it with an API token."),
  });
  readonly expires = new ExpiryField();
  readonly email = new EmailField();
  readonly remote = new RemoteField();
  readonly branch = new BranchField();
  readonly gitAccess = new GitAccessField();

  #keptTokens: readonly KeptToken[] = [];

  constructor(private readonly listeners: Listeners) {
    this.folder = new FolderField((folder) => {
      this.#forgetFolder();
      listeners.onFolder(folder);
    });
    this.scopes = new ScopesField((canPush) => {
      this.branch.showMayPush(canPush);
    });
    this.repository = new RepositoryField((repository) => {
      this.#showRepository(repository);
    });
    this.kind.onChange(() => {
      this.setKind(this.kind.value);
    });
    this.account.root.hidden = true;
  }

  show(state: FormState): void {
    this.folder.show(state);
    this.repository.show(state);
    this.email.show(state);
    this.remote.show(state);
    this.branch.show(state);
    this.gitAccess.showState(state);
    this.#keptTokens = state.keptTokens;
    this.#offerKept(this.repository.repository);
  }

  /** Absent values keep what is there. */
  fill(values: FilledValues): void {
    this.repository.fill(values.repository);
    if (values.tokenKind) this.setKind(values.tokenKind);
    this.account.fill(values.account);
    this.scopes.fill(values.scopes);
    this.token.fill(values.token);
    this.email.fill(values.email);
    this.remote.fill(values.remote);
    this.remote.fillConflict(values.existingRemote);
    this.branch.fill(values.branch);
    this.gitAccess.fill(values.gitAccess);
    this.expires.fill(values.expires);
  }

  setKind(kind: TokenKind): void {
    this.kind.value = kind;
    this.scopes.showKind(kind);
    this.account.root.hidden = kind !== "api";
    this.listeners.onTarget(this);
  }

  /** An API token needs other fields than an access token; its first letters tell. */
  followToken(): void {
    const hint = tokenHint(this.token.value);
    if ((hint === "api" || hint === "access") && hint !== this.kind.value) this.setKind(hint);
  }

  /** Everything but the token, which is handed over on its own. */
  read(): Omit<FormValues, "token"> {
    const repository = this.repository.repository;
    return {
      folder: this.folder.control.value,
      repository: repository ? fullName(repository) : "",
      tokenKind: this.kind.value,
      account: this.kind.value === "api" ? this.account.value : "",
      scopes: [...this.scopes.ids],
      email: this.email.value,
      ...this.remote.read(),
      branch: this.branch.value,
      gitAccess: this.gitAccess.value,
      expires: this.expires.value,
    };
  }

  /** The fields by the names under which the extension reports a fault, in reading order. */
  targets(): ReadonlyMap<string, FaultTarget> {
    return new Map<string, FaultTarget>([
      ["folder", this.folder],
      ["repository", this.repository],
      ["kind", this.kind],
      ["tokenKind", this.kind],
      ["scopes", this.scopes],
      ["token", this.token],
      ["account", this.account],
      ["expires", this.expires.control.value === "date" ? this.expires.date : this.expires],
      ["email", this.email],
      ["remote", this.remote],
      ["existingRemote", this.remote],
      ["branch", this.branch],
      ["push", this.branch],
      ["gitAccess", this.gitAccess],
    ]);
  }

  /** Undefined where all that is needed is there, or stored. */
  firstEmpty(): FaultTarget | undefined {
    if (this.repository.value === "") return this.repository;
    const needsToken = this.token.value === "" && !this.token.isOfferTaken;
    if (needsToken) return this.token;
    return this.#accountProblem() === undefined ? undefined : this.account;
  }

  /** What the form itself can tell is wrong; the extension looks again. */
  problems(): readonly (readonly [field: string, message: string])[] {
    const found: readonly (readonly [string, string | undefined])[] = [
      ["repository", this.repository.problem()],
      ["token", this.token.problem()],
      ["account", this.#accountProblem()],
      ["expires", this.expires.problem()],
      ["email", this.email.problem()],
      ["remote", this.remote.problem()],
    ];
    return found.flatMap(([field, message]) => (message === undefined ? [] : [[field, message] as const]));
  }

  #accountProblem(): string | undefined {
    if (this.token.isOfferTaken || this.kind.value !== "api" || this.account.value.includes("@"))
      return undefined;
    return l10n.t("Enter the email of the Atlassian account that created the token.");
  }

  #showRepository(repository: RepositoryName | undefined): void {
    this.remote.showRepository(repository ? fullName(repository) : "");
    this.#offerKept(repository);
    this.listeners.onTarget(this);
  }

  #offerKept(repository: RepositoryName | undefined): void {
    const found = repository && findKeptToken(this.#keptTokens, fullName(repository));
    const { repositories = [], workspaces = [] } = found?.token ?? {};
    const [first = "BITBUCKET_TOKEN"] = [...repositories, ...workspaces];
    this.token.showOffer(found && { from: found.isOwn ? fullName(repository) : first, isOwn: found.isOwn });
  }

  /** What was entered belongs to the folder it was entered for. */
  #forgetFolder(): void {
    for (const field of [this.repository, this.email, this.remote, this.branch]) field.forget();
  }
}

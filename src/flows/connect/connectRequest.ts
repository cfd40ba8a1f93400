import type { PresentedToken } from "../../bitbucket/client";
import type { RepositoryName } from "../../bitbucket/site";
import type { ExistingRemote, GitAccess, StepId, StepState } from "../../protocol/formMessages";

/** Everything that a person (or a command's caller) decides about a connection. */
export interface ConnectRequest {
  readonly repository: RepositoryName;
  readonly token: PresentedToken;
  /** Scopes to insist on, by their ids in the catalogue. */
  readonly scopes: readonly string[];
  /** `user.email` for this repository; undefined leaves it as it is. */
  readonly email: string | undefined;
  readonly remote: string;
  /** What to do where that remote points elsewhere; `ask` throws RemoteExists. */
  readonly existingRemote: ExistingRemote;
  /** The branch to push; undefined pushes nothing. */
  readonly branch: string | undefined;
  readonly gitAccess: GitAccess;
  /** ISO date of the token's last day, where it is known. */
  readonly expires: string | undefined;
  /** Undo first what another window seems to be at, here or on another computer. */
  readonly takeOver?: boolean;
}

export interface ConnectOutcome {
  /** `workspace/slug`, spelled as Bitbucket spells it. */
  readonly repository: string;
  readonly remote: string;
  /** The remote's clean URL, without a secret in every mode. */
  readonly url: string;
  readonly branch: string | undefined;
  /** Whether commits travelled; false where nothing was to be pushed. */
  readonly pushed: boolean;
  /** Worth knowing, in words for the person. */
  readonly notes: readonly string[];
}

/** Told of each step as it changes; `detail` is for the person, and never holds a secret. */
export type ReportStep = (id: StepId, state: StepState, detail?: string) => void;

import type { RepositoryName } from "../../bitbucket/site";
import type { LocalRepository } from "../../git/localRepository";
import type { GitAccess, StepId, StepState } from "../../protocol/formMessages";
import type { ConnectOutcome } from "../connect/connectRequest";
import type { Identity } from "./prepareFolderLook";

/** Everything that a person (or a command's caller) decides about publishing a folder. */
export interface PublishRequest {
  readonly folder: string;
  readonly workspace: string;
  /** As people read it; its slug stands in the address. */
  readonly name: string;
  /** A project's key; Bitbucket takes the workspace's oldest where undefined. */
  readonly project: string | undefined;
  readonly isPrivate: boolean;
  /** The repository that the person says is there, made on Bitbucket's page. */
  readonly existing: RepositoryName | undefined;
  /** Whether the proposed `.gitignore` is written. */
  readonly writesIgnored: boolean;
  /** What the first commit takes in; undefined: all that nothing warns of. */
  readonly files: readonly string[] | undefined;
  readonly identity: Identity | undefined;
  /** The editor's own setting; git's where undefined. */
  readonly defaultBranch: string | undefined;
  readonly gitAccess: GitAccess;
}

export type PublishOutcome =
  | { readonly kind: "published"; readonly connection: ConnectOutcome }
  /** No token that is kept may create it: the person does, on this page. Nothing has changed. */
  | { readonly kind: "needsPage"; readonly url: string }
  /** It is there, and no token that is kept may push to it. The folder is ready, until `undo`. */
  | { readonly kind: "needsToken"; readonly repository: string; readonly undo: () => Promise<void> }
  /** All is as before, but for an empty repository that was `created` and waits for the next try. */
  | { readonly kind: "cancelled"; readonly created: string | undefined };

export type PublishStepId = "look" | "prepare" | "create" | StepId;
export type ReportPublish = (id: PublishStepId, state: StepState, detail?: string) => void;

/** The editor's repository in a folder. Throws NotARepository. */
export type OpenLocal = (folder: string) => Promise<LocalRepository>;

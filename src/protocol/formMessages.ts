import * as v from "valibot";

/**
 * The messages between the connect form (a webview) and the extension. Both ends parse what arrives, so
 * neither trusts the other; both switch over closed unions, so a forgotten message doesn't compile.
 */

export const stepIds = ["check", "verify", "store", "remote", "credentials", "address", "push"] as const;
export type StepId = (typeof stepIds)[number];

const stepState = v.picklist(["waiting", "running", "done", "skipped", "failed", "undone"]);
export type StepState = v.InferOutput<typeof stepState>;

const gitAccess = v.picklist(["vscode", "credentialHelper", "remoteUrl"]);
export type GitAccess = v.InferOutput<typeof gitAccess>;

/** What to do with a remote of the chosen name that points elsewhere; `ask` leaves it and reports RemoteExists. */
const existingRemote = v.picklist(["ask", "replace", "rename", "keepPushUrl"]);
export type ExistingRemote = v.InferOutput<typeof existingRemote>;

const formValues = v.object({
  folder: v.string(),
  repository: v.string(),
  tokenKind: v.picklist(["access", "api"]),
  /** The Atlassian account's e-mail: REST needs it beside an API token. Empty for access tokens. */
  account: v.string(),
  /** Scopes to insist on, as ids of the catalogue in bitbucket/scopes. */
  scopes: v.array(v.string()),
  /** Empty: use the token of the last try, or else the one that is kept for the repository. */
  token: v.string(),
  email: v.string(),
  remote: v.string(),
  existingRemote,
  /** Empty: don't push yet. */
  branch: v.string(),
  gitAccess,
  /** An ISO date (`2027-05-31`), or empty where it isn't known. */
  expires: v.string(),
  /** Undo first what another window seems to be at. Of a button, never of the form. */
  takeOver: v.optional(v.boolean()),
});
export type FormValues = v.InferOutput<typeof formValues>;
export type FormField = keyof FormValues;

/** Fields to fill in; absent ones keep what the person typed. */
const filledValues = v.partial(formValues);
export type FilledValues = v.InferOutput<typeof filledValues>;

const formRemote = v.object({
  name: v.string(),
  /** What a person may see of its URL: without user name and secret. */
  displayUrl: v.string(),
  /** `workspace/slug` where it is on the configured Bitbucket. */
  repository: v.optional(v.string()),
  /** Where a remote like this one is best renamed to, when its name is wanted. */
  renameTo: v.string(),
  /** The URL holds a token in plain text. */
  holdsToken: v.boolean(),
});
export type FormRemote = v.InferOutput<typeof formRemote>;

/** The repository that the form is about, as it is now. */
const formState = v.object({
  /** Open repositories to choose from; the form asks only where there are several. */
  folders: v.array(v.object({ path: v.string(), name: v.string() })),
  folder: v.string(),
  webUrl: v.string(),
  apiUrl: v.string(),
  remotes: v.array(formRemote),
  /** A remote name that is free: `origin`, else `bitbucket`, … */
  freeRemote: v.string(),
  branches: v.array(v.string()),
  currentBranch: v.optional(v.string()),
  /** `user.email` as set in this repository, and as it is inherited. */
  localEmail: v.optional(v.string()),
  inheritedEmail: v.optional(v.string()),
  /** Whose the next commit will be, as Git says. */
  author: v.optional(v.object({ name: v.string(), email: v.string() })),
  /** `author.email` says so, which outweighs any commit email. */
  isAuthorFixed: v.optional(v.boolean()),
  gitAccess,
  useBotEmail: v.boolean(),
  /** git has a credential helper of the person's own, so `credentialHelper` can work. */
  hasCredentialHelper: v.boolean(),
  /** What the extension keeps: the form may leave the token to it. */
  keptTokens: v.array(
    v.object({
      kind: v.picklist(["repository", "project", "workspace", "api"]),
      repositories: v.array(v.string()),
      workspaces: v.exactOptional(v.array(v.string())),
      isBounded: v.exactOptional(v.boolean()),
      refused: v.exactOptional(v.array(v.string())),
    }),
  ),
  /** Workspace trust, a missing git, no repository: why nothing can be connected, and what to do. */
  obstacle: v.optional(v.object({ message: v.string(), fixes: v.array(v.string()) })),
});
export type FormState = v.InferOutput<typeof formState>;

const messageToExtension = v.variant("type", [
  v.object({ type: v.literal("ready") }),
  v.object({ type: v.literal("chooseFolder"), folder: v.string() }),
  v.object({ type: v.literal("connect"), values: formValues }),
  v.object({ type: v.literal("cancel") }),
  /** Something was entered, for the first time. */
  v.object({ type: v.literal("edited") }),
  v.object({ type: v.literal("close") }),
  v.object({
    type: v.literal("openTokenPage"),
    repository: v.string(),
    tokenKind: v.picklist(["access", "api"]),
  }),
  v.object({ type: v.literal("openCreatePage"), repository: v.string() }),
  v.object({ type: v.literal("openRepositoryPage") }),
  /** Press the n-th button under the error shown; what it repeats is what the form holds by then. */
  v.object({ type: v.literal("fix"), index: v.number(), values: formValues }),
]);
export type MessageToExtension = v.InferOutput<typeof messageToExtension>;

const messageToForm = v.variant("type", [
  v.object({ type: v.literal("state"), state: formState, values: filledValues }),
  v.object({ type: v.literal("fill"), values: filledValues }),
  v.object({
    type: v.literal("progress"),
    steps: v.array(
      v.object({
        id: v.picklist(stepIds),
        label: v.string(),
        state: stepState,
        detail: v.optional(v.string()),
      }),
    ),
  }),
  v.object({
    type: v.literal("failed"),
    message: v.string(),
    /** The field to mark, if one is at fault. */
    field: v.optional(v.string()),
    fixes: v.array(v.string()),
    /** The extension still holds the token of this try: the field may stay empty. */
    tokenKept: v.boolean(),
  }),
  v.object({ type: v.literal("cancelled"), tokenKept: v.boolean() }),
  v.object({
    type: v.literal("connected"),
    message: v.string(),
    /** Things worth knowing: scopes the token has and nobody asked for, a warning of the mode. */
    notes: v.array(v.string()),
  }),
]);
export type MessageToForm = v.InferOutput<typeof messageToForm>;

/** Undefined for anything that isn't exactly one of the messages. */
export function parseMessageToExtension(message: unknown): MessageToExtension | undefined {
  const result = v.safeParse(messageToExtension, message);
  return result.success ? result.output : undefined;
}

export function parseMessageToForm(message: unknown): MessageToForm | undefined {
  const result = v.safeParse(messageToForm, message);
  return result.success ? result.output : undefined;
}

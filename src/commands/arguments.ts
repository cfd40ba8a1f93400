import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import * as vscode from "vscode";
import { UserError, type ErrorKind } from "../errors";
import { toPlainObject } from "./plainArgument";

const folder = v.union([
  v.custom<vscode.Uri>((value) => value instanceof vscode.Uri),
  v.pipe(
    v.string(),
    v.minLength(1),
    v.transform((path) =>
      /^[a-z][\w+.-]+:\/\//i.test(path) ? vscode.Uri.parse(path, true) : vscode.Uri.file(path),
    ),
  ),
]);

const connectAllArgument = v.object({ folders: v.optional(v.array(folder)) });

export function parseConnectAllArgument(argument: unknown): v.InferOutput<typeof connectAllArgument> {
  return parse(connectAllArgument, argument);
}

const setUpArgument = v.object({
  enable: v.optional(v.boolean()),
  /** What the button under a config that another tool manages does. */
  copy: v.optional(v.boolean()),
});
type SetUpArgument = v.InferOutput<typeof setUpArgument>;

export function parseSetUpArgument(argument: unknown): SetUpArgument {
  return parse(setUpArgument, argument);
}

const lineNumber = v.pipe(v.number(), v.integer(), v.minValue(1));

const connectArgument = v.object({
  folder: v.optional(folder),
  repository: v.optional(v.string()),
  token: v.optional(v.string()),
  kind: v.optional(v.picklist(["repository", "project", "workspace", "api"])),
  account: v.optional(v.string()),
  scopes: v.optional(v.array(v.string())),
  email: v.optional(v.string()),
  remote: v.optional(v.string()),
  existingRemote: v.optional(v.picklist(["ask", "replace", "rename", "keepPushUrl"])),
  branch: v.optional(v.string()),
  push: v.optional(v.boolean()),
  gitAccess: v.optional(v.picklist(["vscode", "credentialHelper", "remoteUrl"])),
  expires: v.optional(v.union([v.pipe(v.string(), v.isoDate()), v.literal("")])),
  takeOver: v.optional(v.boolean()),
});
export type ConnectArgument = v.InferOutput<typeof connectArgument>;

const disconnectArgument = v.object({ folder: v.optional(folder), keepRemote: v.optional(v.boolean()) });
export type DisconnectArgument = v.InferOutput<typeof disconnectArgument>;

const replaceArgument = v.object({
  repository: v.optional(v.string()),
  token: v.optional(v.string()),
  account: v.optional(v.string()),
  expires: v.optional(v.union([v.pipe(v.string(), v.isoDate()), v.literal("")])),
});
export type ReplaceArgument = v.InferOutput<typeof replaceArgument>;

const addArgument = v.object({
  /** What the person is about to need it for. */
  repository: v.optional(v.string()),
  token: v.optional(v.string()),
  account: v.optional(v.string()),
  expires: v.optional(v.union([v.pipe(v.string(), v.isoDate()), v.literal("")])),
});
export type AddArgument = v.InferOutput<typeof addArgument>;

export function parseAddArgument(argument: unknown): AddArgument {
  return parse(addArgument, argument);
}

export function parseReplaceArgument(argument: unknown): ReplaceArgument {
  return parse(replaceArgument, argument);
}

const pushArgument = v.object({
  folder: v.optional(folder),
  branch: v.optional(v.string()),
  remote: v.optional(v.string()),
  /** The branch on Bitbucket. */
  target: v.optional(v.string()),
  confirm: v.optional(v.boolean()),
  tags: v.optional(v.boolean()),
  plain: v.optional(v.boolean()),
  /** What a button under a refused push does before it pushes again. */
  first: v.optional(
    v.picklist(["pull", "merge", "rebase", "mergeUnrelated", "newBranch", "look", "connect"]),
  ),
});
export type PushArgument = v.InferOutput<typeof pushArgument>;

const checkArgument = v.object({ folder: v.optional(folder) });
export type CheckArgument = v.InferOutput<typeof checkArgument>;

export function parseCheckArgument(argument: unknown): CheckArgument {
  return parse(checkArgument, argument);
}

const openArgument = v.object({
  folder: v.optional(folder),
  branch: v.optional(v.string()),
  /** Below the repository's folder, with `/`. */
  path: v.optional(v.string()),
  /** The first and the last, counted from 1. */
  lines: v.optional(v.tuple([lineNumber, lineNumber])),
});
export type OpenArgument = v.InferOutput<typeof openArgument>;

export function parsePushArgument(argument: unknown): PushArgument {
  return parse(pushArgument, argument);
}

export function parseOpenArgument(argument: unknown): OpenArgument {
  return parse(openArgument, argument);
}

const cloneArgument = v.object({
  repository: v.optional(v.string()),
  /** The parent: the clone gets a folder of its own in it. */
  directory: v.optional(folder),
  /** The clone's own folder, where it is not the repository's name. */
  name: v.optional(v.string()),
  branch: v.optional(v.string()),
  singleBranch: v.optional(v.boolean()),
  shallow: v.optional(v.boolean()),
  open: v.optional(v.union([v.boolean(), v.picklist(["here", "newWindow", "addToWorkspace"])])),
  token: v.optional(v.string()),
  account: v.optional(v.string()),
  /** Ask for the token, whatever else is answered. */
  askToken: v.optional(v.boolean()),
});
export type CloneArgument = v.InferOutput<typeof cloneArgument>;

export function parseCloneArgument(argument: unknown): CloneArgument {
  return parse(cloneArgument, argument);
}

const publishArgument = v.object({
  folder: v.optional(folder),
  workspace: v.optional(v.string()),
  /** As people read it; Bitbucket makes the address of it. */
  name: v.optional(v.string()),
  /** A project's key; empty for Bitbucket's choice. */
  project: v.optional(v.string()),
  private: v.optional(v.boolean()),
  /** Whether to write the `.gitignore` that the folder's content calls for. */
  gitignore: v.optional(v.boolean()),
  /** Below the folder, with `/`: what the first commit takes in. */
  files: v.optional(v.array(v.string())),
  userName: v.optional(v.string()),
  userEmail: v.optional(v.string()),
  /** Ask for what is open, whatever else is answered. */
  ask: v.optional(v.boolean()),
});
export type PublishArgument = v.InferOutput<typeof publishArgument>;

export function parsePublishArgument(argument: unknown): PublishArgument {
  return parse(publishArgument, argument);
}

export function parseConnectArgument(argument: unknown): ConnectArgument {
  return parse(connectArgument, argument);
}

export function parseDisconnectArgument(argument: unknown): DisconnectArgument {
  return parse(disconnectArgument, argument);
}

/** What isn't an argument object asks all the questions. */
function parse<T>(schema: v.GenericSchema<unknown, T>, argument: unknown): T {
  const result = v.safeParse(schema, toPlainObject(argument));
  if (result.success) return result.output;
  const field = v.getDotPath(result.issues[0]) ?? "";
  throw new UserError(
    kindOf(field),
    l10n.t("The argument “{0}” has the wrong type for this command. See the README.", field),
    { field },
  );
}

function kindOf(field: string): ErrorKind {
  if (field === "folder" || field.startsWith("folders")) return "NotARepository";
  if (field === "branch") return "BranchNotFound";
  return field === "token" || field === "kind" || field === "account" || field === "expires"
    ? "InvalidToken"
    : "InvalidRepository";
}

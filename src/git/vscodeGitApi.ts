import * as vscode from "vscode";
import { isInitialized, listenToGit } from "./gitStart";

/**
 * The built-in git extension's API, narrowed to what we call.
 * https://github.com/microsoft/vscode/blob/main/extensions/git/src/api/git.d.ts
 */
export interface GitApi {
  readonly state: "uninitialized" | "initialized";
  readonly onDidChangeState: vscode.Event<"uninitialized" | "initialized">;
  readonly git: { readonly path: string };
  readonly repositories: readonly GitApiRepository[];
  readonly onDidOpenRepository: vscode.Event<GitApiRepository>;
  readonly onDidCloseRepository: vscode.Event<GitApiRepository>;
  getRepository(uri: vscode.Uri): GitApiRepository | null;
  openRepository(root: vscode.Uri): Promise<GitApiRepository | null>;
  registerCredentialsProvider(provider: GitCredentialsProvider): vscode.Disposable;
  registerRemoteSourceProvider(provider: GitRemoteSourceProvider): vscode.Disposable;
  registerRemoteSourcePublisher(publisher: GitRemoteSourcePublisher): vscode.Disposable;
  registerPushErrorHandler(handler: GitPushErrorHandler): vscode.Disposable;
  toGitUri(file: vscode.Uri, ref: string): vscode.Uri;
}

export interface GitApiRepository {
  readonly rootUri: vscode.Uri;
  readonly state: GitApiRepositoryState;
  readonly ui: { readonly selected: boolean; readonly onDidChange: vscode.Event<void> };
  setConfig(key: string, value: string): Promise<string>;
  addRemote(name: string, url: string): Promise<void>;
  renameRemote(name: string, newName: string): Promise<void>;
  getBranches(query: { readonly remote?: boolean; readonly count?: number }): Promise<readonly GitApiRef[]>;
  status(): Promise<void>;
  pull(): Promise<void>;
  getMergeBase(first: string, second: string): Promise<string | undefined>;
  /** What changed from where the two parted to the second. */
  diffBetween(first: string, second: string): Promise<readonly GitApiChange[]>;
}

export interface GitApiRepositoryState {
  readonly HEAD: GitApiHead | undefined;
  readonly remotes: readonly GitApiRemote[];
  readonly onDidChange: vscode.Event<void>;
}

export interface GitApiRef {
  readonly name?: string;
  readonly commit?: string;
}

/** `name` is absent on a detached HEAD, `commit` before the first commit. */
export interface GitApiHead extends GitApiRef {
  readonly upstream?: { readonly remote: string; readonly name: string };
  readonly ahead?: number;
  readonly behind?: number;
}

export interface GitApiRemote {
  readonly name: string;
  readonly fetchUrl?: string;
  readonly pushUrl?: string;
}

/** Both sides of a change; the same file unless it was renamed. */
export interface GitApiChange {
  /** https://github.com/microsoft/vscode/blob/main/extensions/git/src/api/git.constants.ts */
  readonly status: number;
  readonly originalUri: vscode.Uri;
  readonly uri: vscode.Uri;
}

/** Asked after a push of the editor's own has failed; true where the person has been told. */
export interface GitPushErrorHandler {
  handlePushError(
    repository: GitApiRepository,
    remote: GitApiRemote,
    refspec: string,
    error: Error & { readonly stderr?: string },
  ): Promise<boolean>;
}

export interface GitCredentialsProvider {
  getCredentials(host: vscode.Uri): Promise<{ username: string; password: string } | undefined>;
}

export interface GitRemoteSource {
  readonly name: string;
  readonly description?: string;
  readonly detail?: string;
  /** The id of a theme icon. */
  readonly icon?: string;
  readonly url: string;
}

/** Repositories that the built-in “Git: Clone” offers. */
export interface GitRemoteSourceProvider {
  readonly name: string;
  readonly icon?: string;
  readonly supportsQuery?: boolean;
  getRemoteSources(query?: string): Promise<GitRemoteSource[]>;
  getRecentRemoteSources(query?: string): Promise<(GitRemoteSource & { readonly timestamp: number })[]>;
  getBranches(url: string): Promise<string[]>;
}

/** Where the built-in “Publish Branch” can bring a repository that has no remote. */
export interface GitRemoteSourcePublisher {
  readonly name: string;
  readonly icon?: string;
  publishRepository(repository: GitApiRepository): Promise<void>;
}

/** What the built-in git extension exports, whether there is git or not. */
export interface GitExtension {
  readonly enabled: boolean;
  readonly onDidChangeEnablement: vscode.Event<boolean>;
  getAPI(version: 1): GitApi;
}

/**
 * Why there is no git to work with: no trust or no folder on disk (the git extension isn't there then), switched off, not
 * installed, or not ready yet.
 */
export type MissingGit = "untrusted" | "virtual" | "disabled" | "notInstalled" | "starting";

const initializationTimeoutMs = 10_000;

/**
 * The git extension's API, ready to use. It is asked for at each use and never kept: the extension appears with
 * workspace trust and goes when `git.enabled` is switched off.
 */
export async function findGitApi(): Promise<GitApi | MissingGit> {
  const api = await findStartingGitApi();
  if (typeof api === "string") return api;
  return (await isInitialized(api, initializationTimeoutMs)) ? api : "starting";
}

/** The same, for who follows its events: in a big workspace its repositories come one by one, for a minute. */
export async function findStartingGitApi(): Promise<GitApi | Exclude<MissingGit, "starting">> {
  if (!vscode.workspace.isTrusted) return "untrusted";
  const extension = vscode.extensions.getExtension<GitExtension>("vscode.git");
  if (!extension) return isVirtualWorkspace() ? "virtual" : "disabled";
  const exports = extension.isActive ? extension.exports : await extension.activate();
  if (!exports.enabled) return isSwitchedOff() ? "disabled" : "notInstalled";
  return exports.getAPI(1);
}

/**
 * When the git extension, where it runs, has found git or let go of it (`git.enabled` comes true a moment before), and when
 * it is ready.
 */
export function onDidChangeGit(listener: () => void): vscode.Disposable {
  const extension = vscode.extensions.getExtension<GitExtension>("vscode.git");
  if (!extension?.isActive) return new vscode.Disposable(() => undefined);
  return vscode.Disposable.from(listenToGit(extension.exports, listener));
}

/** As the editor has it: a workspace without any folder on disk. git may run, and finds nothing there. */
export function isVirtualWorkspace(): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length > 0 && folders.every(({ uri }) => uri.scheme !== "file");
}

function isSwitchedOff(): boolean {
  return !vscode.workspace.getConfiguration("git").get("enabled", true);
}

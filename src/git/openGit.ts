import { simpleGit, type SimpleGit, type SimpleGitOptions, type SimpleGitProgressEvent } from "simple-git";

export interface GitOptions {
  readonly dir: string;
  readonly signal?: AbortSignal;
  /** What git reports while it works: `Writing objects`, 42. */
  readonly onProgress?: (stage: string, percent: number) => void;
  /** Written to git's standard input. */
  readonly input?: string;
  /** Added to the environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts the git that the editor found. */
export type OpenGit = (options: GitOptions) => SimpleGit;

/** What git must not inherit: names of another repository, from a hook or a terminal, and our own token. */
const withheldVariables = [
  "BITBUCKET_TOKEN",
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_COMMON_DIR",
  "GIT_NAMESPACE",
  "GIT_PREFIX",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
];

/**
 * simple-git refuses, by name, whatever could make git run a program. The arguments here are ours alone and the
 * environment is the person's own, so each refusal that stands in the way of an ordinary git is lifted, once, here.
 * https://github.com/steveukx/git-js/blob/main/docs/PLUGIN-UNSAFE-ACTIONS.md
 */
const lifted: NonNullable<SimpleGitOptions["unsafe"]> = {
  allowUnsafeCustomBinary: true, // `C:\Program Files\Git\…`
  allowUnsafeCredentialHelper: true, // what we configure
  allowUnsafeUrlRewrite: true, // what takes a rewrite away from our own URL
  allowUnsafeFsMonitor: true, // switched off for our own read-only calls
  allowUnsafeHooksPath: true,
  allowUnsafeAskPass: true, // switched off: git never asks on our behalf
  allowUnsafeConfigPaths: true, // GIT_CONFIG_GLOBAL and the like, as the person has them
  allowUnsafeConfigEnvCount: true,
  allowUnsafeSshCommand: true,
  allowUnsafeGitProxy: true,
  allowUnsafeEditor: true,
  allowUnsafePager: true,
  allowUnsafeExec: true,
  allowUnsafeTemplateDir: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeDiffExternal: true,
};

export function createOpenGit(binary: string): OpenGit {
  return (options) => {
    const env = gitEnvironment(options.env);
    return simpleGit({
      baseDir: options.dir,
      binary,
      unsafe: lifted,
      allowEnvironment: Object.keys(env),
      errors: failure,
      ...(options.signal && { abort: options.signal }),
      ...(options.input !== undefined && { input: () => options.input }),
      ...(options.onProgress && {
        progress: ({ stage, progress }: SimpleGitProgressEvent) => options.onProgress?.(stage, progress),
      }),
    }).env(env);
  };
}

type Failure = NonNullable<SimpleGitOptions["errors"]>;

/**
 * By itself simple-git takes for success whatever said nothing on stderr, and a git that a signal ended: a clone whose
 * connection breaks at the wrong moment dies of SIGPIPE. https://github.com/steveukx/git-js/blob/main/docs/PLUGIN-ERRORS.md
 */
const failure: Failure = (error, { exitCode, stdOut, stdErr }) => {
  if (error !== undefined || exitCode === 0) return error;
  const said = Buffer.concat([...stdOut, ...stdErr]);
  if (said.length > 0 && !isEndedBySignal(exitCode)) return said;
  const end = isEndedBySignal(exitCode)
    ? "git was ended by the system"
    : `git ended with exit code ${exitCode}`;
  return Buffer.concat([said, Buffer.from(`\n${end}`)]);
};

/** Node gives `null` then, which simple-git's types don't know. */
function isEndedBySignal(exitCode: number | null): boolean {
  return exitCode === null;
}

/** The person's environment, less what would redirect us, and with every way for git to ask closed. */
function gitEnvironment(extra: GitOptions["env"] = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...Object.fromEntries(withheldVariables.map((name) => [name, undefined])),
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    SSH_ASKPASS: "",
    GCM_INTERACTIVE: "never",
    // Git's own words are read, and are to be English; the person's locale is left to their hooks.
    LANGUAGE: "C",
    ...extra,
  };
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

/**
 * Before the verb of a call to Bitbucket: where nothing moves for half a minute, nobody is there. A git server at work
 * on a large push gives a sign of life every five seconds, but of five bytes, which curl may round down to none.
 * https://git-scm.com/docs/git-config#Documentation/git-config.txt-receivekeepAlive
 */
export const unlessSilent = ["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=30"] as const;

/** Before the verb of a read-only call: the repository's config can't make it run a program. */
export const readOnly = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"] as const;

/** Every way in which a user's action can fail, as commands report it in `error.code`. */
export const errorKinds = [
  "NotARepository",
  "InvalidRepository",
  "InvalidToken",
  "TokenRejected",
  "TokenLacksScope",
  "RepositoryNotFound",
  "WrongRepository",
  "RemoteExists",
  "BranchNotFound",
  "NothingToPush",
  "PushRejected",
  "UnrelatedHistories",
  "DirectoryNotEmpty",
  "RateLimited",
  "Offline",
  "BadAnswer",
  "GitMissing",
  "Untrusted",
] as const;

export type ErrorKind = (typeof errorKinds)[number];

/** What a button under an error does. */
export type Fix =
  | { readonly kind: "openUrl"; readonly title: string; readonly url: string }
  | {
      readonly kind: "runCommand";
      readonly title: string;
      readonly command: string;
      readonly args?: readonly unknown[];
      /** Repeat the action that failed once the command has done its work. */
      readonly thenRetry?: true;
    }
  /** Repeat the action that failed, with some of its arguments changed. */
  | { readonly kind: "retry"; readonly title: string; readonly change: Readonly<Record<string, unknown>> };

export interface ErrorDetails {
  /** The argument or form field to look at, by its name in the command's argument object. */
  readonly field?: string;
  readonly fixes?: readonly Fix[];
  readonly cause?: unknown;
  /** TokenLacksScope: what the token has and what the action needs, in Bitbucket's scope names. */
  readonly granted?: readonly string[];
  readonly required?: readonly string[];
  /** RateLimited: seconds to wait, where Bitbucket says. */
  readonly retryAfter?: number;
}

/**
 * An error we expected, already worded for the person: what happened, then what to do next.
 * The message never holds a secret or text that a person pasted.
 */
export class UserError extends Error {
  readonly field: string | undefined;
  readonly fixes: readonly Fix[];
  readonly granted: readonly string[] | undefined;
  readonly required: readonly string[] | undefined;
  readonly retryAfter: number | undefined;

  constructor(
    readonly code: ErrorKind,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "UserError";
    this.field = details.field;
    this.fixes = details.fixes ?? [];
    this.granted = details.granted;
    this.required = details.required;
    this.retryAfter = details.retryAfter;
  }
}

type Change = Extract<Fix, { kind: "retry" }>["change"];

/** The same error, whose retries repeat these arguments too: a token that a person pasted is shown once elsewhere. */
export function repeatingArguments(error: UserError, repeated: Change): UserError {
  return withRetries(error, (change) => ({ ...repeated, ...change }));
}

/** The same error for other extensions: the token that a person gave us is for our own buttons alone. */
export function withoutToken(error: UserError): UserError {
  const holdsToken = error.fixes.some((fix) => fix.kind === "retry" && "token" in fix.change);
  if (!holdsToken && !(error.cause instanceof UserError)) return error;
  const withheld = withRetries(error, (change) =>
    Object.fromEntries(Object.entries(change).filter(([name]) => name !== "token")),
  );
  if (error.cause instanceof UserError) withheld.cause = withoutToken(error.cause);
  return withheld;
}

function withRetries(error: UserError, toChange: (change: Change) => Change): UserError {
  const fixes = error.fixes.map((fix): Fix =>
    fix.kind === "retry" ? { ...fix, change: toChange(fix.change) } : fix,
  );
  return withFixes(error, fixes);
}

/** The same error with other buttons, and perhaps more words. */
export function withFixes(error: UserError, fixes: readonly Fix[], message = error.message): UserError {
  const { code, field, granted, required, retryAfter } = error;
  return new UserError(code, message, {
    fixes,
    cause: error.cause,
    ...(field !== undefined && { field }),
    ...(granted && { granted }),
    ...(required && { required }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}

/** What is wrong with what was typed, in words; undefined where it can be read. */
export function problemOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

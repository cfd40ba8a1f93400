/**
 * Why a push failed, read from git's stderr: its exit code doesn't tell, and the words are git's, curl's, Bitbucket's
 * or a hook's. Messages are Git's English: openGit asks for it, and so does the editor for its own Git.
 */
export type PushFailure =
  | { readonly kind: PlainKind }
  /** A status that has no row of its own. */
  | { readonly kind: "serverProblem"; readonly status: string }
  /** In somebody else's words, as they came: Bitbucket's, a hook's, SSH's, or git's own where nothing else is known. */
  | { readonly kind: WordyKind; readonly words: string };

type PlainKind =
  | "tokenRejected"
  | "signInAsked"
  | "appPassword"
  | "planForbids"
  | "notFound"
  | "rateLimited"
  | "untrustedCertificate"
  | "tlsFailed"
  | "proxyRefused"
  | "notGit"
  | "offline"
  | "notFastForward"
  | "tagExists"
  | "noSuchBranch";

type WordyKind =
  | "forbidden"
  | "tooLarge"
  | "branchRestricted"
  /** A hook of Bitbucket's, or Bitbucket itself. */
  | "hookDeclined"
  /** A hook of this repository. */
  | "localHook"
  | "largeFileStorage"
  | "sshRefused"
  /** `push.gpgSign` or `push.pushOption`, which Bitbucket's server doesn't take. */
  | "notSupported"
  /** A commit or a push that is to be signed, and can't be here. */
  | "cannotSign"
  | "other";

type Row = readonly [RegExp, (stderr: string, match: RegExpExecArray) => PushFailure];

const as = (kind: PlainKind) => (): PushFailure => ({ kind });
const status = (code: string) =>
  new RegExp(`returned error: ${code}|HTTP(?: code =)? ${code}\\b|from HTTP ${code}\\b`, "i");

/** Where git itself says why, whatever a hook printed before. Without any of it, a hook of this repository said no. */
const gitsOwnReason =
  /! \[|RPC failed|unable to access|hung up|src refspec|send-pack:|could not read (?:Username|Password)|Authentication failed|Could not read from remote/i;

/** The first row that matches decides, so the particular stand before the general. */
const rows: readonly Row[] = [
  [
    /does not support (?:--signed push|push options|push-options)/i,
    (stderr) => ({ kind: "notSupported", words: tail(stderr) }),
  ],
  [
    /gpg failed to sign|failed to sign the (?:data|push certificate)|couldn't load public key|error: unsupported value for gpg\.format/i,
    (stderr) => ({ kind: "cannotSign", words: tail(stderr) }),
  ],
  [/! \[remote rejected\]/i, explainRemoteRejection],
  [/! \[rejected\].*\((?:already exists|would clobber existing tag)\)/i, as("tagExists")],
  [/! \[rejected\]/i, as("notFastForward")],
  [/src refspec \S+ does not match any/i, as("noSuchBranch")],
  [
    /pre-receive hook declined|hook declined to update/i,
    (stderr) => explainHook(remoteWords(stderr) || tail(stderr)),
  ],
  // Whoever answered is no git server: git tries older ways, which end like this.
  [
    /git-http-push failed|not valid: is this a git repository|invalid server response|unable to update url base from redirection/i,
    as("notGit"),
  ],
  [/failed to push some refs/i, explainLocalHook],
  [
    /Permission denied \(publickey|Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|Too many authentication failures/i,
    (stderr) => ({ kind: "sshRefused", words: tail(stderr) }),
  ],
  [/terminal prompts disabled|could not read (?:Username|Password)/i, as("signInAsked")],
  [/\bapp passwords?\b/i, as("appPassword")],
  [status("410"), as("appPassword")],
  // Git says so whatever the server said of repositories: the sign-in was refused.
  [/Authentication failed for/i, as("tokenRejected")],
  [status("413"), (stderr) => ({ kind: "tooLarge", words: remoteWords(stderr) })],
  [status("429"), as("rateLimited")],
  [/too many requests|rate limit/i, as("rateLimited")],
  [status("402"), as("planForbids")],
  [status("403"), explainForbidden],
  [/git-receive-pack not permitted|Permission to \S+ denied/i, explainForbidden],
  [/HTTP code 407 from proxy|response 407|CONNECT tunnel failed|Proxy CONNECT aborted/i, as("proxyRefused")],
  [status("404"), as("notFound")],
  [/repository '.*' not found|Repository not found|no longer exists/i, as("notFound")],
  [status("401"), as("tokenRejected")],
  [/Authentication failed|Access denied|invalid credentials/i, as("tokenRejected")],
  [
    /(?:returned error: |HTTP |HTTP code = )([45]\d\d)/i,
    (_, match) => ({ kind: "serverProblem", status: match[1] ?? "500" }),
  ],
  [/certificate|CAfile|unknown CA|revocation|80092012|SEC_E_UNTRUSTED_ROOT/i, as("untrustedCertificate")],
  // The connection broke while TLS was being spoken; TLS is not at fault.
  [/SSL_ERROR_SYSCALL|SSL_ERROR_ZERO_RETURN|missing close_notify|unexpected eof/i, as("offline")],
  [/SSL|TLS|schannel|SEC_E_/i, as("tlsFailed")],
  [
    /Could not resolve|Failed to connect|Couldn't connect|timed out|Connection (?:was )?(?:reset|refused|aborted)|hung up|early EOF|RPC failed|unable to access|Network is unreachable|unexpected disconnect|Empty reply|Could not read from remote/i,
    as("offline"),
  ],
];

export function readPushFailure(said: string): PushFailure {
  const stderr = bounded(said);
  for (const [pattern, explain] of rows) {
    const match = pattern.exec(stderr);
    if (!match) continue;
    if (explain === explainLocalHook && gitsOwnReason.test(stderr)) continue;
    return explain(stderr, match);
  }
  return { kind: "other", words: tail(stderr) };
}

function explainRemoteRejection(stderr: string): PushFailure {
  const reason = /! \[remote rejected\].*\((.*)\)\s*$/im.exec(stderr)?.[1] ?? "";
  return explainHook(remoteWords(stderr) || clean(reason));
}

/** Bitbucket answers through hooks of its own too: branch restrictions, size limits. */
function explainHook(words: string): PushFailure {
  if (/size limit|over \d+(?:\.\d+)? ?[GM]B|too large|exceeds|exceeding/i.test(words))
    return { kind: "tooLarge", words };
  return {
    kind: /denied to update branch|branch (?:restriction|permission)|pull request|merge check|protected branch/i.test(
      words,
    )
      ? "branchRestricted"
      : "hookDeclined",
    words,
  };
}

function explainLocalHook(stderr: string): PushFailure {
  const words = tail(stderr);
  const isLfs = /git[- ]lfs|info\/lfs|\bLFS\b|batch response:/i.test(stderr);
  return { kind: isLfs ? "largeFileStorage" : "localHook", words };
}

function explainForbidden(stderr: string): PushFailure {
  return { kind: "forbidden", words: remoteWords(stderr) };
}

/** What the server said, line by line, without git's `remote: `. */
export function remoteWords(stderr: string): string {
  const lines = splitLines(bounded(stderr)).flatMap((line) => /^remote:\s?(.*?)\s*$/.exec(line)?.[1] ?? []);
  const isProgress =
    /^(?:Resolving deltas|Compressing|Counting|Enumerating|Processing|Checking connectivity)/;
  return clean(lines.filter((line) => !isProgress.test(line)).join("\n"));
}

function tail(stderr: string): string {
  const isNoise =
    /^(?:hint:|error: failed to push some refs|To |Everything up-to-date|Total \d|Delta compression)|^\S.*:\s+\d+% \(/;
  const lines = splitLines(stderr).filter((line) => line.trim() !== "" && !isNoise.test(line));
  const ofGit = lines.filter((line) => /^(?:fatal|error): /.test(line));
  return clean((ofGit.length > 0 ? ofGit : lines).slice(-8).join("\n"));
}

function splitLines(text: string): readonly string[] {
  return text.split(/\r\n|[\r\n]/);
}

const longestWords = 1000;
const longestLine = 2000;
const mostLines = 200;

/** Others can make it as long as they like: the first lines of it, and the last, tell why, and each by its beginning. */
function bounded(text: string): string {
  const lines = splitLines(text).map((line) => line.slice(0, longestLine));
  return [...lines.slice(0, mostLines), ...lines.slice(mostLines).slice(-mostLines)].join("\n");
}

/** Terminal colours and control characters out, a sign-in in a URL out, and an end to it. */
function clean(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n]\[[0-9;?]*[A-Za-z]/gu, "")
    .replace(/[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu, "")
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s@]+@/gi, "$1")
    .trim()
    .slice(0, longestWords);
}

/**
 * Why a push failed, read from git's stderr: its exit code doesn't tell, and the words are git's, curl's, Bitbucket's
 * or a hook's. Messages are git's English (openGit sets LC_ALL=C).
 */
export type PushFailure =
  | { readonly kind: PlainKind }
  | { readonly kind: "serverProblem"; readonly status: string }
  /** Bitbucket or a hook of its own said no; its words, as they came. */
  | { readonly kind: "branchRestricted" | "hookDeclined"; readonly words: string }
  /** A hook of this repository said no. */
  | { readonly kind: "localHook" | "largeFileStorage" | "other"; readonly words: string };

type PlainKind =
  | "tokenRejected"
  | "signInAsked"
  | "forbidden"
  | "notFound"
  | "removed"
  | "tooLarge"
  | "rateLimited"
  | "untrustedCertificate"
  | "offline"
  | "notFastForward"
  | "noSuchBranch";

type Row = readonly [RegExp, (stderr: string, match: RegExpExecArray) => PushFailure];

const as = (kind: PlainKind) => (): PushFailure => ({ kind });
/** The first row that matches decides, so the particular stand before the general. */
const rows: readonly Row[] = [
  [/\[remote rejected\].*\(.*hook declined\)|pre-receive hook declined/i, explainHook],
  [/\[remote rejected\]/i, (stderr) => ({ kind: "hookDeclined", words: remoteWords(stderr) })],
  [/\[rejected\].*\((fetch first|non-fast-forward|stale info|needs force)\)/i, as("notFastForward")],
  [/src refspec \S+ does not match any/i, as("noSuchBranch")],
  [/terminal prompts disabled|could not read (Username|Password)/i, as("signInAsked")],
  [
    /returned error: 401|Authentication failed|HTTP Basic: Access denied|invalid credentials/i,
    as("tokenRejected"),
  ],
  [/returned error: 403|HTTP 403|denied to update|permission denied/i, as("forbidden")],
  [/returned error: 404|repository '.*' not found|Repository not found/i, as("notFound")],
  [/returned error: 410|HTTP 410/i, as("removed")],
  [/returned error: 413|HTTP 413|exceeds .*(limit|size)|Payload Too Large/i, as("tooLarge")],
  [/returned error: 429|HTTP 429|Too Many Requests|rate limit/i, as("rateLimited")],
  [
    /(?:returned error: |HTTP )(5\d\d)/i,
    (_, match) => ({ kind: "serverProblem", status: match[1] ?? "5xx" }),
  ],
  [/SSL|certificate|TLS|schannel|SEC_E_/i, as("untrustedCertificate")],
  [
    /Could not resolve|Failed to connect|Couldn't connect|timed out|Connection (reset|refused)|hung up|early EOF|RPC failed|unable to access|Network is unreachable|unexpected disconnect/i,
    as("offline"),
  ],
  [/git-lfs|git lfs|LFS/i, (stderr) => ({ kind: "largeFileStorage", words: tail(stderr) })],
  [/failed to push some refs/i, (stderr) => ({ kind: "localHook", words: tail(stderr) })],
];

export function readPushFailure(stderr: string): PushFailure {
  for (const [pattern, explain] of rows) {
    const match = pattern.exec(stderr);
    if (match) return explain(stderr, match);
  }
  return { kind: "other", words: tail(stderr) };
}

function explainHook(stderr: string): PushFailure {
  const words = remoteWords(stderr);
  return {
    kind: /branch|permission|restrict|pull request/i.test(words) ? "branchRestricted" : "hookDeclined",
    words,
  };
}

/** What the server said, line by line, without git's `remote: `. */
export function remoteWords(stderr: string): string {
  const lines = stderr.split(/\r\n|[\r\n]/).flatMap((line) => /^remote:\s?(.*?)\s*$/.exec(line)?.[1] ?? []);
  return clean(
    lines.filter((line) => !/^(Resolving deltas|Compressing|Counting|Processing)/.test(line)).join("\n"),
  );
}

function tail(stderr: string): string {
  const lines = stderr
    .split(/\r\n|[\r\n]/)
    .filter((line) => line.trim() !== "" && !/^\S.*:\s+\d+% \(/.test(line));
  return clean(
    lines
      .filter((line) => !/^(hint:|error: failed to push some refs|To )/.test(line))
      .slice(-8)
      .join("\n"),
  );
}

const longestWords = 1000;

/** Terminal colours and control characters out, a sign-in in a URL out, and an end to it. */
function clean(text: string): string {
  return text
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, "")
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, "")
    .replace(/(\w+:\/\/)[^/\s@]+@/g, "$1")
    .trim()
    .slice(0, longestWords);
}

import type { OpenGit } from "./openGit";

const longestBytes = 32 * 1024 * 1024;
const longestMs = 20_000;

/**
 * What a reading git command prints, as bytes: names and values need not be UTF-8. It comes to an end, in time and in
 * size. Throws what git said where it fails.
 */
export async function readGitOutput(openGit: OpenGit, dir: string, args: readonly string[]): Promise<Buffer> {
  const tooLong = new AbortController();
  const git = openGit({ dir, signal: AbortSignal.any([tooLong.signal, AbortSignal.timeout(longestMs)]) });
  const chunks: Buffer[] = [];
  let size = 0;
  git.outputHandler((_command, stdout) => {
    stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > longestBytes) tooLong.abort();
      else chunks.push(chunk);
    });
  });
  await git.raw([...args]);
  return Buffer.concat(chunks);
}

/** UTF-8 where it is that, else one character for each byte: then nothing is lost. */
export function decodeText(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") && !Buffer.from(text).equals(bytes) ? bytes.toString("latin1") : text;
}

/** The texts between NUL bytes. */
export function splitAtNul(output: Buffer): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (let end = output.indexOf(0); end >= 0; end = output.indexOf(0, start)) {
    parts.push(decodeText(output.subarray(start, end)));
    start = end + 1;
  }
  return parts;
}

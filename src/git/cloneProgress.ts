/** How far a clone is: git's own words for the phase, its percentage, and what share of the whole that makes. */
export interface CloneProgress {
  /** `Receiving objects` */
  readonly phase: string;
  readonly percent: number;
  /** `12.40 MiB | 4.10 MiB/s`, while git receives. */
  readonly throughput: string | undefined;
  /** 0 to 100 over all phases. */
  readonly overall: number;
}

/** Where each phase begins and ends. Receiving takes longest by far; what the server does first is soon done. */
const phases: Readonly<Record<string, readonly [from: number, to: number]>> = {
  "Counting objects": [0, 2],
  "Compressing objects": [2, 5],
  "Receiving objects": [5, 75],
  "Resolving deltas": [75, 85],
  "Updating files": [85, 98],
  "Filtering content": [98, 100],
};
const longestText = 16_384;
const longestLine = 1000;
const line =
  /(?:^|[\r\n])(?:remote: )?([A-Z][a-z]+ [a-z]+):\s+(\d{1,3})% \(\d+\/\d+\)(?:, ([\d.]+ [KMGT]?i?B \| [\d.]+ [KMGT]?i?B\/s))?/gi;

/** Reads git's standard error as it comes. Lines may be cut anywhere, and the last one is what counts. */
export function createProgressReader(onProgress: (progress: CloneProgress) => void): (chunk: string) => void {
  let pending = "";
  return (chunk) => {
    const text = (pending + chunk).slice(-longestText); // a line that never ends is no progress
    const end = Math.max(text.lastIndexOf("\r"), text.lastIndexOf("\n"));
    pending = text.slice(end + 1).slice(-longestLine);
    const last = [...text.slice(0, end + 1).matchAll(line)].at(-1);
    const progress = last && toProgress(last);
    if (progress) onProgress(progress);
  };
}

function toProgress([, phase = "", digits = "", throughput]: RegExpMatchArray): CloneProgress | undefined {
  const range = phases[phase];
  if (!range) return undefined;
  const [from, to] = range;
  const percent = Number(digits);
  return { phase, percent, throughput, overall: from + ((to - from) * percent) / 100 };
}

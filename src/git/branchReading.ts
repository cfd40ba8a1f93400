import { rewrite, type GitSetting } from "./gitSettings";
import { readGitOutput } from "./gitOutput";
import { readOnly, type OpenGit } from "./openGit";
import type { RemoteReading } from "./remoteReading";
import type { RepositoryReading } from "./repository";

/** What Git does with a local branch. */
export interface BranchReading {
  /** What `git push` pushes to: a remote's name, or a URL in its place. */
  readonly pushRemote: string;
  readonly pushUrls: readonly string[];
  /** The ref there: that of a push refspec, else by `push.default`. A branch without `refs/heads/`. */
  readonly pushTarget: string;
  /** The local ref that tells where the target was last seen; undefined where none is kept, as in a narrow clone. */
  readonly tracking: string | undefined;
  readonly upstream: Upstream | undefined;
}

/** Commits that the tracking ref lacks, and those that it has beyond the branch. */
export interface Counts {
  readonly ahead: number;
  readonly behind: number;
}

export interface Upstream {
  readonly remote: string;
  /** The branch there. */
  readonly branch: string;
  readonly tracking: string | undefined;
}

const fields = [
  "refname",
  "push:remotename",
  "push:remoteref",
  "upstream:remotename",
  "upstream:remoteref",
  "upstream",
] as const;

/** Undefined where there is no such branch. */
export async function readBranch(
  openGit: OpenGit,
  reading: Pick<RepositoryReading, "root" | "settings" | "remotes">,
  name: string,
): Promise<BranchReading | undefined> {
  const { root, settings, remotes } = reading;
  const format = fields.map((field) => `%(${field})`).join("%00");
  const ref = isUtf8(name) ? `refs/heads/${name}` : "refs/heads";
  const output = await readGitOutput(openGit, root, [...readOnly, "for-each-ref", `--format=${format}`, ref]);
  const line = output
    .toString("utf8")
    .split("\n")
    .find((one) => one.startsWith(`refs/heads/${name}\0`));
  if (line === undefined) return undefined;
  const [, explicit = "", pushRef = "", followed = "", merge = "", followedRef = ""] = line.split("\0");
  const pushes = explicit || defaultRemote(remotes);
  const upstream = merge === "" ? undefined : toUpstream(followed, merge, followedRef);
  const remote = remotes.find((one) => one.name === pushes);
  const pushTarget = withoutHeads(pushRef) || targetByDefault(settings, name, pushes, upstream);
  return {
    pushRemote: pushes,
    pushUrls: remote?.pushUrls ?? (isUrl(pushes) ? [rewritePushUrl(settings, pushes)] : []),
    pushTarget,
    tracking: trackingRef(settings, pushes, pushTarget),
    upstream,
  };
}

function toUpstream(remote: string, merge: string, tracking: string): Upstream {
  return { remote, branch: withoutHeads(merge), tracking: tracking === "" ? undefined : tracking };
}

/**
 * `simple`, the default, refuses a branch that follows one of another name: it is pushed to that, which a person agrees to.
 * https://git-scm.com/docs/git-config#Documentation/git-config.txt-pushdefault
 */
function targetByDefault(
  settings: readonly GitSetting[],
  branch: string,
  remote: string,
  upstream: Upstream | undefined,
): string {
  const mode = settings.filter(({ key }) => key === "push.default").at(-1)?.value ?? "simple";
  const isOfSameName = mode === "current" || mode === "matching" || upstream?.remote !== remote;
  return isOfSameName ? branch : upstream.branch;
}

/** Where a branch of a remote is kept here, by its first fetch refspec that takes the branch in. */
export function trackingRef(
  settings: readonly GitSetting[],
  remote: string,
  target: string,
): string | undefined {
  const ref = target.startsWith("refs/") ? target : `refs/heads/${target}`;
  for (const { key, value } of settings) {
    if (key !== `remote.${remote}.fetch`) continue;
    const [source = "", destination = ""] = value.replace(/^\+/, "").split(":");
    const found = mapRef(source, destination, ref);
    if (found !== undefined) return found;
  }
  return undefined;
}

function mapRef(source: string, destination: string, ref: string): string | undefined {
  const star = source.indexOf("*");
  if (destination === "") return undefined;
  if (star < 0) return source === ref ? destination : undefined;
  const [head, tail] = [source.slice(0, star), source.slice(star + 1)];
  const isTaken = ref.length >= head.length + tail.length && ref.startsWith(head) && ref.endsWith(tail);
  return isTaken
    ? destination.replace("*", () => ref.slice(head.length, ref.length - tail.length))
    : undefined;
}

/** Undefined where one of them isn't here: never fetched, or gone. */
export async function countBetween(
  openGit: OpenGit,
  root: string,
  ours: string,
  theirs: string,
): Promise<Counts | undefined> {
  const range = ["--left-right", "--count", `${ours}...${theirs}`, "--"];
  const output = await openGit({ dir: root })
    .raw([...readOnly, "rev-list", ...range])
    .catch(() => "");
  const [, ahead, behind] = /^(\d+)\s+(\d+)/.exec(output) ?? [];
  return ahead === undefined ? undefined : { ahead: Number(ahead), behind: Number(behind) };
}

/** Whether it stands here as Git has it: a name that is no UTF-8 can't be an argument of a process that we start. */
export function isUtf8(name: string): boolean {
  return !name.includes("\uFFFD");
}

/** Where nothing is set. Git refuses where there are several and none is `origin`. */
function defaultRemote(remotes: readonly RemoteReading[]): string {
  const [first, ...others] = remotes;
  return first && others.length === 0 ? first.name : "origin";
}

function rewritePushUrl(settings: readonly GitSetting[], url: string): string {
  const pushed = rewrite(settings, "pushinsteadof", url);
  return pushed.rule ? pushed.url : rewrite(settings, "insteadof", url).url;
}

/** Git takes for a URL, or a path, what isn't a remote's name. */
function isUrl(remote: string): boolean {
  return /[/:\\]/.test(remote);
}

function withoutHeads(ref: string): string {
  return ref.replace(/^refs\/heads\//, "");
}

import { countBetween, readBranch, type BranchReading, type Counts } from "./branchReading";
import { findGitDirs, type GitDirs } from "./commonDir";
import { readOwnSettings, type OwnSetting } from "./gitSettings";
import type { OpenGit } from "./openGit";
import { configFiles, refFiles, versionOf } from "./readFiles";
import { readRemotes, type RemoteReading } from "./remoteReading";

/** What Git itself would do in one repository, by Git's own answers and every level of its configuration. */
export interface RepositoryReading extends GitDirs {
  readonly root: string;
  /** All that counts here, in the order in which Git reads it. */
  readonly settings: readonly OwnSetting[];
  /** Where each remote is fetched from and pushed to, after all `insteadOf` rules. */
  readonly remotes: readonly RemoteReading[];
  /** Where a local branch is pushed to and what it follows; undefined where there is no such branch. */
  branch(name: string): Promise<BranchReading | undefined>;
  /** A branch against the ref that tells where it was last seen to be pushed to; undefined where it never was. */
  unpushed(name: string): Promise<Counts | undefined>;
  /** Whose commits these will be; undefined where Git would refuse to commit. */
  author(): Promise<Author | undefined>;
}

export interface Author {
  readonly name: string;
  readonly email: string;
}

export type ReadRepository = (root: string) => Promise<RepositoryReading>;

/**
 * One reading of each repository. Git is asked again only when one of the files has changed that its answers came from:
 * while nothing changes, no process runs.
 */
export function createReadRepository(openGit: OpenGit): ReadRepository {
  const known = new Map<string, Promise<Known>>();
  return async (root) => {
    const before = known.get(root);
    const next = renew(openGit, root, before);
    known.set(root, next);
    next.catch(() => known.delete(root)); // asked anew next time
    return (await next).reading;
  };
}

interface Known {
  readonly reading: RepositoryReading;
  /** All whose change may change the answers. */
  readonly files: readonly string[];
  readonly version: string;
}

async function renew(openGit: OpenGit, root: string, before: Promise<Known> | undefined): Promise<Known> {
  const known = await before?.catch(() => undefined);
  if (known && (await versionOf(known.files)) === known.version) return known;
  return read(openGit, root, known?.files);
}

const attempts = 3;

/** Read until no file has changed meanwhile: a file that the settings name is known only once they are read. */
async function read(openGit: OpenGit, root: string, hint: readonly string[] = []): Promise<Known> {
  const dirs = await findGitDirs(root);
  let files = [...new Set([...configFiles(dirs, []), ...hint])];
  for (let attempt = 1; ; attempt++) {
    const version = await versionOf(files);
    const [settings, remotes] = await Promise.all([
      readOwnSettings(openGit, root, dirs.commonDir),
      readRemotes(openGit, root),
    ]);
    const needed = configFiles(dirs, settings);
    const isWhole = needed.every((file) => files.includes(file)) && (await versionOf(files)) === version;
    if (isWhole || attempt === attempts) {
      return { reading: new Reading(openGit, root, dirs, settings, remotes), files, version };
    }
    files = needed;
  }
}

interface Versioned {
  readonly version: string;
  readonly branch: BranchReading | undefined;
  counts: Promise<Counts | undefined> | undefined;
}

class Reading implements RepositoryReading {
  readonly gitDir: string;
  readonly commonDir: string;
  private readonly branches = new Map<string, Versioned>();
  private ident: Promise<Author | undefined> | undefined;

  constructor(
    private readonly openGit: OpenGit,
    readonly root: string,
    { gitDir, commonDir }: GitDirs,
    readonly settings: readonly OwnSetting[],
    readonly remotes: readonly RemoteReading[],
  ) {
    this.gitDir = gitDir;
    this.commonDir = commonDir;
  }

  async branch(name: string): Promise<BranchReading | undefined> {
    return (await this.versioned(name)).branch;
  }

  async unpushed(name: string): Promise<Counts | undefined> {
    const known = await this.versioned(name);
    const tracking = known.branch?.tracking;
    if (tracking === undefined) return undefined;
    return (known.counts ??= countBetween(this.openGit, this.root, `refs/heads/${name}`, tracking));
  }

  author(): Promise<Author | undefined> {
    return (this.ident ??= readAuthor(this.openGit, this.root));
  }

  private async versioned(name: string): Promise<Versioned> {
    const known = this.branches.get(name);
    if (known && known.version === (await this.versionOf(name, known.branch))) return known;
    const branch = await readBranch(this.openGit, this, name);
    const next = { version: await this.versionOf(name, branch), branch, counts: undefined };
    this.branches.set(name, next);
    return next;
  }

  private versionOf(name: string, branch: BranchReading | undefined): Promise<string> {
    return versionOf(refFiles(this, [`refs/heads/${name}`, branch?.tracking, branch?.upstream?.tracking]));
  }
}

/** As Git would write it, whichever setting or variable says so. https://git-scm.com/docs/git-var */
async function readAuthor(openGit: OpenGit, root: string): Promise<Author | undefined> {
  const output = await openGit({ dir: root })
    .raw(["var", "GIT_AUTHOR_IDENT"])
    .catch(() => ""); // Git says who is missing, and would say it to a commit too
  const [, name, email] = /^(.*) <([^<>]*)> \d+ [+-]\d{4}\s*$/.exec(output) ?? [];
  return name === undefined || email === undefined ? undefined : { name, email };
}

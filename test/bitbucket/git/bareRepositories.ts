import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Repository } from "../model/world";
import { runGit } from "./runGit";

export interface Commit {
  readonly hash: string;
  /** `Ada <ada@example.com>` */
  readonly author: string;
  readonly date: string;
  readonly subject: string;
}

export interface Branch extends Commit {
  readonly name: string;
}

/** The real bare repositories, each made when it is first asked for: listing thousands of names costs no disk. */
export class BareRepositories {
  private readonly opened = new Map<Repository, Promise<string>>();

  constructor(readonly root: string) {}

  /** The folder of the bare repository. */
  open(repository: Repository): Promise<string> {
    const known = this.opened.get(repository);
    if (known) return known;
    const opening = create(join(this.root, `${repository.fullName}.git`), repository.seedFrom);
    this.opened.set(repository, opening);
    return opening;
  }

  /** The branch that a clone checks out; undefined while the repository is empty. Starts no process. */
  async mainBranch(repository: Repository): Promise<string | undefined> {
    const gitDir = await (this.opened.get(repository) ?? seedGitDir(repository));
    if (gitDir === undefined) return undefined;
    const head = await readFile(join(gitDir, "HEAD"), "utf8");
    const ref = /^ref: (refs\/heads\/.+)$/m.exec(head)?.[1];
    if (ref === undefined || !(await refExists(gitDir, ref))) return undefined;
    return ref.slice("refs/heads/".length);
  }

  /** Full names of branches and tags with their object ids. */
  async refs(repository: Repository): Promise<Map<string, string>> {
    const text = await this.git(repository, "for-each-ref", "--format=%(objectname) %(refname)");
    const pairs = lines(text).map(
      (line) => [line.slice(line.indexOf(" ") + 1), line.split(" ", 1)[0] ?? ""] as const,
    );
    return new Map(pairs);
  }

  async branches(repository: Repository): Promise<Branch[]> {
    const fields = [
      "objectname",
      "authorname",
      "authoremail",
      "committerdate:iso-strict",
      "contents:subject",
    ];
    const format = [...fields, "refname:lstrip=2"].map((field) => `%(${field})`).join("%00");
    return lines(await this.git(repository, "for-each-ref", `--format=${format}`, "refs/heads")).map(
      (line) => {
        const [hash = "", author = "", email = "", date = "", subject = "", name = ""] = line.split("\0");
        return { hash, author: `${author} ${email}`, date, subject, name };
      },
    );
  }

  /** The newest first. */
  async commits(repository: Repository, ref = "HEAD"): Promise<Commit[]> {
    if ((await this.refs(repository)).size === 0) return [];
    const text = await this.git(repository, "log", "--format=%H%x00%an <%ae>%x00%cI%x00%s", ref, "--");
    return lines(text).map((line) => {
      const [hash = "", author = "", date = "", subject = ""] = line.split("\0");
      return { hash, author, date, subject };
    });
  }

  private async git(repository: Repository, ...args: readonly string[]): Promise<string> {
    return runGit(`--git-dir=${await this.open(repository)}`, ...args);
  }
}

async function create(gitDir: string, seedFrom: string | undefined): Promise<string> {
  await mkdir(dirname(gitDir), { recursive: true });
  if (seedFrom === undefined) {
    await runGit("init", "--quiet", "--bare", "--initial-branch=main", "--template=", gitDir);
  } else {
    await runGit("clone", "--quiet", "--bare", "--template=", seedFrom, gitDir);
  }
  return gitDir;
}

function seedGitDir({ seedFrom }: Repository): string | undefined {
  if (seedFrom === undefined) return undefined;
  const inWorkTree = join(seedFrom, ".git");
  return existsSync(inWorkTree) ? inWorkTree : seedFrom;
}

async function refExists(gitDir: string, ref: string): Promise<boolean> {
  if (existsSync(join(gitDir, ref))) return true;
  const packed = join(gitDir, "packed-refs");
  return existsSync(packed) && lines(await readFile(packed, "utf8")).some((line) => line.endsWith(` ${ref}`));
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

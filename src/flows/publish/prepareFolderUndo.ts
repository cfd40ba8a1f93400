import * as fs from "node:fs/promises";
import * as path from "node:path";
import { findCommit } from "../../git/localRepository";
import { readOnly, type OpenGit } from "../../git/openGit";

/** What takes back the making of a repository, the last step first. */
export class FolderUndo {
  private readonly steps: (() => Promise<void>)[] = [];
  private commit: string | undefined;
  private mayHaveCommitted = false;

  constructor(
    private readonly openGit: OpenGit,
    private readonly folder: string,
  ) {}

  add(step: () => Promise<void>): void {
    this.steps.push(step);
  }

  /** Makes the first commit. What came of it is known even where it failed on the way. */
  async commitWith(make: () => Promise<void>): Promise<void> {
    this.mayHaveCommitted = true;
    await make();
    this.commit = await this.findHead();
    if (this.commit === undefined) throw new Error("git made a commit that is not there");
  }

  /** Leaves everything where somebody has built on it. */
  async run(): Promise<void> {
    const steps = this.steps.splice(0).reverse();
    if (this.mayHaveCommitted) this.commit ??= await this.findHead();
    if (!(await this.isAllOurs())) return;
    if (this.commit !== undefined) {
      await this.openGit({ dir: this.folder }).raw(["update-ref", "-d", "HEAD", this.commit]);
    }
    for (const step of steps) await step();
  }

  private findHead(): Promise<string | undefined> {
    return findCommit(this.openGit, this.folder, "HEAD");
  }

  /** Nobody has committed, tagged or pushed since. */
  private async isAllOurs(): Promise<boolean> {
    const refs = await this.openGit({ dir: this.folder })
      .raw([...readOnly, "for-each-ref", "--format=%(objectname) %(refname)"])
      .catch(() => ""); // no repository yet, or half of one: it has no refs
    const isOurs = (ref: string) => ref.startsWith(`${this.commit ?? ""} refs/heads/`);
    return refs.split(/\r?\n/).every((ref) => ref === "" || isOurs(ref));
  }
}

/** Returns what puts these files of a folder back as they are now, or away where they aren't. */
export async function keepFiles(folder: string, names: readonly string[]): Promise<() => Promise<void>> {
  const kept = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      return { file, content: await fs.readFile(file).catch(() => undefined) }; // not there yet
    }),
  );
  return async () => {
    for (const { file, content } of kept) {
      if (content) await fs.writeFile(file, content);
      else await fs.rm(file, { recursive: true, force: true });
    }
  };
}

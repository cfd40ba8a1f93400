import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { readConfigText } from "./readConfigText";
import { readOnly, unlessSilent, type OpenGit } from "./openGit";

/** A submodule as a commit of the repository names it: a stranger may have written all of it. */
export interface Submodule {
  readonly name: string;
  /** Of its work tree, absolute. */
  readonly root: string;
  /** From the repository's folder, with `/`. */
  readonly path: string;
  /** Where it comes from, with a relative one resolved. */
  readonly url: string;
  readonly isCloned: boolean;
}

const maxBytes = 256 * 1024;
/** Bitbucket is asked about each. */
const mostSubmodules = 300;

/**
 * The submodules in `.gitmodules`, as Git reads that file, which the commit really has. A relative URL is one from
 * `readBaseUrl`. Names and paths that lead elsewhere are left out, as is all of a file that is too long or a link.
 */
export async function readSubmodules(
  openGit: OpenGit,
  root: string,
  readBaseUrl: () => Promise<string>,
): Promise<readonly Submodule[]> {
  const file = path.join(root, ".gitmodules");
  const stat = await fs.lstat(file).catch(() => undefined);
  if (!stat?.isFile() || stat.size > maxBytes) return [];
  const entries = await readConfigText(openGit, root, await fs.readFile(file, "utf8")).catch(() => []);
  const baseUrl = await readBaseUrl();
  const named = new Map<string, { path?: string; url?: string }>();
  for (const { key, value } of entries) {
    const [, name = "", what] = /^submodule\.(.+)\.(path|url)$/s.exec(key) ?? [];
    if (what === undefined) continue;
    named.set(name, { ...named.get(name), [what]: value });
  }
  const all = [...named]
    .slice(0, mostSubmodules)
    .flatMap(([name, { path: place = "", url = "" }]): Submodule[] => {
      if (!isSafeName(name) || !isSafePath(place)) return [];
      const own = path.join(root, ...place.split("/"));
      const isCloned = existsSync(path.join(own, ".git"));
      return [{ name, root: own, path: place, url: resolveUrl(url, baseUrl), isCloned }];
    });
  const links = await findLinks(openGit, root, all);
  return all.filter((one) => links.has(one.path));
}

/** Git takes any other name for an attack too. https://github.com/git/git/security/advisories/GHSA-8prw-h3cq-mghm */
function isSafeName(name: string): boolean {
  return /^[^\p{Cc}=-][^\p{Cc}=]*$/u.test(name) && !name.split(/[/\\]/).some((part) => /^\.*$/.test(part));
}

function isSafePath(place: string): boolean {
  const parts = place.split("/");
  const isOdd = (part: string) => /^\.*$/.test(part) || /^\.git$/i.test(part);
  return /^[^\p{Cc}\\:-][^\p{Cc}\\:]*$/u.test(place) && !parts.some(isOdd);
}

/** As Git does it: each `../` takes a part off the end. https://git-scm.com/docs/git-submodule */
function resolveUrl(url: string, baseUrl: string): string {
  if (!/^\.\.?\//.test(url)) return url;
  let base = baseUrl.replace(/\/$/, "");
  let rest = url;
  for (let match = /^\.\.?\//.exec(rest); match; match = /^\.\.?\//.exec(rest)) {
    if (match[0] === "../") base = base.replace(/[/:][^/:]*$/, "");
    rest = rest.slice(match[0].length);
  }
  return `${base}/${rest}`.replace(/\/$/, "");
}

/** Those that the index has as a commit of another repository. */
async function findLinks(
  openGit: OpenGit,
  root: string,
  all: readonly Submodule[],
): Promise<ReadonlySet<string>> {
  if (all.length === 0) return new Set();
  const paths = all.map((one) => one.path);
  const output = await openGit({ dir: root })
    .raw([...readOnly, "--literal-pathspecs", "ls-files", "--stage", "-z", "--", ...paths])
    .catch(() => "");
  const links = output.split("\0").flatMap((entry) => /^160000 [0-9a-f]+ 0\t(.+)$/s.exec(entry)?.[1] ?? []);
  return new Set(links);
}

/** Says to Git which submodules are wanted; each is written to the repository's config. */
export async function initSubmodules(
  openGit: OpenGit,
  root: string,
  submodules: readonly Submodule[],
): Promise<void> {
  if (submodules.length === 0) return;
  await openGit({ dir: root }).raw([
    "submodule",
    "--quiet",
    "init",
    "--",
    ...submodules.map((one) => one.path),
  ]);
}

export interface UpdateOptions {
  /** The clean URL, which holds no secret. */
  readonly url: string;
  readonly webUrl: string;
  /** For `credential.<webUrl>.helper`. */
  readonly helper: string;
  /** The git folder of this work tree, which holds those of its submodules. */
  readonly gitDir: string;
  readonly signal: AbortSignal;
}

/**
 * Clones one submodule and checks its commit out, with our helper alone, for this one process. What fails or is cancelled
 * leaves nothing behind.
 */
export async function updateSubmodule(
  openGit: OpenGit,
  root: string,
  submodule: Submodule,
  { url, webUrl, helper, gitDir, signal }: UpdateOptions,
): Promise<void> {
  const values = [
    `credential.${webUrl}.helper=`,
    `credential.${webUrl}.helper=${helper}`,
    `credential.${webUrl}.useHttpPath=true`,
    `submodule.${submodule.name}.url=${url}`,
    // The longest match wins: no rule of the person's sends it elsewhere.
    `url.${url}.insteadOf=${url}`,
  ];
  const store = path.join(gitDir, "modules", ...submodule.name.split("/"));
  const isNew = !existsSync(store) && (await isEmpty(submodule.root));
  const configured = values.flatMap((value) => ["-c", value]);
  try {
    await openGit({ dir: root, signal }).raw([
      ...[...unlessSilent, ...configured],
      ...["submodule", "--quiet", "update", "--", submodule.path],
    ]);
  } catch (error) {
    if (isNew) await remove(store, submodule.root);
    throw error;
  }
}

async function isEmpty(folder: string): Promise<boolean> {
  return (await fs.readdir(folder).catch(() => [])).length === 0;
}

/** Git keeps an empty folder in a submodule's place. */
async function remove(store: string, root: string): Promise<void> {
  await fs.rm(store, { recursive: true, force: true });
  const names = await fs.readdir(root).catch(() => []);
  for (const name of names) await fs.rm(path.join(root, name), { recursive: true, force: true });
}

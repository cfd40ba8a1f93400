import * as path from "node:path";
import { realPath } from "./commonDir";
import { helperName } from "./connectionConfig";
import { parseEntry, type ConfigEntry } from "./gitConfigText";
import { readGitOutput, splitAtNul } from "./gitOutput";
import type { OpenGit } from "./openGit";

/** One line of git's configuration, whichever file it is in. */
export interface GitSetting extends ConfigEntry {
  /** Absolute; undefined for what comes from the environment. */
  readonly file?: string;
}

export interface OwnSetting extends GitSetting {
  /** The file is in this repository's git folder; any other counts for other repositories too. */
  readonly isOwn: boolean;
}

/** The system's, the person's and the repository's, in the order in which git reads them. Runs nothing that they name. */
export async function readSettings(openGit: OpenGit, root: string): Promise<readonly GitSetting[]> {
  const parts = splitAtNul(await readGitOutput(openGit, root, ["config", "-z", "--show-origin", "--list"]));
  return parts.flatMap((origin, index): GitSetting[] => {
    const entry = parts[index + 1];
    if (index % 2 === 1 || entry === undefined) return [];
    const file = /^file:(.+)$/s.exec(origin)?.[1];
    return [{ ...parseEntry(entry), ...(file !== undefined && { file: path.resolve(root, file) }) }];
  });
}

/** The same, with the files of the git folder known and named as it is here: git follows links, and spells drives its own way. */
export async function readOwnSettings(
  openGit: OpenGit,
  root: string,
  commonDir: string,
): Promise<readonly OwnSetting[]> {
  const settings = await readSettings(openGit, root);
  const names = new Map<string, string>();
  for (const file of new Set(settings.flatMap((one) => one.file ?? []))) {
    const inside = await pathInside(commonDir, file);
    if (inside !== undefined) names.set(file, path.join(commonDir, inside));
  }
  return settings.map((one) => {
    const file = names.get(one.file ?? "");
    return file === undefined ? { ...one, isOwn: false } : { ...one, file, isOwn: true };
  });
}

/** From the folder to a file that is really in it, without regard to case on Windows; undefined for any other file. */
async function pathInside(folder: string, file: string): Promise<string | undefined> {
  const inside = path.relative(await realPath(folder), await realPath(file));
  return /^(?:\.\.(?:[/\\]|$)|$)/.test(inside) || path.isAbsolute(inside) ? undefined : inside;
}

/**
 * The helpers that git asks about this URL, in that order. All that match count, wherever they stand, and an empty one
 * drops those before it. https://git-scm.com/docs/gitcredentials#_configuration_options
 */
export function helpersFor(settings: readonly GitSetting[], url: string): readonly string[] {
  return helperSettingsFor(settings, url).map(({ value }) => value);
}

/** The same, with where each stands. */
export function helperSettingsFor(settings: readonly GitSetting[], url: string): readonly GitSetting[] {
  let helpers: GitSetting[] = [];
  for (const setting of matching(settings, "credential", "helper", url)) {
    helpers = setting.value === "" ? [] : [...helpers, setting];
  }
  return helpers;
}

/** Whether Git asks a helper of the person's own about this URL. */
export function hasOwnHelper(settings: readonly GitSetting[], url: string): boolean {
  const isOurs = ({ value }: GitSetting) => value.includes(helperName);
  const ours = new Set(settings.filter(isOurs).map(({ key }) => key));
  const others = settings.filter(({ key }) => !ours.has(key));
  return helpersFor(others, url).length > 0;
}

/** Of those that match, `credential` takes the last. */
export function isHttpPathUsed(settings: readonly GitSetting[], url: string): boolean {
  const last = matching(settings, "credential", "usehttppath", url).at(-1);
  return last !== undefined && isTrue(last.value);
}

/** `http.<url>.<name>` of the longest URL that matches, else `http.<name>`; the last one where they are alike. */
export function httpSetting(
  settings: readonly GitSetting[],
  name: string,
  url: string,
): GitSetting | undefined {
  return [...matching(settings, "http", name, url)]
    .sort((a, b) => (patternOf(a.key)?.length ?? 0) - (patternOf(b.key)?.length ?? 0))
    .at(-1);
}

/** https://git-scm.com/docs/git-config#Documentation/git-config.txt-boolean */
export function isTrue(value: string): boolean {
  return /^(true|yes|on|[1-9]\d*)$/i.test(value);
}

/**
 * The URL that git asks instead of this one, and the rule that says so: of all that match, the longest prefix counts.
 * https://git-scm.com/docs/git-config#Documentation/git-config.txt-urlltbasegtinsteadOf
 */
export function rewrite(
  settings: readonly GitSetting[],
  name: "insteadof" | "pushinsteadof",
  url: string,
): { readonly url: string; readonly rule: GitSetting | undefined } {
  let rule: GitSetting | undefined;
  for (const setting of settings) {
    const isRule = setting.key.startsWith("url.") && setting.key.endsWith(`.${name}`);
    if (!isRule || !url.startsWith(setting.value)) continue;
    if (!rule || setting.value.length > rule.value.length) rule = setting;
  }
  return rule ? { url: `${patternOf(rule.key) ?? ""}${url.slice(rule.value.length)}`, rule } : { url, rule };
}

/** Whether any rule would send this URL elsewhere, to fetch or to push. */
export function isRewritten(settings: readonly GitSetting[], url: string): boolean {
  return (["insteadof", "pushinsteadof"] as const).some((name) => rewrite(settings, name, url).url !== url);
}

/** What the section's URL in `section.<url>.name` is; undefined in `section.name`. */
export function patternOf(key: string): string | undefined {
  const [start, end] = [key.indexOf("."), key.lastIndexOf(".")];
  return end > start ? key.slice(start + 1, end) : undefined;
}

export function matching(
  settings: readonly GitSetting[],
  section: string,
  name: string,
  url: string,
): readonly GitSetting[] {
  return settings.filter(({ key }) => {
    if (!key.startsWith(`${section}.`) || !key.endsWith(`.${name}`)) return false;
    const pattern = patternOf(key);
    return pattern === undefined || matchesUrl(pattern, url);
  });
}

/** https://git-scm.com/docs/git-config#Documentation/git-config.txt-httplturlgt */
function matchesUrl(pattern: string, text: string): boolean {
  if (!URL.canParse(pattern) || !URL.canParse(text)) return false;
  const [wanted, url] = [new URL(pattern), new URL(text)];
  return (
    wanted.protocol === url.protocol &&
    wanted.port === url.port &&
    (wanted.username === "" || wanted.username === url.username) &&
    isHostLike(wanted.hostname.split("."), url.hostname.split(".")) &&
    toFolder(url).startsWith(toFolder(wanted))
  );
}

function toFolder({ pathname }: URL): string {
  return pathname.replace(/\/?$/, "/");
}

/** A `*` stands for one part of the name. */
function isHostLike(wanted: readonly string[], host: readonly string[]): boolean {
  return wanted.length === host.length && wanted.every((part, i) => part === "*" || part === host[i]);
}

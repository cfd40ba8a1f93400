import { readRemoteUrl } from "../../bitbucket/address";
import { isSameRepository, remoteUrl, type RepositoryName } from "../../bitbucket/site";
import { nameFrom } from "../../git/commonDir";
import { isSameEntry, type ConfigEdit, type ConfigEntry } from "../../git/gitConfigText";
import { describeEdit, hasEffect } from "./configChange";
import type { EntryChange } from "./configEntries";
import { rewrite, type GitSetting } from "../../git/gitSettings";
import type { Scene } from "./scene";
import type { SecretPlace } from "./secretPlaces";
import { planServing, type Target } from "./serveFromEditor";
import { presentedToken } from "./tokenUrls";

/** Tokens in one of this repository's files. */
export interface PlacesOfFile {
  readonly file: string;
  readonly places: readonly SecretPlace[];
  /** Those that git is to sign in to from the editor from now on. */
  readonly repositories: readonly RepositoryName[];
}

export function toChange({ entry, clean }: SecretPlace): EntryChange {
  return { from: entry, ...(clean && { to: clean }) };
}

/**
 * What the serving needs. A remote's URL that is spelled otherwise gets the clean one, since git looks for its sign-in
 * by the exact spelling, and so does one that a rule made Bitbucket's; rules that are about to go need no guard. A URL
 * with a token of its own is cleaned up by itself.
 */
export function toTarget(scene: Scene, { places }: PlacesOfFile, repository: RepositoryName): Target {
  const { ports, configFile, commonDir: gitDir, settings, effectiveUrls } = scene;
  const url = remoteUrl(ports.site, repository);
  const isGone = (one: ConfigEntry) => places.some(({ entry }) => isSameEntry(entry, one));
  const isRespelled = (rule: GitSetting, effective: string) =>
    isGone(rule) || (rule.key.endsWith(".insteadof") && effective !== url);
  const urls = effectiveUrls.filter(
    ({ setting, rule, url: effective, repository: named }) =>
      (!rule || isRespelled(rule, effective)) &&
      isSameRepository(named, repository) &&
      setting.file === configFile.file &&
      !presentedToken(readRemoteUrl(setting.value, ports.site)),
  );
  const others = settings.filter((setting) => !isGone(setting));
  const isRewritten = rewrite(others, "insteadof", url).rule ?? rewrite(others, "pushinsteadof", url).rule;
  return {
    repository,
    gitDir,
    configFile,
    urls: urls.map(({ setting }) => setting),
    isRewritten: isRewritten !== undefined,
  };
}

/** What is left to change once the editor serves: the serving itself takes out what stands under its own keys. */
export async function changesLeft(
  { ports, local, configFile }: Scene,
  { file, places }: PlacesOfFile,
  targets: readonly Target[],
): Promise<readonly EntryChange[]> {
  const plans = await Promise.all(targets.map((target) => planServing(ports, local, target)));
  const served = new Set(plans.flat().map(({ key }) => key));
  return places
    .filter(({ entry }) => file !== configFile.file || !served.has(entry.key))
    .map((place) => toChange(place));
}

/** All that will be changed, a line for each key. */
export async function describeChanges(scene: Scene, work: PlacesOfFile): Promise<readonly string[]> {
  const { ports, local, configFile } = scene;
  const targets = work.repositories.map((repository) => toTarget(scene, work, repository));
  const plans = await Promise.all(targets.map((target) => planServing(ports, local, target)));
  const served = plans.flat().filter(hasEffect);
  const isServed = ({ key }: ConfigEdit) =>
    work.file === configFile.file && served.some((edit) => edit.key === key);
  const lines = (file: string, edits: readonly ConfigEdit[]) =>
    edits.map((edit) => `${nameFrom(local.root, file)}: ${describeEdit(edit)}`);
  const cleaned = planChanges(scene, work).filter((edit) => !isServed(edit));
  return [...lines(configFile.file, served), ...lines(work.file, cleaned)];
}

/** Each key's values in the file, before and after. */
function planChanges({ settings }: Scene, { file, places }: PlacesOfFile): readonly ConfigEdit[] {
  const changes = places.map(toChange);
  const keys = new Set(changes.flatMap(({ from, to }) => [from, to]).flatMap((entry) => entry?.key ?? []));
  return [...keys].map((key) => {
    const before = settings.filter((one) => one.file === file && one.key === key).map(({ value }) => value);
    const kept = before.flatMap((value) => {
      const change = changes.find(({ from }) => from && isSameEntry(from, { key, value }));
      if (!change) return [value];
      return change.to?.key === key ? [change.to.value] : [];
    });
    const added = changes.flatMap(({ from, to }) => (to?.key === key && from?.key !== key ? [to.value] : []));
    return { key, before, after: [...kept, ...added] };
  });
}

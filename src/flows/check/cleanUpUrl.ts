import type { PresentedToken } from "../../bitbucket/client";
import { remoteUrl, repositoryKey, type RepositoryName } from "../../bitbucket/site";
import { nameFrom } from "../../git/commonDir";
import type { ConfigEdit } from "../../git/gitConfigText";
import type { LocalRepository } from "../../git/localRepository";
import {
  changeConfig,
  changeConnected,
  describeEdit,
  hasEffect,
  refreshing,
  undoAll,
  type GuardedUndo,
} from "./configChange";
import type { Repaired, Undo } from "./finding";
import { chooseToken, connectionAdvice, keepToken, rotationAdvice } from "./keepToken";
import { planServing, replaceUrls, serveFromEditor, type Target } from "./serveFromEditor";
import type { TokenUrl } from "./tokenUrls";
import type { Ports } from "../ports";

/** One Bitbucket repository, and every place of a local one where a token for it stands in a URL. */
export interface CleanUp {
  readonly repository: RepositoryName;
  readonly places: readonly TokenUrl[];
}

/** One for each repository on the configured Bitbucket; other hosts' URLs are none of ours. */
export function planCleanUps(places: readonly TokenUrl[]): readonly CleanUp[] {
  const byName = new Map<string, { repository: RepositoryName; places: TokenUrl[] }>();
  for (const place of places) {
    if (!place.repository) continue;
    const key = repositoryKey(place.repository);
    const cleanUp = byName.get(key) ?? { repository: place.repository, places: [] };
    cleanUp.places.push(place);
    byName.set(key, cleanUp);
  }
  return [...byName.values()];
}

/**
 * Moves the token out of the URLs: it is proved with Bitbucket and kept in SecretStorage, every URL becomes the clean
 * one, and git gets the token from the editor, as after a connect. Disconnecting later leaves the URLs clean; what
 * this returns puts them back. Throws TokenRejected and the like, with nothing changed.
 */
export async function cleanUpUrl(
  ports: Ports,
  local: LocalRepository,
  cleanUp: CleanUp,
  signal: AbortSignal,
): Promise<Repaired> {
  const { token, verified } = await chooseToken(ports, cleanUp.repository, tokensOf(cleanUp), signal);
  const { repository } = verified;
  const undos: GuardedUndo[] = [await keepToken(ports, repository, token, verified)];
  try {
    for (const places of byFile(cleanUp.places)) {
      signal.throwIfAborted();
      const target = toTarget(repository, places);
      undos.push(
        target ? await serveFromEditor(ports, local, target) : await rewrite(ports, repository, places),
      );
    }
  } catch (error) {
    await undoAll(undos);
    throw error;
  } finally {
    await local.refresh();
  }
  return { undo: refreshing(local, undos), advice: rotationAdvice(ports, repository, verified) };
}

/** Takes a token that Bitbucket refuses out of the URLs. It is kept nowhere. */
export async function dropFromUrls(
  ports: Ports,
  local: LocalRepository,
  { repository, places }: CleanUp,
): Promise<Repaired> {
  const undos: Undo[] = [];
  try {
    for (const group of byFile(places)) undos.push(await rewrite(ports, repository, group));
  } catch (error) {
    await undoAll(undos);
    throw error;
  } finally {
    await local.refresh();
  }
  return {
    undo: refreshing(local, undos),
    advice: connectionAdvice(local, repository),
  };
}

/** All that either will change in the files, a line for each key. */
export async function describeCleanUp(
  ports: Ports,
  local: LocalRepository,
  cleanUp: CleanUp,
  isKept: boolean,
): Promise<readonly string[]> {
  const described = byFile(cleanUp.places).map(async (places) => {
    const file = nameFrom(local.root, places[0].configFile.file);
    const edits = await planChanges(ports, local, cleanUp.repository, places, isKept);
    return edits.filter(hasEffect).map((edit) => `${file}: ${describeEdit(edit)}`);
  });
  return (await Promise.all(described)).flat();
}

async function planChanges(
  ports: Ports,
  local: LocalRepository,
  repository: RepositoryName,
  places: UrlsOfFile,
  isKept: boolean,
): Promise<readonly ConfigEdit[]> {
  const target = isKept ? toTarget(repository, places) : undefined;
  const [{ configFile }] = places;
  return target
    ? planServing(ports, local, target)
    : replaceUrls(await configFile.read(), places, remoteUrl(ports.site, repository));
}

/** Where git signs in by this file's URLs; nothing signs in by `.gitmodules` or a submodule's entry alone. */
function toTarget(repository: RepositoryName, places: UrlsOfFile): Target | undefined {
  const [{ gitDir, configFile }] = places;
  const isUsed = places.some(({ key }) => !key.startsWith("submodule."));
  return gitDir !== undefined && isUsed ? { repository, gitDir, configFile, urls: places } : undefined;
}

async function rewrite(ports: Ports, repository: RepositoryName, places: UrlsOfFile): Promise<Undo> {
  const [{ configFile, gitDir }] = places;
  const edits = replaceUrls(await configFile.read(), places, remoteUrl(ports.site, repository));
  return gitDir === undefined
    ? changeConfig(configFile, edits)
    : changeConnected(ports, gitDir, configFile, edits);
}

/** The token of a push URL comes first: it is the one that must push. */
function tokensOf({ places }: CleanUp): readonly PresentedToken[] {
  const sorted = [...places].sort((a, b) => Number(b.where === "pushUrl") - Number(a.where === "pushUrl"));
  return sorted.map(({ token }) => token);
}

type UrlsOfFile = readonly [TokenUrl, ...TokenUrl[]];

function byFile(places: readonly TokenUrl[]): readonly UrlsOfFile[] {
  const files = new Map<string, [TokenUrl, ...TokenUrl[]]>();
  for (const place of places) {
    const known = files.get(place.configFile.file);
    if (known) known.push(place);
    else files.set(place.configFile.file, [place]);
  }
  return [...files.values()];
}

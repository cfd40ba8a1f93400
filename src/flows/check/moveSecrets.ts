import { isSameRepository, type RepositoryName } from "../../bitbucket/site";
import { changeFile } from "./changeFile";
import { refreshing, undoAll, type GuardedUndo } from "./configChange";
import type { Repaired } from "./finding";
import { chooseToken, connectionAdvice, keepToken, rotationAdvice, type ProvedToken } from "./keepToken";
import type { Scene } from "./scene";
import { changesLeft, toChange, toTarget, type PlacesOfFile } from "./secretChanges";
import { serveFromEditor } from "./serveFromEditor";

/**
 * Moves the tokens into SecretStorage and lets the editor serve them to git, then takes them out of the file: so git
 * can sign in all the while. Throws TokenRejected and the like, with nothing changed.
 */
export async function moveSecrets(scene: Scene, work: PlacesOfFile, signal: AbortSignal): Promise<Repaired> {
  const { ports, local } = scene;
  const moved: (ProvedToken & { repository: RepositoryName })[] = [];
  for (const repository of work.repositories)
    moved.push({ ...(await chooseFor(scene, work, repository, signal)), repository });
  signal.throwIfAborted();
  const undos: GuardedUndo[] = [];
  try {
    for (const { repository, token, verified } of moved)
      undos.push(await keepToken(ports, repository, token, verified));
    const targets = moved.map(({ repository }) => toTarget(scene, work, repository));
    const left = await changesLeft(scene, work, targets);
    for (const target of targets) undos.push(await serveFromEditor(ports, local, target));
    undos.push(await changeFile(scene, work.file, left));
  } catch (error) {
    await undoAll(undos);
    throw error;
  } finally {
    await local.refresh();
  }
  const [first] = moved;
  return {
    undo: refreshing(local, undos),
    ...(first && { advice: rotationAdvice(ports, first.repository, first.verified) }),
  };
}

/** Takes out what is of no use: git does not need it here, or Bitbucket refuses it. */
export async function dropSecrets(scene: Scene, work: PlacesOfFile): Promise<Repaired> {
  const { local, subject } = scene;
  const undo = await changeFile(scene, work.file, work.places.map(toChange)).finally(() => local.refresh());
  const served = work.places.flatMap(({ repositories }) => repositories)[0];
  return {
    undo: refreshing(local, [undo]),
    ...(served && !subject?.kept && { advice: connectionAdvice(local, served) }),
  };
}

async function chooseFor(
  { ports }: Scene,
  { places }: PlacesOfFile,
  repository: RepositoryName,
  signal: AbortSignal,
): Promise<ProvedToken> {
  const found = places.filter(({ repositories }) =>
    repositories.some((one) => isSameRepository(one, repository)),
  );
  const tokens = found.map(({ token }) => token);
  return chooseToken(ports, repository, tokens, signal);
}

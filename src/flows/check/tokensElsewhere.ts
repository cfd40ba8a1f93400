import * as l10n from "@vscode/l10n";
import { fullName, uniqueRepositories, type RepositoryName } from "../../bitbucket/site";
import { nameFrom } from "../../git/commonDir";
import { isSame } from "../../credentials/connectionStore";
import { findVerdict, isUseless, type Verdict } from "./askBitbucket";
import { maskUrl } from "./configChange";
import type { Finding, FindingId, Repair } from "./finding";
import { dropSecrets, moveSecrets } from "./moveSecrets";
import type { Scene } from "./scene";
import { describeChanges, type PlacesOfFile } from "./secretChanges";
import type { SecretPlace } from "./secretPlaces";

type Places = readonly [SecretPlace, ...SecretPlace[]];

/** Tokens in headers, rewriting rules, helpers and one worktree's URLs: one repair for all of a sort in a file. */
export async function checkTokensElsewhere(
  scene: Scene,
  verdicts: readonly Verdict[],
): Promise<readonly Finding[]> {
  const groups = new Map<string, [SecretPlace, ...SecretPlace[]]>();
  for (const place of scene.secretPlaces) {
    const key = `${place.kind} ${place.file}`;
    const known = groups.get(key);
    if (known) known.push(place);
    else groups.set(key, [place]);
  }
  return Promise.all([...groups.values()].map((places) => describe(scene, places, verdicts)));
}

const idOf: Readonly<Record<SecretPlace["kind"], FindingId>> = {
  header: "token-in-header",
  rewrite: "token-in-rewrite",
  helper: "token-in-helper",
  url: "token-in-url",
  pushUrl: "token-in-push-url",
};

async function describe(scene: Scene, places: Places, verdicts: readonly Verdict[]): Promise<Finding> {
  const [{ kind, isOwn }] = places;
  const message = messageOf(scene, places);
  const finding = { id: idOf[kind], severity: "error", message } as const;
  return isOwn ? { ...finding, fix: await repair(scene, places, verdicts) } : finding;
}

function messageOf(scene: Scene, places: Places): string {
  const [{ file, isOwn }] = places;
  const keys = [...new Set(places.map(({ entry }) => maskUrl(entry.key)))].join(", ");
  if (!isOwn) {
    return l10n.t(
      "{0} in {1} contains a Bitbucket token in plain text. Other repositories use it: remove the line there, connect this repository, then rotate the token.",
      keys,
      file,
    );
  }
  const name = nameFrom(scene.local.root, file);
  const repositories = usedIn(scene, places);
  if (repositories.length === 0) {
    return l10n.t(
      "{0} in {1} contains a Bitbucket token in plain text that Git doesn't need. Remove it, then rotate it on its page.",
      keys,
      name,
    );
  }
  return l10n.t(
    "{0} in {1} contains a token for {2} in plain text. Move it to secret storage, then rotate it: shell history may contain it too.",
    keys,
    name,
    repositories.map(fullName).join(", "),
  );
}

/** Where git signs in with them from here. Where it can do with the person's own helper, it goes on with that. */
function usedIn({ connections, ports }: Scene, places: Places): readonly RepositoryName[] {
  const all = uniqueRepositories(places.flatMap(({ repositories }) => repositories));
  const isHandedOver = (repository: RepositoryName) =>
    connections.some(
      (one) => one.gitAccess === "credentialHelper" && isSame(one, { ...ports.site, ...repository }),
    );
  return all.filter((repository) => !isHandedOver(repository));
}

async function repair(scene: Scene, places: Places, verdicts: readonly Verdict[]): Promise<Repair> {
  const used = usedIn(scene, places);
  const isAccepted = (repository: RepositoryName) =>
    places.some(({ token }) => {
      const verdict = findVerdict(verdicts, repository, token);
      return verdict !== undefined && !isUseless(verdict);
    });
  const repositories = used.filter(isAccepted);
  const work: PlacesOfFile = { file: places[0].file, places, repositories };
  const lines = await describeChanges(scene, work);
  if (repositories.length > 0) {
    const moves = l10n.t("Moves the token to VS Code's secret storage, where Git gets it from.");
    return {
      kind: "repair",
      title: l10n.t("Clean up"),
      preview: () => [moves, ...lines],
      apply: (signal) => moveSecrets(scene, work, signal),
    };
  }
  const goes =
    used.length > 0
      ? l10n.t("Bitbucket rejected the token, so it isn't stored.")
      : l10n.t("Git doesn't need the token here, so it isn't stored.");
  return {
    kind: "repair",
    title: l10n.t("Remove token"),
    preview: () => [goes, ...lines],
    apply: () => dropSecrets(scene, work),
  };
}

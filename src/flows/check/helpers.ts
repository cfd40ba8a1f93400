import * as l10n from "@vscode/l10n";
import { fullName, remoteUrl, type RepositoryName } from "../../bitbucket/site";
import { isSame } from "../../credentials/connectionStore";
import { helperName } from "../../git/connectionConfig";
import type { ConfigEdit } from "../../git/gitConfigText";
import { moveToEnd } from "../../git/onlyHelper";
import { changeConnected, describeEdit, describeHelper, hasEffect, editOf, helperPath } from "./configChange";
import type { Finding, Repair, Undo } from "./finding";
import { helpersFor, isHttpPathUsed, readSettings } from "../../git/gitSettings";
import { isReadable } from "./isReadable";
import type { Scene } from "./scene";

/** A repository that this one is connected to, and its clean URL, by which git's settings go. */
interface Served {
  readonly repository: RepositoryName;
  readonly url: string;
  /** Served by the editor, rather than by the person's own helper. */
  readonly isOurs: boolean;
}

/** Whether git asks the right helper, and it alone. */
export async function checkHelpers(scene: Scene): Promise<readonly Finding[]> {
  const found = await Promise.all(findServed(scene).map((served) => checkServed(scene, served)));
  return found.flat();
}

/** Known by the record of the connect, or by our helper in the config where another editor made it. */
function findServed({ urls, ports, connections, config }: Scene): readonly Served[] {
  const byUrl = new Map<string, Served>();
  for (const { address } of urls) {
    const { repository, isSsh } = address;
    if (!repository || isSsh) continue;
    const url = remoteUrl(ports.site, repository);
    const record = connections.find((one) => isSame(one, { ...ports.site, ...repository }));
    const isOurs =
      record?.gitAccess === "vscode" ||
      (config.get(`credential.${url}.helper`) ?? []).some((one) => one.includes(helperName));
    if (isOurs || record?.gitAccess === "credentialHelper") byUrl.set(url, { repository, url, isOurs });
  }
  return [...byUrl.values()];
}

async function checkServed(scene: Scene, served: Served): Promise<readonly Finding[]> {
  const pathFinding = isHttpPathUsed(scene.settings, served.url) ? [] : [httpPathMissing(scene, served)];
  if (!served.isOurs) return pathFinding;
  const helpers = helpersFor(scene.settings, served.url);
  const position = helpers.findIndex((helper) => helper.includes(helperName));
  if (position < 0) return [...pathFinding, await helperMissing(scene, served)];
  const stale = await findStale(scene, served, helpers[position] ?? "");
  return [...pathFinding, ...stale, ...(await othersBeside(scene, served, helpers, position))];
}

function httpPathMissing(scene: Scene, { repository, url }: Served): Finding {
  const edits = [editOf(scene.config, `credential.${url}.usehttppath`, ["true"])];
  return {
    id: "http-path-missing",
    severity: "error",
    message: l10n.t(
      "Git doesn't say which repository it signs in to (useHttpPath is off for {0}), so it gets no token. Turn it on.",
      fullName(repository),
    ),
    fix: setKeys(scene, l10n.t("Turn on useHttpPath"), edits),
  };
}

async function helperMissing(scene: Scene, served: Served): Promise<Finding> {
  return {
    id: "helper-missing",
    severity: "error",
    message: l10n.t(
      "{0} is connected, but Git's config no longer contains the helper that provides its token. Set it again.",
      fullName(served.repository),
    ),
    fix: await setHelper(scene, served, l10n.t("Set helper")),
  };
}

async function findStale(scene: Scene, served: Served, helper: string): Promise<readonly Finding[]> {
  const script = helperPath(helper);
  if (script !== undefined && (await isReadable(script))) return [];
  await scene.ports.prepareHelper(); // writes this editor's own, which may be the one
  if (script !== undefined && (await isReadable(script))) return [];
  return [
    {
      id: "helper-stale",
      severity: "error",
      message: l10n.t(
        "Git's config names a helper that doesn't exist ({0}), perhaps another editor's. Use this editor's helper.",
        script ?? describeHelper(helper),
      ),
      fix: await setHelper(scene, served, l10n.t("Use this editor")),
    },
  ];
}

async function othersBeside(
  scene: Scene,
  served: Served,
  helpers: readonly string[],
  position: number,
): Promise<readonly Finding[]> {
  const names = (some: readonly string[]) => some.map(describeHelper).join(", ");
  const [before, after] = [helpers.slice(0, position), helpers.slice(position + 1)];
  if (before.length + after.length === 0) return [];
  const fix = await setHelper(scene, served, l10n.t("Use only VS Code"));
  const name = fullName(served.repository);
  const first: Finding = {
    id: "helper-asked-first",
    severity: "warning",
    message: l10n.t(
      "For {0}, Git asks another credential helper first ({1}), which can answer with an older token. Use only VS Code.",
      name,
      names(before),
    ),
    fix,
  };
  const copy: Finding = {
    id: "helper-keeps-copy",
    severity: "warning",
    message: l10n.t(
      "For {0}, Git also gives the token to another credential helper ({1}), which can store it. Use only VS Code.",
      name,
      names(after),
    ),
    fix,
  };
  return [...(before.length > 0 ? [first] : []), ...(after.length > 0 ? [copy] : [])];
}

/** The empty value drops every helper that comes before. One that comes later stands below in the file. */
async function setHelper(scene: Scene, { url }: Served, title: string): Promise<Repair> {
  const { config, ports } = scene;
  const ours = await ports.prepareHelper();
  const edits = [
    editOf(config, `credential.${url}.helper`, ["", ours]),
    editOf(config, `credential.${url}.usehttppath`, ["true"]),
  ].filter(hasEffect);
  const last = l10n.t(
    'Moves the section [credential "{0}"] to the end of .git/config, where it takes precedence.',
    url,
  );
  const helpers = helpersFor(scene.settings, url);
  const position = helpers.findIndex((helper) => helper.includes(helperName));
  const mustMove = position >= 0 && position < helpers.length - 1;
  return {
    kind: "repair",
    title,
    preview: () => [...edits.map(describeEdit), ...(mustMove ? [last] : [])],
    apply: async () => ({ undo: await setAndMove(scene, url, edits) }),
  };
}

/** The undo of the edits brings the text back as a whole, so the order of the sections too. */
async function setAndMove(scene: Scene, url: string, edits: readonly ConfigEdit[]): Promise<Undo> {
  const { ports, commonDir, configFile, local } = scene;
  const undo = await changeConnected(ports, commonDir, configFile, edits);
  const helpers = helpersFor(await readSettings(ports.openGit, local.root), url);
  if (helpers.length > 1) await moveToEnd(configFile, url);
  return undo;
}

function setKeys(scene: Scene, title: string, edits: readonly ConfigEdit[]): Repair {
  const { ports, commonDir, configFile } = scene;
  return {
    kind: "repair",
    title,
    preview: () => edits.map(describeEdit),
    apply: async () => ({ undo: await changeConnected(ports, commonDir, configFile, edits) }),
  };
}

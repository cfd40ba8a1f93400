import * as l10n from "@vscode/l10n";
import { fullName } from "../../bitbucket/site";
import { tokenHint } from "../../bitbucket/token";
import { isSame } from "../../credentials/connectionStore";
import { cleanUpUrl, describeCleanUp, dropFromUrls, planCleanUps, type CleanUp } from "./cleanUpUrl";
import { findVerdict, isUseless, type Verdict } from "./askBitbucket";
import type { Finding, FindingId, Repair } from "./finding";
import type { Scene } from "./scene";
import type { TokenUrl } from "./tokenUrls";

/** Tokens in the URLs of remotes, branches and submodules: one repair for all those of one Bitbucket repository. */
export async function checkTokensInUrls(
  scene: Scene,
  verdicts: readonly Verdict[],
): Promise<readonly Finding[]> {
  const { tokenUrls } = scene;
  const ours = planCleanUps(tokenUrls).map((cleanUp) => describe(scene, cleanUp, verdicts));
  const others = tokenUrls.filter(({ repository }) => !repository);
  return [...(await Promise.all(ours)).flat(), ...others.map(onOtherHost)];
}

async function describe(
  scene: Scene,
  cleanUp: CleanUp,
  verdicts: readonly Verdict[],
): Promise<readonly Finding[]> {
  const isOfUse = cleanUp.places.some(({ token }) => {
    const verdict = findVerdict(verdicts, cleanUp.repository, token);
    return !verdict || !isUseless(verdict);
  });
  const lines = await describeCleanUp(scene.ports, scene.local, cleanUp, isOfUse);
  const kept = await scene.ports.tokens.stored(scene.ports.site, cleanUp.repository);
  const isOther = kept !== undefined && !cleanUp.places.some(({ token }) => token.secret === kept.secret);
  const fix = isOfUse ? moveToken(scene, cleanUp, lines, isOther) : dropToken(scene, cleanUp, lines);
  const severity = isChosen(scene, cleanUp) ? "warning" : "error";
  const ids: readonly (readonly [TokenUrl["where"], FindingId])[] = [
    ["url", "token-in-url"],
    ["pushUrl", "token-in-push-url"],
    ["submodule", "token-in-submodule"],
  ];
  const found = ids.flatMap(([where, id]): Finding[] => {
    const places = cleanUp.places.filter((place) => place.where === where);
    return places.length > 0 ? [{ id, severity, message: messageOf(id, cleanUp, places), fix }] : [];
  });
  const isAppPassword = cleanUp.places.some(({ token }) => tokenHint(token.secret) === "appPassword");
  return isAppPassword ? [...found, appPassword(cleanUp, fix)] : found;
}

/** The person connected with the token in the URL, behind a warning. */
function isChosen({ connections, ports }: Scene, { repository }: CleanUp): boolean {
  return connections.some(
    (one) => one.gitAccess === "remoteUrl" && isSame(one, { ...ports.site, ...repository }),
  );
}

function messageOf(id: FindingId, { repository }: CleanUp, places: readonly TokenUrl[]): string {
  const name = fullName(repository);
  const names = [...new Set(places.map(nameOf))].join(", ");
  if (id === "token-in-submodule") {
    return l10n.t(
      "A submodule's URL contains a token for {0} in plain text ({1}). Move it to secret storage, then rotate it: shell history and .gitmodules commits may contain it.",
      name,
      names,
    );
  }
  const address = id === "token-in-push-url" ? l10n.t("push URL") : l10n.t("URL");
  return l10n.t(
    "The {0} of {1} contains a token for {2} in plain text. Move it to secret storage, then rotate it: shell history may contain it.",
    address,
    names,
    name,
  );
}

/** `origin` of `remote.origin.url`; the whole key where it is no remote's. */
function nameOf({ key, configFile, gitDir }: TokenUrl): string {
  if (gitDir === undefined) return ".gitmodules";
  const inModules = /[/\\]modules[/\\](.+)[/\\]config$/.exec(configFile.file)?.[1];
  return inModules ?? /^(?:remote|submodule)\.(.+)\.\w+$/.exec(key)?.[1] ?? key;
}

function moveToken(
  { ports, local }: Scene,
  cleanUp: CleanUp,
  lines: readonly string[],
  isOtherKept: boolean,
): Repair {
  const moved = l10n.t("Moves the token to VS Code's secret storage, where Git gets it from.");
  const better = l10n.t(
    "VS Code's secret storage already contains a token. The one with more access is stored, and Git gets it from there.",
  );
  return {
    kind: "repair",
    title: l10n.t("Clean up"),
    preview: () => [isOtherKept ? better : moved, ...lines],
    apply: (signal) => cleanUpUrl(ports, local, cleanUp, signal),
  };
}

function dropToken({ ports, local }: Scene, cleanUp: CleanUp, lines: readonly string[]): Repair {
  return {
    kind: "repair",
    title: l10n.t("Remove token"),
    preview: () => [l10n.t("Bitbucket rejected the token, so it isn't stored."), ...lines],
    apply: () => dropFromUrls(ports, local, cleanUp),
  };
}

function appPassword({ repository }: CleanUp, fix: Repair): Finding {
  return {
    id: "app-password",
    severity: "error",
    message: l10n.t(
      "The URL of {0} contains an app password. These stopped working on July 28, 2026. Remove it and connect with an access token.",
      fullName(repository),
    ),
    fix,
  };
}

function onOtherHost(place: TokenUrl): Finding {
  return {
    id: "token-in-other-url",
    severity: "warning",
    message: l10n.t(
      "The URL of {0} ({1}) contains a plain-text password. This extension only changes Bitbucket URLs: remove it with Git, and use a credential helper.",
      nameOf(place),
      place.displayUrl,
    ),
  };
}

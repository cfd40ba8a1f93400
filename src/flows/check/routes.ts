import * as l10n from "@vscode/l10n";
import { readRemoteUrl } from "../../bitbucket/address";
import { fullName, type RepositoryName } from "../../bitbucket/site";
import { rewrite, type GitSetting } from "../../git/gitSettings";
import type { RemoteReading } from "../../git/remoteReading";
import type { Finding, FindingFix } from "./finding";
import type { Scene } from "./scene";

/** Where Git pushes to, where that is another place than the remote's URL says, or more than one. */
export function checkRoutes(scene: Scene): readonly Finding[] {
  const { target, elsewhere } = scene.route;
  if (!target) return [];
  return [
    ...(elsewhere ? [pushesElsewhere(elsewhere)] : []),
    ...(target.others.length > 0
      ? [pushesToSeveral(target.remote, [target.displayUrl, ...target.others])]
      : []),
    ...scene.remotes.flatMap((remote) => pushIsRewritten(scene, remote) ?? []),
  ];
}

function pushesElsewhere({
  remote,
  displayUrl,
}: {
  readonly remote: string;
  readonly displayUrl: string;
}): Finding {
  return {
    id: "pushes-elsewhere",
    severity: "warning",
    message: l10n.t(
      "Git pushes this branch to {0} ({1}), which isn't on Bitbucket. Choose where to push.",
      remote,
      displayUrl,
    ),
  };
}

function pushesToSeveral(remote: string, urls: readonly string[]): Finding {
  return {
    id: "pushes-to-several",
    severity: "information",
    message: l10n.t("A push to {0} goes to several places: {1}.", remote, urls.join(", ")),
  };
}

/** A rule sends what is fetched from Bitbucket by HTTPS elsewhere when it is pushed, or over SSH: no token counts there. */
function pushIsRewritten(scene: Scene, { name, pushUrls }: RemoteReading): Finding | undefined {
  const { settings, ports } = scene;
  const configured = settings.findLast(({ key }) => key === `remote.${name}.url`)?.value ?? "";
  const { repository, isSsh } = readRemoteUrl(configured, ports.site);
  if (!repository || isSsh) return undefined;
  const rule =
    rewrite(settings, "pushinsteadof", configured).rule ?? rewrite(settings, "insteadof", configured).rule;
  const pushed = pushUrls
    .map((url) => readRemoteUrl(url, ports.site))
    .find((one) => one.isSsh || !one.repository);
  if (!rule || !pushed) return undefined;
  return {
    id: "push-rewritten",
    severity: "warning",
    message: l10n.t(
      "A rule sends pushes for {0} to {1} instead: {2} in {3}. Connect the repository to exclude it from the rule.",
      name,
      pushed.displayUrl,
      `url.….${rule.key.endsWith(".pushinsteadof") ? "pushInsteadOf" : "insteadOf"}`,
      placeOf(rule),
    ),
    fix: connect(scene, name, repository),
  };
}

function placeOf({ file }: GitSetting): string {
  return file ?? l10n.t("the environment");
}

function connect({ local }: Scene, remote: string, repository: RepositoryName): FindingFix {
  const title = l10n.t("Connect repository");
  const argument = { folder: local.root, remote, repository: fullName(repository) };
  return {
    kind: "lead",
    title,
    fix: { kind: "runCommand", title, command: "bitbucketConnect.connectRepository", args: [argument] },
  };
}

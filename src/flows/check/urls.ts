import * as l10n from "@vscode/l10n";
import { fullName, remoteUrl } from "../../bitbucket/site";
import { changeConnected, describeEdit, hasEffect } from "./configChange";
import type { Finding, FindingFix, Repair } from "./finding";
import { planServing, replaceUrls, serveFromEditor } from "./serveFromEditor";
import type { RemoteUrl, Scene } from "./scene";

/** What a remote's address is, besides a token in it. */
export async function checkUrls(scene: Scene): Promise<readonly Finding[]> {
  if (!scene.subject) return [noBitbucketRemote(scene)];
  const found = await Promise.all(scene.urls.map((url) => checkUrl(scene, url)));
  return found.flat();
}

async function checkUrl(scene: Scene, url: RemoteUrl): Promise<readonly Finding[]> {
  const { repository, secret, userName, isSsh, isPlainHttp } = url.address;
  if (!repository || secret !== undefined) return [];
  if (isPlainHttp) return [plainHttp(scene, url)];
  if (isSsh) return [await sshRemote(scene, url)];
  if (userName !== undefined) return [userNameInUrl(scene, url)];
  return isKnownOtherwise(scene, url) ? [unusualUrl(scene, url)] : [];
}

function plainHttp(scene: Scene, url: RemoteUrl): Finding {
  return {
    id: "plain-http",
    severity: "error",
    message: l10n.t(
      "The URL of {0} uses http, which exposes the token to the network. Use https.",
      url.remote,
    ),
    fix: cleanUrl(scene, url, l10n.t("Use https")),
  };
}

function userNameInUrl(scene: Scene, url: RemoteUrl): Finding {
  return {
    id: "user-name-in-url",
    severity: "warning",
    message: l10n.t(
      "The URL of {0} contains a user name, so Git asks for that user's password instead of a stored token. Remove the user name.",
      url.remote,
    ),
    fix: cleanUrl(scene, url, l10n.t("Remove user name")),
  };
}

/** git looks up its settings by the address as it is spelled: without `.git` it is another one. */
function isKnownOtherwise({ ports, config }: Scene, { value, address }: RemoteUrl): boolean {
  if (!address.repository) return false;
  const clean = remoteUrl(ports.site, address.repository);
  return value !== clean && config.has(`credential.${clean}.helper`);
}

function unusualUrl(scene: Scene, url: RemoteUrl): Finding {
  return {
    id: "unusual-url",
    severity: "warning",
    message: l10n.t(
      "The URL of {0} has changed since it was connected, so Git can't find its token. Correct it.",
      url.remote,
    ),
    fix: cleanUrl(scene, url, l10n.t("Correct the URL")),
  };
}

function cleanUrl(scene: Scene, { key, value, address }: RemoteUrl, title: string): Repair {
  const { ports, config, configFile, commonDir, local } = scene;
  const clean = address.repository ? remoteUrl(ports.site, address.repository) : value;
  const edits = replaceUrls(config, [{ key, value }], clean);
  return {
    kind: "repair",
    title,
    preview: () => edits.map(describeEdit),
    apply: async () => {
      const undo = await changeConnected(ports, commonDir, configFile, edits);
      await local.refresh();
      return { undo };
    },
  };
}

/** Nothing is wrong with SSH; but no token serves it. With one kept here, it can be served at once. */
async function sshRemote(scene: Scene, url: RemoteUrl): Promise<Finding> {
  const { ports } = scene;
  const { repository } = url.address;
  const kept = repository && (await ports.tokens.get(ports.site, repository));
  return {
    id: "ssh-remote",
    severity: "information",
    message: l10n.t(
      "{0} uses SSH, so Git signs in with your SSH key, not an access token. Switch to HTTPS to use a token.",
      url.remote,
    ),
    fix: kept ? await switchToHttps(scene, url) : leadToConnect(scene, url),
  };
}

async function switchToHttps(scene: Scene, { key, value, address }: RemoteUrl): Promise<Repair> {
  const { ports, local, commonDir: gitDir, configFile } = scene;
  const { repository } = address;
  if (!repository) throw new Error("the remote is on Bitbucket");
  const target = { repository, gitDir, configFile, urls: [{ key, value }] };
  const edits = (await planServing(ports, local, target)).filter(hasEffect);
  return {
    kind: "repair",
    title: l10n.t("Switch to HTTPS"),
    preview: () => edits.map(describeEdit),
    apply: async () => {
      const undo = await serveFromEditor(ports, local, target);
      await local.refresh();
      return { undo };
    },
  };
}

function leadToConnect({ local }: Scene, { remote, address }: RemoteUrl): FindingFix {
  const repository = address.repository && fullName(address.repository);
  const title = l10n.t("Connect repository");
  const argument = { folder: local.root, remote, ...(repository && { repository }) };
  return {
    kind: "lead",
    title,
    fix: { kind: "runCommand", title, command: "bitbucketConnect.connectRepository", args: [argument] },
  };
}

function noBitbucketRemote({ local }: Scene): Finding {
  const title = l10n.t("Connect repository");
  return {
    id: "no-bitbucket-remote",
    severity: "information",
    message: l10n.t("This repository doesn't have a remote on Bitbucket. Connect it first."),
    fix: {
      kind: "lead",
      title,
      fix: {
        kind: "runCommand",
        title,
        command: "bitbucketConnect.connectRepository",
        args: [{ folder: local.root }],
      },
    },
  };
}

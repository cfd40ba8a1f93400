import * as l10n from "@vscode/l10n";
import { readRemoteUrl } from "../../bitbucket/address";
import { fullName, uniqueRepositories, type RepositoryName } from "../../bitbucket/site";
import { isSame } from "../../credentials/connectionStore";
import { findCommonDir } from "../../git/commonDir";
import { inSentence } from "../../inSentence";
import { PlainRepository } from "../../git/plainRepository";
import { disconnectRepository } from "../connect/disconnectRepository";
import { fetchSubmodules, listSubmodules, type BitbucketSubmodule } from "../submodules/fetchSubmodules";
import type { Finding, Repair, Undo } from "./finding";
import type { Scene } from "./scene";

/** Submodules on Bitbucket where Git would ask for a password. Whether a token serves one, Bitbucket tells at the repair. */
export async function checkSubmodules(scene: Scene): Promise<readonly Finding[]> {
  const { ports, local } = scene;
  const served: BitbucketSubmodule[] = [];
  const lacking: RepositoryName[] = [];
  for (const one of await listSubmodules(ports, local.root)) {
    if (await isServed(scene, one)) continue;
    const candidates = await ports.tokens.candidates(ports.site, one.repository);
    if (candidates.length > 0) served.push(one);
    else lacking.push(one.repository);
  }
  return [
    ...(served.length > 0 ? [notConnected(scene, served)] : []),
    ...(lacking.length > 0 ? [withoutToken(lacking)] : []),
  ];
}

/** By its connection, by SSH, or by a token in its URL, which is a finding of its own. */
async function isServed(
  { ports }: Scene,
  { root, isCloned, repository }: BitbucketSubmodule,
): Promise<boolean> {
  if (!isCloned) return false;
  const records = await ports.connections.get(await findCommonDir(root));
  if (records.some((one) => isSame(one, { ...ports.site, ...repository }))) return true;
  const { remotes } = await ports.readRepository(root);
  return remotes.every(
    ({ fetchUrl }) => !/^https?:/i.test(fetchUrl) || readRemoteUrl(fetchUrl, ports.site).secret !== undefined,
  );
}

function notConnected(scene: Scene, served: readonly BitbucketSubmodule[]): Finding {
  const names = inSentence(served.map(({ path }) => path));
  return {
    id: "submodule-not-connected",
    severity: "information",
    message: l10n.t(
      "Git asks for a password in these submodules: {0}. Connect them with a stored token.",
      names,
    ),
    fix: connectThem(scene, served),
  };
}

function connectThem({ ports, local, connections }: Scene, served: readonly BitbucketSubmodule[]): Repair {
  const gitAccess = connections[0]?.gitAccess ?? "vscode";
  return {
    kind: "repair",
    title: l10n.t("Connect submodules"),
    preview: () => served.map(({ path, repository }) => `${path} → ${fullName(repository)}`),
    apply: async (signal) => {
      const before = await ports.connections.list();
      await fetchSubmodules(ports, local.root, { gitAccess, signal, report: () => undefined });
      signal.throwIfAborted();
      const undo: Undo = async () => {
        const known = new Set(before.map(({ commonDir }) => commonDir));
        const made = (await ports.connections.list()).filter(({ commonDir }) => !known.has(commonDir));
        for (const one of made.filter((record) => isOneOf(record, served)))
          await disconnectRepository(ports, new PlainRepository(one.commonDir, ports.openGit), one, false);
      };
      return { undo };
    },
  };
}

function isOneOf(
  record: RepositoryName & { readonly webUrl: string },
  served: readonly BitbucketSubmodule[],
) {
  return served.some(({ repository }) => isSame(record, { webUrl: record.webUrl, ...repository }));
}

function withoutToken(lacking: readonly RepositoryName[]): Finding {
  const title = l10n.t("Add token");
  const [first] = lacking;
  return {
    id: "submodule-without-token",
    severity: "warning",
    message: l10n.t(
      "No stored token can access these submodules: {0}.",
      inSentence(uniqueRepositories(lacking).map(fullName)),
    ),
    fix: {
      kind: "lead",
      title,
      fix: {
        kind: "runCommand",
        title,
        command: "bitbucketConnect.addToken",
        args: first ? [{ repository: fullName(first) }] : [],
      },
    },
  };
}
